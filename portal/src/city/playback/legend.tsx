/** What each colour means and how many people it stands for now; each mode can be hidden. */
import { useScheme } from "~/design/scheme";
import { number } from "~/design/figures";
import { isMode, MODE_COLOURS, modeWords } from "~/design/modes";
import { useLanguage, useWords } from "~/words/language";
import styles from "./legend.module.css";
import type { Player } from "./player";
import { useShown } from "./use-player";
import { playbackWords } from "./words";

export function Legend({
  player,
  modes,
  hidden,
  onToggle,
}: {
  player: Player;
  modes: readonly string[];
  hidden: ReadonlySet<string>;
  onToggle: (mode: string) => void;
}) {
  const t = useWords(playbackWords);
  const { language } = useLanguage();
  const { counts } = useShown(player);
  const total = counts.reduce((sum, count) => sum + count, 0);
  return (
    <section className={styles.legend} aria-label={t("legend")} title={t("legendHint")}>
      <h2 className={styles.title}>
        {t("legend")} <strong>{t("people", { count: number(total, language) })}</strong>
      </h2>
      <ul className={styles.modes}>
        {modes.map((mode, index) => (
          <li key={mode}>
            <ModeButton
              mode={mode}
              count={counts[index] ?? 0}
              shown={!hidden.has(mode)}
              onToggle={() => onToggle(mode)}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

function ModeButton({
  mode,
  count,
  shown,
  onToggle,
}: {
  mode: string;
  count: number;
  shown: boolean;
  onToggle: () => void;
}) {
  const name = useWords(modeWords);
  const t = useWords(playbackWords);
  const { language } = useLanguage();
  const scheme = useScheme();
  const colour = isMode(mode) ? MODE_COLOURS[scheme][mode] : "currentColor";
  return (
    <button type="button" className={styles.mode} aria-pressed={shown} onClick={onToggle}>
      <span className={styles.dot} style={{ borderColor: colour, background: colour }} />
      <span>{isMode(mode) ? name(mode) : mode}</span>
      <span className={styles.number}>{t("people", { count: number(count, language) })}</span>
    </button>
  );
}
