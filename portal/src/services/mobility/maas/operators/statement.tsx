/** One statement: what it says, paying it, and the payments that it is made of. */
import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { cityQuery } from "~/api/queries";
import { dateTime, number, signedWon, won } from "~/design/figures";
import { Dialog } from "~/design/dialog";
import { Trouble } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import { saveTable } from "./csv";
import styles from "./operators.module.css";
import { nameOf, readLines, usePay, type Statement } from "./queries";
import { settlementWords } from "./settlement-words";
import { dueOf, lineTable } from "./tables";

export function OneStatement({ statement, title }: { statement: Statement; title: string }) {
  const t = useWords(settlementWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  const { id, month, made_at, paid_by } = statement;
  const due = dueOf(statement);
  const lines = useMutation({
    mutationFn: async () => saveTable(lineTable(await readLines(id), t), `${nameOf(id)}.csv`),
  });
  return (
    <article aria-label={`${title} ${month} ${String(statement.number)}`}>
      <h3>
        {title}{" "}
        <span className={styles.chip} data-state={due}>
          {t(due)}
        </span>
      </h3>
      <p className={styles.soft}>
        {t("number", { month, number: statement.number })} ·{" "}
        {t("madeAt", { when: dateTime(made_at, language, zone) })}
        {paid_by && ` · ${t("transfer", { name: nameOf(paid_by) })}`}
      </p>
      <Amounts statement={statement} />
      <div className={styles.buttons}>
        {due === "open" && <Pay statement={statement} title={title} />}
        <Button
          size="sm"
          variant="default"
          loading={lines.isPending}
          onClick={() => lines.mutate()}
        >
          {t("csvLines")}
        </Button>
      </div>
      {lines.error && <Trouble error={lines.error} />}
    </article>
  );
}

function Amounts({ statement }: { statement: Statement }) {
  const t = useWords(settlementWords);
  const { language } = useLanguage();
  const { legs, gross_won, refunds_won, fee_won, carried_won, due_won } = statement;
  const amounts = [
    ["gross", gross_won],
    ["refunds", -refunds_won],
    ["fee", -fee_won],
    ["carried", carried_won],
    ["net", due_won],
  ] as const;
  return (
    <dl className={styles.facts}>
      <div>
        <dt>{t("rides")}</dt>
        <dd>{t("count", { count: number(legs, language) })}</dd>
      </div>
      {amounts
        .filter(([what, amount_won]) => what === "gross" || what === "net" || amount_won !== 0)
        .map(([what, amount_won]) => (
          <div key={what} data-strong={what === "net"}>
            <dt>{t(what)}</dt>
            <dd>{amount_won < 0 ? signedWon(amount_won, language) : won(amount_won, language)}</dd>
          </div>
        ))}
    </dl>
  );
}

function Pay({ statement, title }: { statement: Statement; title: string }) {
  const t = useWords(settlementWords);
  const { language } = useLanguage();
  const [isAsking, setAsking] = useState(false);
  const pay = usePay();
  const close = () => setAsking(false);
  const amount = won(statement.due_won, language);
  return (
    <>
      <Button size="sm" onClick={() => setAsking(true)}>
        {t("pay")}
      </Button>
      <Dialog opened={isAsking} onClose={close} title={title}>
        <p>{t("paySure", { who: title, amount })}</p>
        {pay.error && <Trouble error={pay.error} />}
        <div className={styles.buttons}>
          <Button size="sm" loading={pay.isPending} onClick={() => pay.mutate(statement.id)}>
            {t("pay")}
          </Button>
          <Button size="sm" variant="default" onClick={close}>
            {t("cancel")}
          </Button>
        </div>
      </Dialog>
    </>
  );
}
