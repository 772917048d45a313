/** One operator: whether it answers, what it has free, and what to do where it does not. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { cityQuery } from "~/api/queries";
import { dateTime, number, timeOfDay, won } from "~/design/figures";
import { Trouble } from "~/design/page";
import { useNow } from "../use-now";
import { useLanguage, useSay, useWords } from "~/words/language";
import { Form } from "./form";
import styles from "./operators.module.css";
import { nameOf, registrationOf, useRegister, type Known } from "./queries";
import { adviceFor, stateOf, type OperatorState } from "./state";
import { operatorWords } from "./words";

const LOOK_EVERY_MS = 1_000;
const BAD: readonly OperatorState[] = ["failing", "resting"];

export function OperatorCard({ known }: { known: Known }) {
  const t = useWords(operatorWords);
  const say = useSay();
  const [isOpen, setOpen] = useState(false);
  const change = useRegister();
  const { operator } = known;
  const state = stateOf(known, useNow(LOOK_EVERY_MS));
  const registered = registrationOf(operator);
  const turn = () => change.mutate({ ...registered, active: !operator.active });
  return (
    <article className={styles.operator} aria-label={say(operator.title)}>
      <h3>
        {say(operator.title)}{" "}
        <span className={styles.chip} data-state={BAD.includes(state) ? "bad" : state}>
          {t(state)}
        </span>
      </h3>
      <p className={styles.soft}>
        {nameOf(operator.id)} · {operator.standard} · {operator.base_url}
      </p>
      <Facts known={known} />
      {operator.active && <Doubts known={known} isResting={state === "resting"} />}
      <div className={styles.buttons}>
        <Button size="sm" variant="default" loading={change.isPending} onClick={turn}>
          {t(operator.active ? "suspend" : "resume")}
        </Button>
        <Button size="sm" variant="default" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {t("change")}
        </Button>
      </div>
      {change.error && <Trouble error={change.error} />}
      {isOpen && <Form known={registered} onClose={() => setOpen(false)} />}
    </article>
  );
}

function Facts({ known: { operator, vehicles, heard_at } }: { known: Known }) {
  const t = useWords(operatorWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  const percent = number(operator.fee_permille / 10, language, 1);
  return (
    <dl className={styles.facts}>
      <div>
        <dt>{t("modes")}</dt>
        <dd>{operator.modes.map((mode) => t(mode)).join(", ") || t("noModes")}</dd>
      </div>
      <div>
        <dt>{t("offers")}</dt>
        <dd>{t("vehicles", { count: number(vehicles, language) })}</dd>
      </div>
      <div>
        <dt>{t("heard")}</dt>
        <dd>{heard_at === null ? t("never") : dateTime(heard_at, language, zone)}</dd>
      </div>
      <div>
        <dt>{t("fee")}</dt>
        <dd>{percent} %</dd>
      </div>
      <div>
        <dt>{t("credit")}</dt>
        <dd>{operator.credit_won > 0 ? won(operator.credit_won, language) : t("noCredit")}</dd>
      </div>
    </dl>
  );
}

/** What went wrong last, and what to do about it. */
function Doubts({
  known: { failures, reason, quiet_until, set_aside },
  isResting,
}: {
  known: Known;
  isResting: boolean;
}) {
  const t = useWords(operatorWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  if (failures > 0) {
    return (
      <div className={styles.doubt}>
        <p>
          <strong>{t("failures", { count: number(failures, language) })}</strong>
          {isResting &&
            quiet_until &&
            ` · ${t("again", { time: timeOfDay(quiet_until, language, zone) })}`}
        </p>
        <p>{t(adviceFor(reason))}</p>
        <p className={styles.soft}>{t("reason", { reason })}</p>
      </div>
    );
  }
  if (set_aside === 0) return null;
  return (
    <div className={styles.doubt}>
      <p>
        {t("setAside", { count: number(set_aside, language) })}{" "}
        <Link to="/city/trouble">{t("seeQuarantine")}</Link>
      </p>
      <p className={styles.soft}>{t("reason", { reason })}</p>
    </div>
  );
}
