/** How much may leave in a day, and the stop after a phone is lost. */
import { useQuery } from "@tanstack/react-query";
import { answer, city } from "~/api/client";
import { cityQuery } from "~/api/queries";
import { dateTime, won } from "~/design/figures";
import { Loaded, Panel } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import { FieldsForm } from "../form";
import styles from "../money.module.css";
import { shortName } from "../names";
import { Act, Line, Lines } from "../parts";
import { accountQuery, limitQuery, ME, myOrdersQuery } from "../queries";
import { orderWords } from "../reasons";
import { moneyWords } from "../words";
import { moreWords } from "./more-words";
import { Section } from "./section";
import { mineWords } from "./words";

export default function SafetyPage() {
  const t = useWords(mineWords);
  const m = useWords(moreWords);
  return (
    <Section title={t("safety")} lead={t("safetyDetail")}>
      <Panel>
        <Stop />
      </Panel>
      <Panel>
        <Limit />
      </Panel>
      <h2>{m("ordersOn")}</h2>
      <OrdersOnMe />
    </Section>
  );
}

function Limit() {
  const m = useWords(moreWords);
  const { language } = useLanguage();
  const limit = useQuery(limitQuery);
  return (
    <div className={styles.form}>
      <h2>{m("limit")}</h2>
      <Loaded from={limit} lines={1}>
        {({ most_won, spent_won }) => (
          <>
            <p>
              {most_won === null
                ? m("noLimit")
                : m("limitNow", {
                    most: won(most_won, language),
                    spent: won(spent_won, language),
                  })}
            </p>
            <FieldsForm
              lead={m("limitHelp")}
              fields={[{ name: "most", label: m("limitWon"), kind: "won", min: 0 }]}
              verb={m("setLimit")}
              done={m("limitSet")}
              refresh={ME}
              send={(said) => set(said.whole("most"))}
            />
            {most_won !== null && (
              <div className={styles.row}>
                <Act
                  quiet
                  verb={m("dropLimit")}
                  what={won(most_won, language)}
                  refresh={ME}
                  send={() => set(null)}
                />
              </div>
            )}
          </>
        )}
      </Loaded>
    </div>
  );
}

const set = (most_won: number | null) =>
  answer(city.PUT("/api/me/spending-limit", { body: { most_won } }));

function Stop() {
  const m = useWords(moreWords);
  const c = useWords(moneyWords);
  const account = useQuery(accountQuery);
  return (
    <Loaded from={account} lines={1}>
      {({ state }) =>
        state === "frozen" ? (
          <div className={styles.form}>
            <h2>{m("isFrozen")}</h2>
            <p>{m("stopLead")}</p>
          </div>
        ) : (
          <FieldsForm
            title={m("stop")}
            lead={m("stopLead")}
            fields={[{ name: "reason", label: c("reason"), first: m("stop") }]}
            verb={m("stopVerb")}
            again
            done={m("stopped")}
            refresh={ME}
            send={(said) =>
              answer(city.POST("/api/me/account/stop", { body: { reason: said.text("reason") } }))
            }
          />
        )
      }
    </Loaded>
  );
}

function OrdersOnMe() {
  const m = useWords(moreWords);
  const o = useWords(orderWords);
  const c = useWords(moneyWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  const orders = useQuery(myOrdersQuery);
  return (
    <Loaded from={orders} lines={1}>
      {(all) => (
        <Lines of={all} label={m("ordersOn")} none={m("noOrders")} noneDetail={m("noOrdersDetail")}>
          {(one) => (
            <Line
              key={one.id}
              title={o(one.kind)}
              state={o(one.state)}
              facts={[
                one.reason,
                one.case,
                one.until && c("until", { at: dateTime(one.until, language, zone) }),
                `${dateTime(one.asked_at, language, zone)} · ${shortName(one.asked_by)}`,
              ]}
            />
          )}
        </Lines>
      )}
    </Loaded>
  );
}
