/** Trials of a basic income: joining, leaving, and what becomes of one's data. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { answer, city } from "~/api/client";
import { won } from "~/design/figures";
import { Loaded, Panel } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import { FieldsForm } from "../form";
import { Section } from "../me/section";
import styles from "../money.module.css";
import { Act, Line, Lines, Opened } from "../parts";
import { experimentsQuery, myExperimentsQuery, type Experiment } from "../queries";
import { trialWords } from "./words";

const BOTH = [["me"], ["experiments"]] as const;

export default function TrialsPage() {
  const t = useWords(trialWords);
  const trials = useQuery(experimentsQuery);
  return (
    <Section title={t("title")} lead={t("lead")}>
      <Loaded from={trials} lines={2}>
        {(all) => (
          <Lines of={all} label={t("title")} none={t("none")} noneDetail={t("noneDetail")}>
            {(one) => <Trial key={one.id} one={one} />}
          </Lines>
        )}
      </Loaded>
      <Panel label={t("data")}>
        <div className={styles.form}>
          <h2>{t("data")}</h2>
          <p>{t("dataUse")}</p>
          <p>{t("dataLeave")}</p>
          <p>{t("dataForget")}</p>
        </div>
      </Panel>
    </Section>
  );
}

function Trial({ one }: { one: Experiment }) {
  const t = useWords(trialWords);
  const { language } = useLanguage();
  const mine = useQuery(myExperimentsQuery).data?.find(({ experiment }) => experiment === one.id);
  const state = one.state;
  const params = { path: { experiment: one.id } };
  const facts = [
    one.purpose,
    t("design", {
      pct: one.treated_pct,
      amount: won(one.monthly_won, language),
      months: one.months,
    }),
    mine && (mine.left_at ? t("left") : t(mine.arm || "waits")),
  ];
  return (
    <Line title={one.title} state={t(state)} facts={facts}>
      <div className={styles.form}>
        {!mine && state === "recruiting" && (
          <Opened verb={t("join")}>
            <FieldsForm
              fields={[{ name: "agree", label: t("agree"), kind: "yes", optional: false }]}
              verb={t("join")}
              done={t("joined")}
              refresh={BOTH}
              send={() => answer(city.POST("/api/experiments/{experiment}/join", { params }))}
            />
          </Opened>
        )}
        <div className={styles.row}>
          {mine && !mine.left_at && (
            <Act
              quiet
              again
              verb={t("leave")}
              what={one.title}
              refresh={BOTH}
              send={() => answer(city.POST("/api/experiments/{experiment}/leave", { params }))}
            />
          )}
          <Link to={`/city/experiments/${encodeURIComponent(one.id)}`}>{t("toReport")}</Link>
        </div>
      </div>
    </Line>
  );
}
