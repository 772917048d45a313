/** The right edge of the log's tree: the whole subtrees it stands on, the newest at the right. */
import { number } from "~/design/figures";
import { useLanguage, useWords } from "~/words/language";
import styles from "./edge.module.css";
import { ledgerWords } from "./page-words";
import { peaksOf } from "./tree";

const LEVEL = 14; // px that a level is high, and half of it wide on each side
const GAP = 10;

interface Peak {
  left: number;
  width: number;
  height: number;
}

/** A tree of twice the facts is one level higher, and a little wider: else the small are lost. */
function placed(sizes: readonly bigint[]): Peak[] {
  let left = GAP;
  return sizes.map((size) => {
    const levels = size.toString(2).length; // 1 for one fact, 2 for two, 3 for four
    const peak = { left, width: levels * LEVEL, height: levels * LEVEL };
    left += peak.width + GAP;
    return peak;
  });
}

export function RightEdge({ size }: { size: bigint }) {
  const t = useWords(ledgerWords);
  const { language } = useLanguage();
  const sizes = peaksOf(size);
  const peaks = placed(sizes);
  const last = peaks.at(-1);
  const width = last ? last.left + last.width + GAP : GAP;
  const height = Math.max(0, ...peaks.map((peak) => peak.height)) + 2 * GAP;
  const written = (value: bigint) => number(Number(value), language);
  return (
    <figure className={styles.edge}>
      <svg viewBox={`0 0 ${width} ${height}`} width={width} aria-hidden="true">
        {peaks.map((peak) => (
          <path
            key={peak.left}
            className={peak === last ? styles.newest : styles.whole}
            d={`M${peak.left} ${height - GAP}h${peak.width}l${-peak.width / 2} ${-peak.height}Z`}
          />
        ))}
        <path className={styles.ground} d={`M0 ${height - GAP}H${width}`} />
      </svg>
      <figcaption>
        {t("edgeDetail", {
          count: written(size),
          trees: peaks.length,
          sum: sizes.map(written).join(" + "),
        })}
      </figcaption>
    </figure>
  );
}
