import { useWords } from "~/words/language";
import styles from "./sharing.module.css";
import { sharingWords } from "./words";

const STEPS = ["stepChoose", "stepCheck", "stepRide", "stepReturn"] as const;

/** Where one is on the way from choosing to returning. */
export function Steps({ at }: { at: 0 | 1 | 2 | 3 }) {
  const t = useWords(sharingWords);
  return (
    <ol className={styles.steps} aria-label={t("steps")}>
      {STEPS.map((step, index) => (
        <li key={step} data-done={index < at} {...(index === at ? { "aria-current": "step" } : {})}>
          <span aria-hidden="true">{index + 1}</span>
          {t(step)}
        </li>
      ))}
    </ol>
  );
}
