/** What this browser found in a receipt: in plain words first, step by step for the curious. */
import { useQuery } from "@tanstack/react-query";
import { cityQuery } from "~/api/queries";
import { dateTime, number } from "~/design/figures";
import { Icon } from "~/design/icons";
import { useLanguage, useSay, useWords } from "~/words/language";
import { FactView } from "./fact";
import styles from "./ledger.module.css";
import type { ReceiptVerdict, Step, Verdict } from "./verify";
import { proofWords } from "./words";

/** Whence the key came: the city now, this browser's memory, or whoever typed it. */
export type KeyFrom = "city" | "typed" | { since: string };

export function ReceiptView({ verdict, keyFrom }: { verdict: ReceiptVerdict; keyFrom: KeyFrom }) {
  const t = useWords(proofWords);
  return (
    <div className={styles.proof}>
      <OutcomeView outcome={verdict.outcome} />
      {verdict.fact && (
        <section className={styles.part}>
          <h3>{t(verdict.outcome === "proved" ? "whatIsSaid" : "whatIsClaimed")}</h3>
          <FactView fact={verdict.fact} />
        </section>
      )}
      {verdict.outcome !== "failed" && <Meaning verdict={verdict} keyFrom={keyFrom} />}
      <Steps steps={verdict.steps} isOpen={verdict.outcome === "failed"} />
    </div>
  );
}

export function OutcomeView({ outcome }: { outcome: Verdict["outcome"] }) {
  const t = useWords(proofWords);
  return (
    <div
      className={styles.outcome}
      data-outcome={outcome}
      role={outcome === "failed" ? "alert" : "status"}
    >
      <Icon name={outcome === "proved" ? "check" : "warning"} size={24} />
      <strong>{t(outcome)}</strong>
      <p>{t(`${outcome}Detail`)}</p>
    </div>
  );
}

function Meaning({ verdict, keyFrom }: { verdict: ReceiptVerdict; keyFrom: KeyFrom }) {
  const t = useWords(proofWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  const { place, others, isAnchored } = verdict;
  const isSigned = verdict.outcome === "proved";
  const holds = [
    place &&
      t("holdsPlace", {
        place: number(place.index + 1, language),
        size: number(place.size, language),
      }),
    t("holdsSame"),
    isSigned && place && t("holdsSigned", { origin: place.origin }),
  ];
  const open = [
    t("openTrue"),
    keyFrom === "city" && t("openKey"),
    typeof keyFrom === "object" &&
      t("openKeyKept", { at: dateTime(keyFrom.since, language, zone) }),
    t("openOthers"),
    t("openWhen"),
    others > 0 && t("openWitnesses", { count: others }),
    isAnchored && t("openAnchor"),
  ];
  return (
    <>
      <Said title={t("holds")} lines={holds} holds />
      <Said title={t("open")} lines={open} holds={false} />
    </>
  );
}

function Said({
  title,
  lines,
  holds,
}: {
  title: string;
  lines: readonly (string | false | null)[];
  holds: boolean;
}) {
  return (
    <section className={styles.part}>
      <h3>{title}</h3>
      <ul className={styles.list} data-holds={holds}>
        {lines
          .filter((line) => typeof line === "string")
          .map((line) => (
            <li key={line}>
              <Icon name={holds ? "check" : "minus"} size={18} />
              <span>{line}</span>
            </li>
          ))}
      </ul>
    </section>
  );
}

const STATES = { held: "held", failed: "stepFailed", unable: "unable" } as const;

export function Steps({ steps, isOpen = false }: { steps: readonly Step[]; isOpen?: boolean }) {
  const t = useWords(proofWords);
  const say = useSay();
  return (
    <details className={styles.steps} open={isOpen}>
      <summary>{t("steps")}</summary>
      <ol>
        {steps.map(({ name, state, shown, why }, at) => (
          <li key={name}>
            <span>
              {at + 1}. {t(`step_${name}`)}
            </span>
            <span className={styles.state} data-state={state}>
              {t(STATES[state])}
              {why && ` · ${say(why)}`}
            </span>
            {shown && <code>{shown}</code>}
          </li>
        ))}
      </ol>
    </details>
  );
}
