import { Button, NumberInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { cityQuery } from "~/api/queries";
import { dateTime, won } from "~/design/figures";
import { Trouble } from "~/design/page";
import { saveFile } from "~/design/save-file";
import styles from "~/me/me.module.css";
import { useLanguage, useWords } from "~/words/language";
import { fileOf, slipsQuery, type Slip } from "./queries";
import { abroadWords } from "./words";

/** What was taken along and is not settled yet. */
export function Slips() {
  const t = useWords(abroadWords);
  const slips = useQuery(slipsQuery).data ?? [];
  if (slips.length === 0) return null;
  return (
    <section className={styles.section} aria-label={t("mine")}>
      <h2>{t("mine")}</h2>
      <p className={styles.source}>{t("mineHelp")}</p>
      <ul className={styles.rows}>
        {slips.map((slip) => (
          <Line key={slip.id} slip={slip} />
        ))}
      </ul>
    </section>
  );
}

function Line({ slip }: { slip: Slip }) {
  const t = useWords(abroadWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  const [seen, setSeen] = useState<number | string>("");
  const amount = won(slip.amount_won, language);
  const save = useMutation({
    mutationFn: async () => {
      const file = await fileOf(slip.id, typeof seen === "number" ? seen : null);
      saveFile(new Blob([JSON.stringify(file)], { type: "application/json" }), "money-abroad.json");
    },
  });
  return (
    <li>
      <span>{amount}</span>
      <Button
        size="sm"
        aria-label={t("saveWhat", { amount })}
        loading={save.isPending}
        onClick={() => save.mutate()}
      >
        {t("save")}
      </Button>
      <small>
        {dateTime(slip.at, language, zone)} ·{" "}
        {t("until", { until: dateTime(slip.until, language, zone) })}
      </small>
      <div className={styles.whole}>
        <span role="status">
          {save.isPending && t("waiting")}
          {save.isSuccess && t("saved")}
        </span>
        {save.error && <Trouble error={save.error} />}
        <details>
          <summary>{t("seen")}</summary>
          <NumberInput
            label={t("seen")}
            description={t("seenHelp")}
            value={seen}
            onChange={setSeen}
            min={0}
            allowDecimal={false}
            hideControls
          />
        </details>
      </div>
    </li>
  );
}
