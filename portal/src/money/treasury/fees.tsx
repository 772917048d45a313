/** The white paper's comparison, from the payments that were really made. */
import { number, won } from "~/design/figures";
import { useLanguage, useWords } from "~/words/language";
import styles from "../money.module.css";
import { treasuryWords } from "./words";

export interface Compared {
  payments: number;
  paid_won: number;
  card_fees_won: number;
  card_company_won: number;
  network_won: number;
  /** By the white paper's share; left out where only what was given counts. */
  points_won?: number;
  points_paid_won: number;
}

export function FeesByCard({ of }: { of: Compared }) {
  const t = useWords(treasuryWords);
  const { language } = useLanguage();
  const say = (value: number) => won(value, language);
  const rows: readonly [string, number, number][] = [
    [t("shopPays"), of.card_fees_won, 0],
    [`· ${t("toCard")}`, of.card_company_won, 0],
    [`· ${t("toNetwork")}`, of.network_won, 0],
    [t("shopGets"), of.paid_won - of.card_fees_won, of.paid_won],
    ...(of.points_won === undefined
      ? []
      : [[t("pointsPaper"), 0, of.points_won] as [string, number, number]]),
    [t("pointsReal"), 0, of.points_paid_won],
  ];
  return (
    <section className={styles.form} aria-label={t("fees")}>
      <h2>{t("fees")}</h2>
      <p>{t("feesOf", { count: number(of.payments, language), paid: say(of.paid_won) })}</p>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls by keys */}
      <div className={styles.wide} role="region" aria-label={t("shopPays")} tabIndex={0}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t("what")}</th>
              <th scope="col" data-number>
                {t("byCard")}
              </th>
              <th scope="col" data-number>
                {t("byCurrency")}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, card, currency]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td data-number>{say(card)}</td>
                <td data-number>{say(currency)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className={styles.fine}>{t("feesLead")}</p>
      <p className={styles.fine}>{t("source")}</p>
    </section>
  );
}
