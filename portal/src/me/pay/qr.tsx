/** A payment code as a picture, black on white in any appearance: else cameras miss it. */
import { useEffect, useState } from "react";
import { encode } from "uqr";
import { elapsed } from "~/design/figures";
import { useWords } from "~/words/language";
import styles from "./pay.module.css";
import { payWords } from "./words";

const QUIET = 4; // modules around it, as ISO/IEC 18004 asks for

export function CodePicture({ payload, label }: { payload: string; label?: string }) {
  const t = useWords(payWords);
  const { data, size } = encode(payload, { ecc: "M", border: QUIET });
  const dark = data.flatMap((row, y) =>
    row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1Z`] : [])),
  );
  return (
    <div className={styles.code}>
      <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label ?? t("codeOf")}>
        <rect width={size} height={size} fill="#fff" />
        <path d={dark.join("")} fill="#000" shapeRendering="crispEdges" />
      </svg>
      <details>
        <summary>{t("asText")}</summary>
        <code>{payload}</code>
      </details>
    </div>
  );
}

/** A code with its time running down; without the picture when it is over. */
export function RunningCode({
  payload,
  until,
  label,
}: {
  payload: string;
  until: string | null;
  label?: string;
}) {
  const t = useWords(payWords);
  const left = useSecondsLeft(until);
  if (left === 0) return <p role="status">{t("over")}</p>;
  return (
    <>
      <CodePicture payload={payload} {...(label ? { label } : {})} />
      {left !== null && (
        <p role="timer" className={styles.timer}>
          {t("left", { time: elapsed(left) })}
        </p>
      )}
    </>
  );
}

function useSecondsLeft(until: string | null): number | null {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (until === null) return undefined;
    const ticking = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(ticking);
  }, [until]);
  return until === null ? null : Math.max(0, Math.ceil((Date.parse(until) - now) / 1_000));
}
