/** How good a set of data is: three shares as bars, and what they leave. */
import { number } from "~/design/figures";
import { Panel } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import type { DataQuality } from "./map-queries";
import styles from "./map.module.css";
import { mapWords } from "./map-words";

export function SetQuality({ quality }: { quality: DataQuality | null }) {
  const t = useWords(mapWords);
  const { language } = useLanguage();
  const share = (value: number) => `${number(value, language, 1)} %`;
  const parts = quality
    ? ([
        ["complete", quality.complete_pct],
        ["plausible", quality.plausible_pct],
        ["accepted", quality.accepted_pct],
      ] as const)
    : [];
  const score = quality?.score_pct;
  return (
    <Panel label={t("quality")}>
      <h3>{t("quality")}</h3>
      {quality && score !== null && score !== undefined ? (
        <>
          <p className={styles.score}>
            <strong>{share(score)}</strong>
            <span>
              {t(quality.plausible_pct === null ? "oneShare" : "qualityMeans", {
                measured: number(quality.measured, language),
              })}
            </span>
          </p>
          <ul className={styles.bars}>
            {parts.map(([name, value]) =>
              value === null ? null : (
                <li key={name}>
                  <span>{t(name)}</span>
                  <span className={styles.bar} aria-hidden="true">
                    <i style={{ width: `${value}%` }} />
                  </span>
                  <strong>{share(value)}</strong>
                </li>
              ),
            )}
          </ul>
        </>
      ) : (
        <p className={styles.soft}>{t("notMeasured")}</p>
      )}
    </Panel>
  );
}
