/** Whether the books agree, asked again every few seconds. */
import { useQuery } from "@tanstack/react-query";
import { number, won } from "~/design/figures";
import { Icon } from "~/design/icons";
import { Loaded } from "~/design/page";
import type { components } from "~/api/schema";
import { useLanguage, useWords } from "~/words/language";
import styles from "../money.module.css";
import report from "../report.module.css";
import { shortName } from "../names";
import { Figures } from "../parts";
import { queueQuery, reconciliationQuery } from "../queries";
import { treasuryWords } from "./words";

type Told = components["schemas"]["Reconciliation"];

export function Reconciliation() {
  const t = useWords(treasuryWords);
  const told = useQuery(reconciliationQuery);
  return (
    <section className={styles.form} aria-label={t("reconciliation")}>
      <h2>{t("reconciliation")}</h2>
      <Loaded from={told} lines={2} height={90}>
        {(now) => <Agreement told={now} />}
      </Loaded>
      <p className={styles.fine}>{t("live")}</p>
    </section>
  );
}

function Agreement({ told }: { told: Told }) {
  const t = useWords(treasuryWords);
  const { language } = useLanguage();
  const queue = useQuery(queueQuery).data;
  const say = (value: number) => won(value, language);
  const holds = told.differences.length === 0;
  const waiting_won = (queue?.waiting_won ?? 0) + (queue?.sent_won ?? 0);
  const [issued, returned, circulating] = [
    say(told.issued_won),
    say(told.returned_won),
    say(told.circulating_won),
  ];
  return (
    <>
      <p role="status" className={report.verdict} data-holds={holds}>
        <Icon name={holds ? "check" : "warning"} />
        {t(holds ? "holds" : "differs")}
      </p>
      <Figures
        of={[
          [t("sum"), say(told.sum_won)],
          [t("circulating"), circulating],
          [t("bank"), say(told.circulating_won + waiting_won)],
          [t("issued"), issued],
          [t("returned"), returned],
          [t("held"), say(told.held_won)],
          [t("accounts"), t("count", { count: number(told.accounts, language) })],
        ]}
      />
      <p className={styles.fine}>{t("equal", { issued, returned, circulating })}</p>
      <p className={styles.fine}>{t("bankHow", { circulating, waiting: say(waiting_won) })}</p>
      {!holds && <Differences told={told} />}
    </>
  );
}

function Differences({ told }: { told: Told }) {
  const t = useWords(treasuryWords);
  const { language } = useLanguage();
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls by keys
    <div className={styles.wide} role="region" aria-label={t("differs")} tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t("what")}</th>
            <th scope="col">{t("account")}</th>
            <th scope="col" data-number>
              {t("book")}
            </th>
            <th scope="col" data-number>
              {t("transfers")}
            </th>
          </tr>
        </thead>
        <tbody>
          {told.differences.map((one) => (
            <tr key={`${one.what} ${one.account ?? ""}`}>
              <td>{one.what}</td>
              <td>{one.account ? shortName(one.account) : ""}</td>
              <td data-number>{won(one.book_won, language)}</td>
              <td data-number>{won(one.transfers_won, language)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
