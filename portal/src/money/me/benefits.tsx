/** What the city adds: issues with a bonus, first come, and rewards. */
import { useQuery } from "@tanstack/react-query";
import { answer, city, once } from "~/api/client";
import type { components } from "~/api/schema";
import { cityQuery } from "~/api/queries";
import { useSession } from "~/api/session";
import { dateTime, won } from "~/design/figures";
import { Loaded } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import { FieldsForm } from "../form";
import { useIsPast } from "../past";
import { Line, Lines, Meter, Opened } from "../parts";
import { issuesQuery, myRewardsQuery, rewardBudgetsQuery } from "../queries";
import { reasonWords } from "../reasons";
import { moneyWords } from "../words";
import { moreWords } from "./more-words";
import { Section } from "./section";
import { mineWords } from "./words";

export default function BenefitsPage() {
  const t = useWords(mineWords);
  const m = useWords(moreWords);
  const issues = useQuery(issuesQuery);
  return (
    <Section title={t("benefits")} lead={m("benefitsLead")}>
      <h2>{m("issues")}</h2>
      <Loaded from={issues} lines={2}>
        {(all) => (
          <Lines of={all} label={m("issues")} none={m("noIssues")} noneDetail={m("noIssuesDetail")}>
            {(one) => <Issue key={one.id} one={one} />}
          </Lines>
        )}
      </Loaded>
      <h2>{m("rewards")}</h2>
      <Rewards />
    </Section>
  );
}

type Wallet = components["schemas"]["Wallet"];
type Issued = NonNullable<Awaited<ReturnType<NonNullable<typeof issuesQuery.queryFn>>>>[number];
const LEAST_WON = 1_000; // of a top-up
const MOST_WON = 500_000;

function Issue({ one }: { one: Issued }) {
  const m = useWords(moreWords);
  const c = useWords(moneyWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  const session = useSession();
  const left_won = one.budget_won - one.given_won;
  const isOpen = useIsPast(one.opens_at);
  const facts = [
    m("bonusMost", { amount: won(one.most_won, language) }),
    isOpen
      ? c("until", { at: dateTime(one.closes_at, language, zone) })
      : m("opens", { at: dateTime(one.opens_at, language, zone) }),
    session?.role !== "resident" && m("residentsOnly"),
  ];
  return (
    <Line title={one.title} state={m("bonus", { pct: one.bonus_pct })} facts={facts}>
      <Meter
        share={left_won / one.budget_won}
        label={m("bonusLeft", {
          part: won(left_won, language),
          all: won(one.budget_won, language),
        })}
      />
      {isOpen && session?.role === "resident" && (
        <Opened verb={m("buy")}>
          <FieldsForm
            fields={[
              {
                name: "amount",
                label: c("amount"),
                kind: "won",
                min: LEAST_WON,
                max: Math.min(MOST_WON, one.most_won),
              },
            ]}
            verb={m("buy")}
            done={({ balance_won, held_won }: Wallet) =>
              m("bought", { amount: won(balance_won - held_won, language) })
            }
            refresh={[["me"], issuesQuery.queryKey]}
            send={(said) =>
              answer(
                city.POST("/api/me/top-up", {
                  body: { amount_won: said.whole("amount"), issue: one.id },
                  ...once(said.key),
                }),
              )
            }
          />
        </Opened>
      )}
    </Line>
  );
}

function Rewards() {
  const m = useWords(moreWords);
  const c = useWords(moneyWords);
  const r = useWords(reasonWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  const budgets = useQuery(rewardBudgetsQuery);
  const had = useQuery(myRewardsQuery).data;
  return (
    <Loaded from={budgets} lines={2}>
      {(all) => (
        <Lines
          of={all}
          label={m("rewards")}
          none={m("noRewards")}
          noneDetail={m("noRewardsDetail")}
        >
          {(one) => {
            const mine = had?.find(({ budget }) => budget === one.id)?.total_won ?? 0;
            const share = one.share_pct;
            return (
              <Line
                key={one.id}
                title={one.title}
                state={r(one.reason)}
                facts={[
                  share > 0 && m("share", { pct: share }),
                  m("caps", {
                    day: won(one.most_a_day_won, language),
                    all: won(one.most_won, language),
                  }),
                  c("until", { at: dateTime(one.until, language, zone) }),
                  mine > 0 ? m("had", { amount: won(mine, language) }) : m("hadNone"),
                ]}
              />
            );
          }}
        </Lines>
      )}
    </Loaded>
  );
}
