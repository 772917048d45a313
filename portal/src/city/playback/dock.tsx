/** The playback's controls: play, time, speed, weather of the hour. */
import { Select } from "@mantine/core";
import type { ReactNode } from "react";
import type { Playback } from "~/api/queries";
import type { Weather } from "~/api/shapes";
import { clock, day, number } from "~/design/figures";
import { Icon } from "~/design/icons";
import { Trouble } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import styles from "./dock.module.css";
import { SPEEDS, type Player, type Speed } from "./player";
import { Timeline } from "./timeline";
import { useShown } from "./use-player";
import { playbackWords } from "./words";

export function Dock({
  player,
  playback,
  children,
}: {
  player: Player;
  playback: Playback;
  children: ReactNode;
}) {
  const t = useWords(playbackWords);
  const { problem } = useShown(player);
  return (
    <section className={styles.dock} aria-label={t("playback")}>
      {problem && <Trouble error={problem} onRetry={() => player.play(true)} />}
      <div className={styles.row}>
        <PlayButton player={player} />
        <Now player={player} playback={playback} />
        <div className={styles.choices}>
          {children}
          <SpeedChoice player={player} />
        </div>
      </div>
      <Timeline player={player} playback={playback} />
    </section>
  );
}

function PlayButton({ player }: { player: Player }) {
  const t = useWords(playbackWords);
  const { playing } = useShown(player);
  return (
    <button
      type="button"
      className={styles.play}
      aria-label={t(playing ? "pause" : "play")}
      onClick={() => player.play(!playing)}
    >
      <Icon name={playing ? "pause" : "play"} size={22} />
    </button>
  );
}

/** The time and the weather of the moment. */
function Now({ player, playback }: { player: Player; playback: Playback }) {
  const t = useWords(playbackWords);
  const { language } = useLanguage();
  const { t_s, loading } = useShown(player);
  const weather = playback.weather.find(({ hour }) => hour === Math.floor(t_s / 3600) % 24);
  return (
    <div>
      <div className={styles.time}>
        {clock(t_s)}
        <span className={styles.date}>{day(playback.date, language)}</span>
      </div>
      <div className={styles.sky}>
        {loading ? t("loading") : weather && <Sky weather={weather} />}
        {!loading && <span>{t("simulated")}</span>}
      </div>
    </div>
  );
}

const LEAST_MM_H = 0.05; // less is shown as dry

function Sky({ weather }: { weather: Weather }) {
  const t = useWords(playbackWords);
  const { language } = useLanguage();
  const { rain_mm_h, snow_mm_h } = weather;
  const temperature = number(weather.temperature_c, language);
  const words =
    snow_mm_h >= LEAST_MM_H
      ? t("weatherSnow", { temperature, snow: number(snow_mm_h, language, 1) })
      : rain_mm_h >= LEAST_MM_H
        ? t("weatherNow", { temperature, rain: number(rain_mm_h, language, 1) })
        : t("weatherDry", { temperature });
  return (
    <>
      <span>
        <Icon name={rain_mm_h + snow_mm_h >= LEAST_MM_H ? "rain" : "sun"} size={15} />
        {words}
      </span>
      <span>{t("dust", { dust: number(weather.pm25_ug_m3, language) })}</span>
    </>
  );
}

function SpeedChoice({ player }: { player: Player }) {
  const t = useWords(playbackWords);
  const { speed } = useShown(player);
  return (
    <Select
      size="sm"
      className={styles.speed ?? ""}
      aria-label={t("speed")}
      value={String(speed)}
      data={SPEEDS.map((option) => ({
        value: String(option),
        label: t("speedShort", { minutes: option / 60 }),
      }))}
      onChange={(value) => player.setSpeed(Number(value) as Speed)}
    />
  );
}
