/** Collections that an office holds: opening one, using it, and what everybody sees of it. */
import { useQuery } from "@tanstack/react-query";
import { answer, city, once } from "~/api/client";
import { cityQuery } from "~/api/queries";
import { useSession } from "~/api/session";
import { dateTime, won } from "~/design/figures";
import { useLanguage, useWords } from "~/words/language";
import { FieldsForm } from "../form";
import { Ways } from "../me/giving";
import { moreWords } from "../me/more-words";
import styles from "../money.module.css";
import { TREASURY } from "../names";
import { Line, Opened } from "../parts";
import { campaignsQuery } from "../queries";
import { moneyWords } from "../words";
import { MOST_BUDGET_WON } from "./bounds";
import { programmeWords } from "./more-words";
import { Programmes } from "./programmes";
import { officeWords } from "./words";

const REFRESH = [["campaigns"], ["office"], ["me"]] as const;

export function Campaigns() {
  const t = useWords(officeWords);
  const p = useWords(programmeWords);
  const d = useWords(moreWords);
  const m = useWords(moneyWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  const session = useSession();
  const campaigns = useQuery(campaignsQuery);
  const holder = session?.role === "operator" ? TREASURY : session?.id;
  return (
    <Programmes
      of={campaigns}
      label={t("campaigns")}
      costs={false}
      line={({ campaign, left_won }) => (
        <Line
          key={campaign.id}
          title={campaign.title}
          facts={[
            campaign.purpose,
            p("purse", {
              left: won(left_won, language),
              goal: won(campaign.goal_won, language),
            }),
            m("until", { at: dateTime(campaign.until, language, zone) }),
          ]}
        >
          <div className={styles.form}>
            {campaign.holder === holder && left_won > 0 && (
              <Opened verb={p("use")}>
                <Use campaign={campaign.id} left_won={left_won} />
              </Opened>
            )}
            <Opened verb={d("ways")}>
              <Ways campaign={campaign.id} />
            </Opened>
          </div>
        </Line>
      )}
    >
      <Make />
    </Programmes>
  );
}

function Use({ campaign, left_won }: { campaign: string; left_won: number }) {
  const p = useWords(programmeWords);
  const m = useWords(moneyWords);
  return (
    <FieldsForm
      fields={[
        { name: "payee", label: p("usePayee"), help: m("whomHelp") },
        { name: "amount", label: m("amount"), kind: "won", max: left_won },
        { name: "what", label: p("whatFor") },
      ]}
      verb={p("use")}
      again
      done={p("used")}
      refresh={REFRESH}
      send={(said) =>
        answer(
          city.POST("/api/campaigns/{campaign}/uses", {
            params: { path: { campaign } },
            body: {
              payee: said.id("payee"),
              amount_won: said.whole("amount"),
              what_for: said.text("what"),
              transfer: said.key,
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
  return (
    <FieldsForm
      title={t("makeNew")}
      fields={[
        { name: "title", label: t("name"), max: 80 },
        { name: "purpose", label: p("whatFor") },
        { name: "goal", label: p("goal"), kind: "won", max: MOST_BUDGET_WON },
        { name: "until", label: t("until"), kind: "instant" },
      ]}
      verb={t("make")}
      done={t("made")}
      refresh={REFRESH}
      send={(said) =>
        answer(
          city.POST("/api/campaigns", {
            body: {
              title: said.text("title"),
              purpose: said.text("purpose"),
              goal_won: said.whole("goal"),
              until: said.instant("until"),
            },
            ...once(said.key),
          }),
        )
      }
    />
  );
}
