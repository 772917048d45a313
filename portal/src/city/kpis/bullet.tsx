import type { KpiValue } from "~/api/queries";
import type { Standing } from "./compare";
import styles from "./kpis.module.css";

const WIDE = 200;

/** Value, spread and target on one line from nought; the words beside it say the same. */
export function Bullet({ kpi, stands }: { kpi: KpiValue; stands: Standing }) {
  const { value, spread, target } = kpi;
  if (value === null || target === null || value < 0 || target < 0) return null;
  const most = Math.max(value + (spread ?? 0), target) * 1.12 || 1;
  const x = (amount: number) => (Math.max(amount, 0) / most) * WIDE;
  return (
    <svg className={styles.bullet} viewBox={`0 0 ${WIDE} 14`} aria-hidden="true">
      <rect className={styles.track} x="0" y="4" width={WIDE} height="6" rx="3" />
      <rect
        className={stands === "met" ? styles.barMet : styles.barMissed}
        x="0"
        y="4"
        width={Math.max(x(value), 2)}
        height="6"
        rx="3"
      />
      {spread !== null && spread > 0 && (
        <line
          className={styles.whisker}
          x1={x(value - spread)}
          x2={x(value + spread)}
          y1="7"
          y2="7"
        />
      )}
      <line className={styles.mark} x1={x(target)} x2={x(target)} y1="0" y2="14" />
    </svg>
  );
}
