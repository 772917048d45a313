import { stepFrom } from "./changes";
import { Button } from "@mantine/core";
import { useWords } from "~/words/language";
import styles from "./studio.module.css";
import { studioWords } from "./words";

const STEP_M = 25;
const ARROWS = [
  ["north", "↑", 0, STEP_M],
  ["west", "←", -STEP_M, 0],
  ["east", "→", STEP_M, 0],
  ["south", "↓", 0, -STEP_M],
] as const;

/** Move a point by steps: what dragging does, for those who do not drag. */
export function Arrows({
  at,
  onMove,
}: {
  at: readonly [number, number];
  onMove: (at: [number, number]) => void;
}) {
  const t = useWords(studioWords);
  return (
    <div className={styles.arrows}>
      {ARROWS.map(([compass, sign, east, north]) => (
        <Button
          key={compass}
          size="sm"
          variant="default"
          aria-label={t("step", { compass: t(compass) })}
          onClick={() => onMove(stepFrom(at, east, north))}
        >
          {sign}
        </Button>
      ))}
    </div>
  );
}
