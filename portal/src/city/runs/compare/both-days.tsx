/** Both days on maps of their own, with one clock: the first day's controls lead. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Map as MapLibre } from "maplibre-gl";
import { useCallback, useEffect, useMemo, useState } from "react";
import {
  cityQuery,
  playbackQuery,
  type CityInfo,
  type Playback,
  type RunInfo,
} from "~/api/queries";
import { Dock } from "~/city/playback/dock";
import type { Player } from "~/city/playback/player";
import { usePlayer, useShown } from "~/city/playback/use-player";
import { playbackWords } from "~/city/playback/words";
import { number } from "~/design/figures";
import { Trouble } from "~/design/page";
import { CityMap } from "~/map/city-map";
import { useLanguage, useWords } from "~/words/language";
import { useRunName } from "../run-name";
import styles from "./compare.module.css";
import { compareWords } from "./words";

export function BothDays({ a, b }: { a: RunInfo; b: RunInfo }) {
  const t = useWords(compareWords);
  const [open, setOpen] = useState(false);
  return (
    <section aria-label={t("both")} className={styles.both}>
      <h2>{t("both")}</h2>
      <p className={styles.soft}>{t("bothLead")}</p>
      {open ? (
        <Days a={a} b={b} />
      ) : (
        <div>
          <Button onClick={() => setOpen(true)}>{t("showBoth")}</Button>
        </div>
      )}
    </section>
  );
}

const NOTHING_HIDDEN: ReadonlySet<string> = new Set();

function Days({ a, b }: { a: RunInfo; b: RunInfo }) {
  const t = useWords(compareWords);
  const p = useWords(playbackWords);
  const city = useQuery(cityQuery).data;
  const first = useQuery(playbackQuery(a.run));
  const second = useQuery(playbackQuery(b.run));
  const [lead, setLead] = useState<Player | null>(null);
  const [other, setOther] = useState<Player | null>(null);
  useFollow(lead, other);
  const error = first.error ?? second.error;
  if (error) return <Trouble error={error} />;
  if (!city || !first.data || !second.data) return <p>{p("loading")}</p>;
  if (!first.data.chunks.length || !second.data.chunks.length) return <p>{t("noPlayback")}</p>;
  return (
    <>
      <div className={styles.days}>
        <DayMap name="A" run={a} city={city} playback={first.data} onPlayer={setLead} />
        <DayMap name="B" run={b} city={city} playback={second.data} onPlayer={setOther} />
      </div>
      {lead && (
        <Dock player={lead} playback={first.data}>
          {null}
        </Dock>
      )}
    </>
  );
}

/** Let one player show the time of another, as often as that one tells it. */
function useFollow(lead: Player | null, other: Player | null): void {
  useEffect(() => {
    if (!lead || !other) return undefined;
    other.play(false);
    const follow = () => {
      const { t_s } = lead.shown();
      if (other.shown().t_s !== t_s) other.seek(t_s);
    };
    follow();
    return lead.subscribe(follow);
  }, [lead, other]);
}

function DayMap({
  name,
  run,
  city,
  playback,
  onPlayer,
}: {
  name: string;
  run: RunInfo;
  city: CityInfo;
  playback: Playback;
  onPlayer: (player: Player | null) => void;
}) {
  const runName = useRunName();
  const [map, setMap] = useState<MapLibre | null>(null);
  const onMap = useCallback((made: MapLibre | null, drawn: boolean) => {
    setMap(drawn ? made : null);
  }, []);
  const camera = useMemo(() => ({ center: city.centre, zoom: 13.2 }), [city]);
  const origin = useMemo(() => [city.centre[0], city.centre[1]] as const, [city]);
  const player = usePlayer(map, playback, origin, NOTHING_HIDDEN);
  useEffect(() => onPlayer(player), [player, onPlayer]);
  return (
    <figure className={styles.day}>
      <figcaption>
        <strong>{name}</strong> {runName(run)}
        {player && <Moving player={player} />}
      </figcaption>
      <div className={styles.dayMap}>
        <CityMap flat camera={camera} onMap={onMap} />
      </div>
    </figure>
  );
}

function Moving({ player }: { player: Player }) {
  const t = useWords(compareWords);
  const { language } = useLanguage();
  const { counts } = useShown(player);
  const count = counts.reduce((sum, one) => sum + one, 0);
  return <span className={styles.soft}>{t("moving", { count: number(count, language) })}</span>;
}
