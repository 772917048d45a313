import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { cityQuery } from "~/api/queries";
import { dateTime, won } from "~/design/figures";
import { Trouble } from "~/design/page";
import { DropFile } from "~/ledger/drop";
import proof from "~/ledger/ledger.module.css";
import { useLanguage, useWords } from "~/words/language";
import { bring, drawCode, slipFile, type SlipFile } from "./queries";
import { abroadWords } from "./words";

/** A code to be named at home, and then the file that shows what was paid there. */
export function Bring() {
  const t = useWords(abroadWords);
  return (
    <div className={proof.proof}>
      <section className={proof.part}>
        <h3>{t("step1")}</h3>
        <p className={proof.fine}>{t("step1Help")}</p>
        <Draw />
      </section>
      <section className={proof.part}>
        <h3>{t("step2")}</h3>
        <Show />
      </section>
    </div>
  );
}

function Draw() {
  const t = useWords(abroadWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  const [isCopied, setCopied] = useState(false);
  const draw = useMutation({ mutationFn: drawCode, onSuccess: () => setCopied(false) });
  const { data } = draw;
  return (
    <>
      {data && (
        <>
          <code className={proof.code}>{data.code}</code>
          <p className={proof.fine}>
            {t("codeUntil", { until: dateTime(data.until, language, zone) })}
          </p>
        </>
      )}
      <div className={proof.row}>
        {data && (
          <Button
            variant="default"
            onClick={() => {
              void navigator.clipboard.writeText(data.code).then(() => setCopied(true));
            }}
          >
            {t("copy")}
          </Button>
        )}
        <Button
          variant={data ? "default" : "filled"}
          loading={draw.isPending}
          onClick={() => draw.mutate()}
        >
          {t("draw")}
        </Button>
        <span role="status" className={proof.fine}>
          {isCopied && t("copied")}
        </span>
      </div>
      {draw.error && <Trouble error={draw.error} />}
    </>
  );
}

function Show() {
  const t = useWords(abroadWords);
  const { language } = useLanguage();
  const queries = useQueryClient();
  const [isNone, setNone] = useState(false);
  const arrive = useMutation({
    mutationFn: (file: SlipFile) => bring(file),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["me"] }),
  });
  const read = async (file: File) => {
    const found = slipFile(await file.text());
    setNone(!found);
    arrive.reset();
    if (found) arrive.mutate(found);
  };
  return (
    <>
      <DropFile
        prompt={t("drop")}
        accept=".json,application/json"
        onFile={(one) => void read(one)}
      />
      {isNone && <p role="alert">{t("unreadable")}</p>}
      {arrive.data && (
        <p role="status">
          {t(arrive.data.is_new ? "arrived" : "before", {
            amount: won(arrive.data.amount_won, language),
          })}
        </p>
      )}
      {arrive.error && <Trouble error={arrive.error} />}
    </>
  );
}
