/** The day as a line: a slider over the hours, with the weather underneath at the same scale. */
import type { KeyboardEvent } from "react";
import type { Playback } from "~/api/queries";
import { clock, number } from "~/design/figures";
import { useLanguage, useWords } from "~/words/language";
import styles from "./dock.module.css";
import type { Player } from "./player";
import { useShown } from "./use-player";
import { playbackWords } from "./words";

const STEP_S = 60;
const PAGE_S = 1800;
const TICK_S = 3 * 3600;

export function Timeline({ player, playback }: { player: Player; playback: Playback }) {
  const t = useWords(playbackWords);
  const { t_s } = useShown(player);
  const { start_s, end_s } = player;
  const onKeyDown = (event: KeyboardEvent) => {
    const page = event.key === "PageUp" ? PAGE_S : event.key === "PageDown" ? -PAGE_S : 0;
    if (page === 0) return;
    event.preventDefault();
    player.seek(t_s + page);
  };
  const share = ((t_s - start_s) / Math.max(end_s - start_s, 1)) * 100;
  return (
    <div className={styles.timeline}>
      <WeatherStrip playback={playback} start_s={start_s} end_s={end_s} />
      <input
        type="range"
        className={styles.slider}
        style={{ "--share": `${share}%` } as React.CSSProperties}
        aria-label={t("time")}
        aria-valuetext={clock(t_s)}
        min={start_s}
        max={end_s}
        step={STEP_S}
        value={Math.round(t_s / STEP_S) * STEP_S}
        onChange={(event) => player.seek(Number(event.currentTarget.value))}
        onKeyDown={onKeyDown}
      />
      <Hours start_s={start_s} end_s={end_s} />
    </div>
  );
}

function Hours({ start_s, end_s }: { start_s: number; end_s: number }) {
  const first = Math.ceil(start_s / TICK_S) * TICK_S;
  const count = Math.floor((end_s - first) / TICK_S) + 1;
  return (
    <div className={styles.hours} aria-hidden="true">
      {Array.from({ length: count }, (_, tick) => first + tick * TICK_S).map((at) => (
        <span key={at} style={{ left: `${((at - start_s) / (end_s - start_s)) * 100}%` }}>
          {at / 3600}
        </span>
      ))}
    </div>
  );
}

const STRIP_HEIGHT = 34;
const MOST_RAIN_MM_H = 10; // full height of the strip; heavier rain is cut there

function WeatherStrip({
  playback: { weather },
  start_s,
  end_s,
}: {
  playback: Playback;
  start_s: number;
  end_s: number;
}) {
  const t = useWords(playbackWords);
  const { language } = useLanguage();
  if (weather.length === 0) return null;
  const temperatures = weather.map(({ temperature_c }) => temperature_c);
  const low = Math.min(...temperatures);
  const high = Math.max(...temperatures);
  const wet = weather.map(({ rain_mm_h, snow_mm_h }) => rain_mm_h + snow_mm_h);
  const rain = Math.max(...wet);
  const x = (hour: number) => ((hour * 3600 - start_s) / (end_s - start_s)) * 1000;
  const y = (celsius: number) =>
    STRIP_HEIGHT - 6 - ((celsius - low) / Math.max(high - low, 1)) * (STRIP_HEIGHT - 12);
  const line = weather.map(({ hour, temperature_c }) => `${x(hour + 0.5)},${y(temperature_c)}`);
  const label = t("weatherStrip", {
    low: number(low, language),
    high: number(high, language),
    rain: number(rain, language, 1),
  });
  return (
    <svg
      className={styles.weather}
      viewBox={`0 0 1000 ${STRIP_HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {weather.map(({ hour }, index) => {
        const height = (Math.min(wet[index] ?? 0, MOST_RAIN_MM_H) / MOST_RAIN_MM_H) * STRIP_HEIGHT;
        const wide = x(hour + 1) - x(hour) - 2;
        const top = STRIP_HEIGHT - height;
        return <rect key={hour} x={x(hour) + 1} y={top} width={wide} height={height} />;
      })}
      <polyline points={line.join(" ")} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
