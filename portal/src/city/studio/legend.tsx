import { useScheme } from "~/design/scheme";
import { useWords } from "~/words/language";
import { LOOKS } from "./layers";
import styles from "./studio.module.css";
import { studioWords } from "./words";

/** What the colours and lines on the studio's map mean. */
export function Legend() {
  const t = useWords(studioWords);
  const looks = LOOKS[useScheme()];
  const line = (colour: string, dashed: boolean, wide = 5) => (
    <svg width="28" height="8" aria-hidden="true">
      <line
        x1="2"
        x2="26"
        y1="4"
        y2="4"
        stroke={colour}
        strokeWidth={wide}
        {...(dashed ? { strokeDasharray: "6 4" } : {})}
      />
    </svg>
  );
  return (
    <ul className={styles.legend} aria-label={t("legend")}>
      <li>
        {line(looks.chosen, false)} {t("legendChosen")}
      </li>
      <li>
        {line(looks.closed, true)} {t("legendClosed")}
      </li>
      <li>
        {line(looks.changed, false)} {t("legendChanged")}
      </li>
      <li>
        {line(looks.base, false, 2.5)} {t("legendBase")}
      </li>
      <li>
        <svg width="28" height="16" aria-hidden="true">
          <circle cx="14" cy="8" r="6.5" fill={looks.changed} />
        </svg>{" "}
        {t("legendPoint")}
      </li>
    </ul>
  );
}
