import { Button } from "@mantine/core";
import { distance } from "~/design/figures";
import { Icon } from "~/design/icons";
import { useLanguage, useWords } from "~/words/language";
import { shellWords } from "~/words/shell";
import { Arrows } from "./arrows";
import { metresBetween } from "./changes";
import { useHalf } from "./names";
import type { Draft, Stop } from "./queries";
import styles from "./studio.module.css";
import { studioWords } from "./words";

/** A stop that was pressed: where it is to stand. */
export function StopCard({
  stop,
  at,
  draft,
  saving,
  onMove,
  onSave,
  onClose,
}: {
  stop: Stop | undefined;
  at: readonly [number, number];
  draft: Draft;
  saving: boolean;
  onMove: (at: [number, number]) => void;
  onSave: (at: readonly [number, number] | null) => void;
  onClose: () => void;
}) {
  const t = useWords(studioWords);
  const s = useWords(shellWords);
  const { language } = useLanguage();
  const nameOf = useHalf();
  if (!stop) return null;
  const home: [number, number] = [stop.lon, stop.lat];
  const saved = draft.changes.find((one) => one.do === "stop" && one.stop === stop.stop);
  const stands = saved?.do === "stop" ? ([saved.lon, saved.lat] as const) : home;
  const isMoved = metresBetween(stands, at) > 0.5;
  return (
    <section className={styles.card} aria-label={nameOf(stop.name)} aria-live="polite">
      <div className={styles.cardTop}>
        <h2>{nameOf(stop.name)}</h2>
        <button type="button" aria-label={s("close")} onClick={onClose}>
          <Icon name="cross" size={18} />
        </button>
      </div>
      <p>
        {t("stop")} · {t("moved", { metres: distance(metresBetween(home, at), language) })}
      </p>
      {draft.mine && (
        <>
          <p className={styles.facts}>{t("stopHelp")}</p>
          <Arrows at={at} onMove={onMove} />
          <div className={styles.ways}>
            <Button size="sm" loading={saving} disabled={!isMoved} onClick={() => onSave(at)}>
              {t("saveStop")}
            </Button>
            {saved && (
              <Button
                size="sm"
                variant="default"
                disabled={saving}
                onClick={() => {
                  onMove(home);
                  onSave(null);
                }}
              >
                {t("putBack")}
              </Button>
            )}
          </div>
        </>
      )}
    </section>
  );
}
