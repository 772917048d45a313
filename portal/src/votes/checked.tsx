/** What was found of one ballot, step by step, and in one line first. */
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { asProblem } from "~/api/problem";
import { number } from "~/design/figures";
import { Icon } from "~/design/icons";
import { Panel, Trouble, Waiting } from "~/design/page";
import { useLanguage, useSay, useWords } from "~/words/language";
import { checkWords } from "./check-words";
import stepStyles from "./check.module.css";
import { foundQuery, lastQuery, loggedQuery, type Found } from "./checking";
import type { Place } from "./receipt";
import type { Fixed } from "./sealing/jobs";
import styles from "./votes.module.css";

const ReceiptView = lazy(() =>
  import("~/ledger/verdict").then((module) => ({ default: module.ReceiptView })),
);

type State = "held" | "failed" | "unable" | "waiting";

interface Step {
  name: string;
  state: State;
  detail?: string;
}

export function Checked({ poll, fixed, place }: { poll: string; fixed: Fixed; place: Place }) {
  const found = useQuery(foundQuery(poll, fixed, place));
  if (found.error) return <Trouble error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) return <Waiting lines={4} height={40} />;
  return <Steps poll={poll} place={place} found={found.data} />;
}

function useLogStep(poll: string, place: Place, found: Found) {
  const t = useWords(checkWords);
  const say = useSay();
  const proof = useQuery({
    ...loggedQuery(poll, place.index, found.print),
    enabled: found.entry !== null,
  });
  const state = (): State => {
    if (proof.error) return "unable";
    if (!proof.data) return "waiting";
    if (!proof.data.isSame || proof.data.verdict.outcome === "failed") return "failed";
    return proof.data.verdict.outcome === "proved" && !proof.data.key.changed ? "held" : "unable";
  };
  const detail = () => {
    if (proof.error) return say(asProblem(proof.error).detail);
    if (proof.data)
      return proof.data.verdict.steps.flatMap(({ why }) => (why ? [say(why)] : []))[0];
    return asProblem(proof.failureReason).status === 503 ? t("notSigned") : undefined;
  };
  const told = detail();
  const step: Step = { name: t("step_log"), state: state(), ...(told ? { detail: told } : {}) };
  return { step, proof: proof.data };
}

function useLastStep(poll: string, found: Found): Step {
  const t = useWords(checkWords);
  const { language } = useLanguage();
  const pseudonym = found.entry?.pseudonym ?? "";
  const last = useQuery({ ...lastQuery(poll, pseudonym), enabled: pseudonym !== "" });
  const step = (state: State, detail?: string): Step => ({
    name: t("step_last"),
    state,
    ...(detail ? { detail } : {}),
  });
  if (last.data === undefined) return step(last.error ? "unable" : "waiting");
  if (last.data === null) return step("unable", t("isOver"));
  if (last.data.is_struck && found.entry?.kind !== "strike")
    return step("unable", t("isStruckNow"));
  return last.data.ballot === found.print
    ? step("held")
    : step("unable", t("isLater", { index: number(last.data.index, language) }));
}

function Steps({ poll, place, found }: { poll: string; place: Place; found: Found }) {
  const t = useWords(checkWords);
  const say = useSay();
  const { language } = useLanguage();
  const { step: log, proof } = useLogStep(poll, place, found);
  const last = useLastStep(poll, found);
  const whether = (holds: boolean): State => (holds ? "held" : "failed");
  const index = number(place.index, language);
  const board: Step = { name: t("step_board", { index }), state: whether(found.entry !== null) };
  const steps: Step[] = found.entry
    ? [
        board,
        { name: t("step_print"), state: whether(found.isSame) },
        {
          name: t("step_proofs"),
          state: whether(found.why === null),
          ...(found.why ? { detail: say(found.why) } : {}),
        },
        log,
        last,
      ]
    : [board];
  return (
    <div className={styles.stack}>
      <Outcome steps={steps.filter((step) => step !== last)} />
      <Panel label={t("title")}>
        <ol className={styles.stack}>
          {steps.map(({ name, state, detail }) => (
            <li key={name} className={stepStyles.step} data-state={state}>
              <Icon name={state === "held" ? "check" : state === "failed" ? "cross" : "minus"} />
              <span>
                {name}
                <small> · {t(state)}</small>
                {detail && <small className={stepStyles.detail}>{detail}</small>}
              </span>
            </li>
          ))}
        </ol>
      </Panel>
      {proof && (
        <details className={styles.more}>
          <summary>{t("logDetail")}</summary>
          <Suspense fallback={<Waiting lines={2} />}>
            <ReceiptView
              verdict={proof.verdict}
              keyFrom={proof.key.since ? { since: proof.key.since } : "city"}
            />
          </Suspense>
        </details>
      )}
    </div>
  );
}

function Outcome({ steps }: { steps: readonly Step[] }) {
  const t = useWords(checkWords);
  const isBad = steps.some(({ state }) => state === "failed");
  const isGood = steps.every(({ state }) => state === "held");
  const isWaiting = steps.some(({ state }) => state === "waiting");
  const name = isBad ? "bad" : isGood ? "good" : isWaiting ? null : "partly";
  return (
    <div className={styles.outcome} data-good={isGood} role={isBad ? "alert" : "status"}>
      <Icon name={isGood ? "check" : isBad ? "warning" : "clock"} size={24} />
      <strong>{t(name ?? "waiting")}</strong>
      {name && <p>{t(`${name}Detail`)}</p>}
    </div>
  );
}
