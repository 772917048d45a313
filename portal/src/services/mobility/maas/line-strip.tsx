import { number } from "~/design/figures";
import { Icon } from "~/design/icons";
import { MODE_COLOURS, MODE_ICONS } from "~/design/modes";
import { useScheme } from "~/design/scheme";
import { useLanguage, useWords } from "~/words/language";
import type { Leg } from "./queries";
import { partsOf, type Part } from "./strip";
import styles from "./strip.module.css";
import { duration, whole } from "./times";
import { maasWords } from "./words";

const ROOM_FOR_ICON = 8; // per cent of the line
const ROOM_FOR_MINUTES = 11;

/** The journey as a line to scale: each leg in its mode's colour, waiting left open. */
export function LineStrip({ legs }: { legs: readonly Leg[] }) {
  const t = useWords(maasWords);
  const parts = partsOf(legs);
  const columns = parts.map(({ share }) => `minmax(0, ${share}fr)`).join(" ");
  return (
    <ol className={styles.strip} aria-label={t("legs")} style={{ gridTemplateColumns: columns }}>
      {parts.map((part, index) => (
        <Segment key={index} part={part} />
      ))}
    </ol>
  );
}

function Segment({ part: { mode, word, minutes, share } }: { part: Part }) {
  const t = useWords(maasWords);
  const { language } = useLanguage();
  const colours = MODE_COLOURS[useScheme()];
  return (
    <li>
      <span className="unseen">
        {t("part", { mode: t(word), time: duration(minutes, language) })}
      </span>
      <span
        aria-hidden="true"
        className={mode === "wait" ? styles.wait : styles.leg}
        style={mode === "wait" ? {} : { background: colours[mode] }}
      >
        {mode !== "wait" && share >= ROOM_FOR_ICON && <Icon name={MODE_ICONS[mode]} size={18} />}
      </span>
      <small aria-hidden="true">
        {share >= ROOM_FOR_MINUTES && number(whole(minutes), language)}
        {share >= ROOM_FOR_MINUTES && "′"}
      </small>
    </li>
  );
}
