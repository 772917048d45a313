/** Trials of a basic income: made, lists closed, lots drawn. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { answer, city, once } from "~/api/client";
import { day, won } from "~/design/figures";
import { useLanguage, useWords } from "~/words/language";
import { FieldsForm } from "../form";
import styles from "../money.module.css";
import { Act, Line, Opened } from "../parts";
import { experimentsQuery, type Experiment } from "../queries";
import { trialWords } from "../trials/words";
import { MOST_BUDGET_WON } from "./bounds";
import { programmeWords } from "./more-words";
import { useLeft, useOwns } from "./purse";
import { Programmes } from "./programmes";
import { officeWords } from "./words";

const REFRESH = [["experiments"], ["office"], ["me"]] as const;

export function Trials() {
  const t = useWords(officeWords);
  const trials = useQuery(experimentsQuery);
  return (
    <Programmes of={trials} label={t("trials")} line={(one) => <Trial key={one.id} one={one} />}>
      <Make />
    </Programmes>
  );
}

function Trial({ one }: { one: Experiment }) {
  const p = useWords(programmeWords);
  const w = useWords(trialWords);
  const { language } = useLanguage();
  const left = useLeft();
  const isMine = useOwns()(one.id);
  const state = one.state;
  const facts = [
    one.purpose,
    w("design", {
      pct: one.treated_pct,
      amount: won(one.monthly_won, language),
      months: one.months,
    }),
    left(one.id),
    state === "closed" && one.draws_on && `${w("draws")}: ${day(one.draws_on, language)}`,
  ];
  return (
    <Line title={one.title} state={w(state)} facts={facts}>
      <div className={styles.form}>
        {isMine && state === "recruiting" && (
          <Opened verb={p("close")}>
            <Close experiment={one.id} />
          </Opened>
        )}
        {isMine && state === "closed" && (
          <Opened verb={p("draw")}>
            <Draw experiment={one.id} />
          </Opened>
        )}
        {isMine && (state === "recruiting" || state === "closed") && (
          <div className={styles.row}>
            <Act
              quiet
              again
              verb={p("callOff")}
              what={one.title}
              refresh={REFRESH}
              send={() =>
                answer(
                  city.DELETE("/api/experiments/{experiment}", {
                    params: { path: { experiment: one.id } },
                  }),
                )
              }
            />
          </div>
        )}
        <Link to={`/city/experiments/${encodeURIComponent(one.id)}`}>{p("toReport")}</Link>
      </div>
    </Line>
  );
}

function Close({ experiment }: { experiment: string }) {
  const p = useWords(programmeWords);
  return (
    <FieldsForm
      lead={p("closeHelp")}
      fields={[
        { name: "source", label: p("seedSource"), help: p("seedSourceHelp") },
        { name: "on", label: p("drawsOn"), kind: "day" },
      ]}
      verb={p("close")}
      again
      done={p("closed")}
      refresh={REFRESH}
      send={(said) =>
        answer(
          city.POST("/api/experiments/{experiment}/list", {
            params: { path: { experiment } },
            body: { seed_source: said.text("source"), draws_on: said.text("on") },
          }),
        )
      }
    />
  );
}

function Draw({ experiment }: { experiment: string }) {
  const p = useWords(programmeWords);
  return (
    <FieldsForm
      fields={[
        { name: "seed", label: p("seed") },
        { name: "starts", label: p("startsOn"), kind: "day" },
      ]}
      verb={p("draw")}
      again
      done={p("drawn")}
      refresh={REFRESH}
      send={(said) =>
        answer(
          city.POST("/api/experiments/{experiment}/lots", {
            params: { path: { experiment } },
            body: { seed: said.text("seed"), starts_on: said.text("starts") },
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
        { name: "purpose", label: p("purpose") },
        { name: "treated", label: p("treated"), kind: "number", min: 1, max: 99, first: 50 },
        { name: "monthly", label: p("monthly"), kind: "won" },
        { name: "months", label: p("months"), kind: "number", min: 1, max: 60, first: 12 },
        { name: "budget", label: t("budget"), kind: "won", max: MOST_BUDGET_WON },
      ]}
      verb={t("make")}
      done={t("made")}
      refresh={REFRESH}
      send={(said) =>
        answer(
          city.POST("/api/experiments", {
            body: {
              title: said.text("title"),
              purpose: said.text("purpose"),
              treated_pct: said.whole("treated"),
              monthly_won: said.whole("monthly"),
              months: said.whole("months"),
              budget_won: said.whole("budget"),
            },
            ...once(said.key),
          }),
        )
      }
    />
  );
}
