/** Reward budgets: caps, what is left, rewarding somebody. */
import { useQuery } from "@tanstack/react-query";
import { answer, city, once } from "~/api/client";
import { cityQuery } from "~/api/queries";
import { dateTime, won } from "~/design/figures";
import { useLanguage, useWords } from "~/words/language";
import { FieldsForm } from "../form";
import { moreWords } from "../me/more-words";
import { Line, Opened } from "../parts";
import { rewardBudgetsQuery } from "../queries";
import { reasonWords } from "../reasons";
import { moneyWords } from "../words";
import { MOST_BUDGET_WON } from "./bounds";
import { programmeWords } from "./more-words";
import { useLeft, useOwns } from "./purse";
import { Programmes } from "./programmes";
import { officeWords } from "./words";

const REFRESH = [["reward-budgets"], ["office"], ["me"]] as const;
const MOST_REWARD_WON = 10_000_000;
const REASONS = ["taking part", "walking", "volunteering", "giving data", "buying"] as const;

export function Rewards() {
  const t = useWords(officeWords);
  const r = useWords(reasonWords);
  const m = useWords(moneyWords);
  const d = useWords(moreWords);
  const p = useWords(programmeWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  const budgets = useQuery(rewardBudgetsQuery);
  const left = useLeft();
  const owns = useOwns();
  return (
    <Programmes
      of={budgets}
      label={t("rewards")}
      line={(one) => (
        <Line
          key={one.id}
          title={one.title}
          state={r(one.reason)}
          facts={[
            left(one.id),
            d("caps", {
              day: won(one.most_a_day_won, language),
              all: won(one.most_won, language),
            }),
            m("until", { at: dateTime(one.until, language, zone) }),
          ]}
        >
          {owns(one.id) && one.reason !== "buying" && (
            <Opened verb={p("reward")}>
              <Reward budget={one.id} />
            </Opened>
          )}
        </Line>
      )}
    >
      <Make />
    </Programmes>
  );
}

function Reward({ budget }: { budget: string }) {
  const t = useWords(officeWords);
  const p = useWords(programmeWords);
  const m = useWords(moneyWords);
  return (
    <FieldsForm
      fields={[
        { name: "person", label: t("person"), help: m("whomHelp") },
        { name: "amount", label: m("amount"), kind: "won" },
        { name: "reference", label: p("reference"), max: 100 },
      ]}
      verb={p("reward")}
      done={p("given")}
      refresh={REFRESH}
      send={(said) =>
        answer(
          city.POST("/api/reward-budgets/{budget}/rewards", {
            params: { path: { budget } },
            body: {
              person: said.id("person"),
              amount_won: said.whole("amount"),
              reference: said.text("reference"),
            },
          }),
        )
      }
    />
  );
}

function Make() {
  const t = useWords(officeWords);
  const p = useWords(programmeWords);
  const r = useWords(reasonWords);
  return (
    <FieldsForm
      title={t("makeNew")}
      fields={[
        { name: "title", label: t("name"), max: 80 },
        {
          name: "reason",
          label: p("reason"),
          kind: "choice",
          options: REASONS.map((value) => ({ value, label: r(value) })),
        },
        { name: "share", label: p("share"), kind: "number", max: 20, first: 0 },
        { name: "budget", label: t("budget"), kind: "won", max: MOST_BUDGET_WON },
        { name: "day", label: p("aDay"), kind: "won", max: MOST_REWARD_WON },
        { name: "most", label: p("inAll"), kind: "won", max: MOST_REWARD_WON },
        { name: "until", label: t("until"), kind: "instant" },
      ]}
      verb={t("make")}
      done={t("made")}
      refresh={REFRESH}
      send={(said) =>
        answer(
          city.POST("/api/reward-budgets", {
            body: {
              title: said.text("title"),
              reason: REASONS.find((one) => one === said.text("reason")) ?? "taking part",
              budget_won: said.whole("budget"),
              most_a_day_won: said.whole("day"),
              most_won: said.whole("most"),
              until: said.instant("until"),
              share_pct: said.whole("share"),
            },
            ...once(said.key),
          }),
        )
      }
    />
  );
}
