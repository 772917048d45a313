/** Payments that come again: made, paused, ended. */
import { useQuery } from "@tanstack/react-query";
import { answer, city, once } from "~/api/client";
import { day, won } from "~/design/figures";
import { Loaded, Panel } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import { FieldsForm } from "../form";
import styles from "../money.module.css";
import { Act, Line, Lines } from "../parts";
import { ME, standingQuery } from "../queries";
import { useNameOf } from "../use-names";
import { moneyWords } from "../words";
import { Section } from "./section";
import { mineWords } from "./words";

type Order = NonNullable<Awaited<ReturnType<NonNullable<typeof standingQuery.queryFn>>>>[number];

export default function StandingPage() {
  const t = useWords(mineWords);
  const orders = useQuery(standingQuery);
  return (
    <Section title={t("standing")} lead={t("standingDetail")}>
      <Loaded from={orders} lines={1}>
        {(all) => (
          <Lines
            of={all}
            label={t("standing")}
            none={t("noStanding")}
            noneDetail={t("noStandingDetail")}
          >
            {(one) => <Standing key={one.id} one={one} />}
          </Lines>
        )}
      </Loaded>
      <Panel>
        <Make />
      </Panel>
    </Section>
  );
}

function Standing({ one }: { one: Order }) {
  const nameOf = useNameOf();
  const t = useWords(mineWords);
  const { language } = useLanguage();
  const path = { order: one.id };
  const isActive = one.state === "active";
  const title = `${won(one.amount_won, language)} · ${t(one.every)}`;
  const missed = one.missed;
  const facts = [
    `→ ${nameOf(one.payee)}`,
    one.memo,
    isActive && t("nextOn", { day: day(one.next_on, language) }),
    one.last_on && t("endsOn", { day: day(one.last_on, language) }),
    missed > 0 && t("missed", { count: missed }),
  ];
  const state = isActive ? ("paused" as const) : ("active" as const);
  return (
    <Line title={title} state={t(isActive ? "active" : "paused")} facts={facts}>
      <div className={styles.row}>
        <Act
          key={state}
          quiet
          verb={t(isActive ? "pause" : "resume")}
          what={title}
          refresh={ME}
          send={() =>
            answer(
              city.PATCH("/api/me/standing-orders/{order}", { params: { path }, body: { state } }),
            )
          }
        />
        <Act
          quiet
          again
          verb={t("end")}
          what={title}
          refresh={ME}
          send={() => answer(city.DELETE("/api/me/standing-orders/{order}", { params: { path } }))}
        />
      </div>
    </Line>
  );
}

function Make() {
  const t = useWords(mineWords);
  const m = useWords(moneyWords);
  return (
    <FieldsForm
      title={t("standingTitle")}
      fields={[
        { name: "payee", label: m("whom"), help: m("whomHelp") },
        { name: "amount", label: m("amount"), kind: "won" },
        {
          name: "every",
          label: t("every"),
          kind: "choice",
          options: [
            { value: "month", label: t("month") },
            { value: "week", label: t("week") },
          ],
        },
        { name: "first", label: t("firstOn"), kind: "day" },
        { name: "last", label: t("lastOn"), kind: "day", optional: true },
        { name: "memo", label: m("memo"), optional: true },
      ]}
      verb={t("make")}
      done={t("made")}
      refresh={ME}
      send={(said) =>
        answer(
          city.POST("/api/me/standing-orders", {
            body: {
              payee: said.id("payee"),
              amount_won: said.whole("amount"),
              every: said.text("every") === "week" ? "week" : "month",
              first_on: said.text("first"),
              last_on: said.day("last"),
              memo: said.text("memo"),
            },
            ...once(said.key),
          }),
        )
      }
    />
  );
}
