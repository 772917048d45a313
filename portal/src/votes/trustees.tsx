/** Who holds the key together, and what each has done so far. */
import { useSay, useWords } from "~/words/language";
import type { PollView, Trustee } from "./queries";
import styles from "./votes.module.css";
import { votesWords } from "./words";

function stepOf(one: Trustee) {
  if (one.complains_of !== null) return "step_complains" as const;
  if (one.share !== null) return "step_shared" as const;
  if (one.gave_wrong_share) return "step_wrong" as const;
  if (one.is_confirmed) return "step_confirmed" as const;
  return one.dealing === null ? ("step_nothing" as const) : ("step_dealt" as const);
}

export function Trustees({ view: { poll, trustees } }: { view: PollView }) {
  const t = useWords(votesWords);
  const say = useSay();
  return (
    <div className={styles.stack}>
      <h2>{t("trustees")}</h2>
      <p>{t("trusteesDetail", { of: poll.n_trustees, needed: poll.threshold })}</p>
      <dl className={styles.facts}>
        {trustees.map((one) => (
          <div key={one.index}>
            <dt>
              {one.index}. {say(one.card.name)}
            </dt>
            <dd>{t(stepOf(one))}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
