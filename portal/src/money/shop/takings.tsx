/** What a shop took on a day, by hour, and its payments with what can still be given back. */
import { TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { cityQuery } from "~/api/queries";
import type { components } from "~/api/schema";
import { number, timeOfDay, won } from "~/design/figures";
import { Empty, Loaded, Panel } from "~/design/page";
import { giveBack } from "~/me/pay/queries";
import { useLanguage, useWords } from "~/words/language";
import { FieldsForm } from "../form";
import { dayOf } from "../instants";
import styles from "../money.module.css";
import { Figures, Line, Lines, Opened } from "../parts";
import { takingsQuery } from "../queries";
import { FeesByCard } from "../treasury/fees";
import { useNameOf } from "../use-names";
import { moneyWords } from "../words";
import { shopWords } from "./words";

type Took = components["schemas"]["ShopTakings"];

export function Takings({ shop }: { shop: string }) {
  const t = useWords(shopWords);
  const zone = useQuery(cityQuery).data?.time_zone ?? "Asia/Seoul";
  const [day, setDay] = useState("");
  const chosen = day || dayOf(new Date(), zone);
  const takings = useQuery(takingsQuery(shop, chosen));
  return (
    <>
      <Panel>
        <section className={styles.form} aria-label={t("takings")}>
          <h2>{t("takings")}</h2>
          <TextInput
            type="date"
            label={t("day")}
            value={chosen}
            onChange={({ currentTarget }) => setDay(currentTarget.value)}
          />
          <Loaded from={takings} lines={2}>
            {(took) => <Sums took={took} />}
          </Loaded>
        </section>
      </Panel>
      {takings.data && takings.data.payments > 0 && (
        <>
          <Panel>
            <FeesByCard
              of={{
                payments: takings.data.payments,
                paid_won: Math.max(0, takings.data.net_won),
                card_fees_won: takings.data.card_fees_won,
                card_company_won: takings.data.card_company_won,
                network_won: takings.data.network_won,
                points_paid_won: takings.data.points_won,
              }}
            />
          </Panel>
          <h2>{t("list")}</h2>
          <Lines of={takings.data.newest} label={t("list")} none="" noneDetail="">
            {(one) => <Payment key={one.transfer} shop={shop} one={one} />}
          </Lines>
        </>
      )}
    </>
  );
}

function Sums({ took }: { took: Took }) {
  const t = useWords(shopWords);
  const { language } = useLanguage();
  if (took.payments === 0 && took.refunds === 0) {
    return <Empty icon="wallet" title={t("none")} detail={t("noneDetail")} />;
  }
  return (
    <>
      <Figures
        of={[
          [t("payments"), t("count", { count: number(took.payments, language) })],
          [t("taken"), won(took.taken_won, language)],
          [
            t("refunds", { count: number(took.refunds, language) }),
            won(took.refunded_won, language),
          ],
          [t("net"), won(took.net_won, language)],
          ...(took.vouchers_won > 0
            ? [[t("vouchers"), won(took.vouchers_won, language)] as const]
            : []),
        ]}
      />
      <Hours took={took} />
      {!took.is_whole && <p className={styles.fine}>{t("more")}</p>}
    </>
  );
}

function Hours({ took }: { took: Took }) {
  const t = useWords(shopWords);
  const { language } = useLanguage();
  const most = Math.max(1, ...took.hours.map(({ taken_won }) => taken_won));
  return (
    <section className={styles.form} aria-label={t("byHour")}>
      <h3>{t("byHour")}</h3>
      <div className={styles.bars}>
        {took.hours.map(({ hour, payments, taken_won }) => (
          <Hour
            key={hour}
            name={t("hour", { hour })}
            share={taken_won / most}
            told={t("hourOf", {
              count: t("count", { count: number(payments, language) }),
              amount: won(taken_won, language),
            })}
          />
        ))}
      </div>
    </section>
  );
}

function Hour({ name, share, told }: { name: string; share: number; told: string }) {
  return (
    <>
      <span>{name}</span>
      <i style={{ width: `${share * 100}%` }} aria-hidden="true" />
      <span>{told}</span>
    </>
  );
}

export function Payment({ shop, one }: { shop: string; one: Took["newest"][number] }) {
  const t = useWords(shopWords);
  const m = useWords(moneyWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  const name = useNameOf()(shop);
  const left = one.amount_won - one.refunded_won;
  const title = `${timeOfDay(one.at, language, zone)} · ${won(one.amount_won, language)}`;
  const facts = [
    ![name, "voucher"].includes(one.memo) && one.memo, // else nobody said anything
    one.refunded_won > 0 &&
      (left > 0 ? t("backOf", { amount: won(one.refunded_won, language) }) : t("allBack")),
  ];
  return (
    <Line title={title} facts={facts} {...(one.is_voucher ? { state: t("voucher") } : {})}>
      {left > 0 && (
        <Opened verb={t("giveBack")}>
          <FieldsForm
            key={left}
            lead={t("giveBackHelp", { amount: won(left, language) })}
            fields={[
              { name: "amount", label: m("amount"), kind: "won", first: left, max: left },
              { name: "memo", label: m("reason"), optional: true },
            ]}
            verb={t("giveBack")}
            again
            done={t("givenBack")}
            refresh={[["me"]]}
            send={(said) =>
              giveBack(shop, one.transfer, said.key, said.whole("amount"), said.text("memo"))
            }
          />
        </Opened>
      )}
    </Line>
  );
}
