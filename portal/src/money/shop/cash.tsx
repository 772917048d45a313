/** A shop's money to its bank account. */
import { useQuery } from "@tanstack/react-query";
import { answer, city, once } from "~/api/client";
import { cityQuery } from "~/api/queries";
import { dateTime, won } from "~/design/figures";
import { Loaded, Panel } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import { FieldsForm } from "../form";
import styles from "../money.module.css";
import { Line } from "../parts";
import { cashOutsQuery } from "../queries";
import { moneyWords } from "../words";
import { shopWords } from "./words";

export function CashOuts({ shop }: { shop: string }) {
  const t = useWords(shopWords);
  const m = useWords(moneyWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  const waiting = useQuery(cashOutsQuery(shop));
  return (
    <Panel>
      <div className={styles.parts}>
        <FieldsForm
          title={t("cash")}
          lead={t("cashHelp")}
          fields={[
            { name: "amount", label: m("amount"), kind: "won" },
            { name: "name", label: t("name"), max: 70 },
            { name: "bank", label: t("bank"), help: t("bankHelp"), max: 11 },
            { name: "account", label: t("bankAccount"), max: 34 },
          ]}
          verb={t("cashOut")}
          again
          done={t("cashed")}
          refresh={[["me"]]}
          send={(said) =>
            answer(
              city.POST("/api/shops/{shop}/cash-outs", {
                params: { path: { shop } },
                body: {
                  amount_won: said.whole("amount"),
                  name: said.text("name"),
                  bank: said.text("bank").toUpperCase(),
                  bank_account: said.text("account"),
                },
                ...once(said.key),
              }),
            )
          }
        />
        <Loaded from={waiting} lines={1}>
          {(all) =>
            all.length > 0 ? (
              <section className={styles.form} aria-label={t("waiting")}>
                <h3>{t("waiting")}</h3>
                <ul className={styles.list}>
                  {all.map((one) => (
                    <Line
                      key={one.id}
                      title={won(one.amount_won, language)}
                      state={t(one.state === "sent" ? "sent" : "settled")}
                      facts={[
                        `${one.bank} ${one.bank_account} · ${one.name}`,
                        dateTime(one.asked_at, language, zone),
                      ]}
                    />
                  ))}
                </ul>
              </section>
            ) : null
          }
        </Loaded>
      </div>
    </Panel>
  );
}
