/** The city first: its map in 3D, and a rehearsed day that plays back on it. */
import { useQuery } from "@tanstack/react-query";
import type { Map as MapLibre } from "maplibre-gl";
import { useCallback, useMemo, useState, type ReactNode } from "react";
import { useSearchParams } from "react-router";
import { cityQuery, playbackQuery, runsQuery, type CityInfo, type RunInfo } from "~/api/queries";
import { Dock } from "~/city/playback/dock";
import { Legend } from "~/city/playback/legend";
import { usePlayer } from "~/city/playback/use-player";
import { playbackWords } from "~/city/playback/words";
import { openingRun } from "~/city/runs/opening";
import { RunSelect } from "~/city/runs/run-select";
import { cityWords } from "~/city/words";
import { Empty, Trouble, useTitle, Waiting } from "~/design/page";
import { useSay, useWords } from "~/words/language";
import { BuildingCard } from "./building-card";
import { LayersMenu } from "./layers/menu";
import { CityMap } from "~/map/city-map";
import styles from "./page.module.css";
import { PlaceFinder } from "./place-finder";
import { useOpeningCamera, useWholeCity } from "./camera";

const UNBROKEN_HYPHEN = "\u2011";

export default function MapPage() {
  const city = useQuery(cityQuery);
  if (city.data) return <CityOnMap city={city.data} />;
  return (
    <div className={styles.before}>
      {city.error ? (
        <Trouble error={city.error} onRetry={() => void city.refetch()} />
      ) : (
        <Waiting lines={1} height={420} />
      )}
    </div>
  );
}

function CityOnMap({ city }: { city: CityInfo }) {
  const t = useWords(cityWords);
  const say = useSay();
  const [map, setMap] = useState<MapLibre | null>(null);
  const [drawn, setDrawn] = useState(false);
  const onMap = useCallback((made: MapLibre | null, ready: boolean) => {
    setMap(made);
    setDrawn(ready);
  }, []);
  const camera = useOpeningCamera(city);
  const runs = useQuery(runsQuery);
  useTitle(t("mapTitle"));
  useWholeCity(map);
  return (
    <>
      <h1 className="unseen">
        {say(city.title)} · {t("mapTitle")}
      </h1>
      <CityMap camera={camera} onMap={onMap} />
      <div className={styles.top}>
        <div className={styles.place}>
          <strong>{say(city.title).replaceAll("-", UNBROKEN_HYPHEN)}</strong>
          <PlaceFinder map={map} />
          <LayersMenu map={drawn ? map : null} />
        </div>
        <BuildingCard map={map} />
      </div>
      <div className={styles.bottom}>
        {runs.error && <Trouble error={runs.error} onRetry={() => void runs.refetch()} />}
        {runs.data && <Day map={drawn ? map : null} city={city} runs={runs.data} />}
      </div>
    </>
  );
}

/** The rehearsed day: legend and controls, for the run that was chosen. */
function Day({ map, city, runs }: { map: MapLibre | null; city: CityInfo; runs: RunInfo[] }) {
  const t = useWords(cityWords);
  const [params, setParams] = useSearchParams();
  const asked = params.get("run");
  const chosen = runs.find(({ run }) => run === asked)?.run ?? openingRun(runs)?.run ?? "";
  const choose = (run: string) => setParams({ run }, { replace: true });
  if (runs.length === 0) {
    const detail = t("noRunsDetail", { city: city.name });
    return <Empty icon="replay" title={t("noRuns")} detail={detail} />;
  }
  const select = <RunSelect runs={runs} value={chosen} onChange={choose} label={t("run")} />;
  return (
    <Replay key={chosen} map={map} city={city} run={chosen}>
      {select}
    </Replay>
  );
}

function Replay({
  map,
  city,
  run,
  children,
}: {
  map: MapLibre | null;
  city: CityInfo;
  run: string;
  children: ReactNode;
}) {
  const t = useWords(cityWords);
  const p = useWords(playbackWords);
  const playback = useQuery(playbackQuery(run));
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const origin = useMemo(() => [city.centre[0], city.centre[1]] as const, [city]);
  const day = playback.data?.chunks.length ? playback.data : undefined;
  const player = usePlayer(map, day, origin, hidden);
  const toggle = (mode: string) =>
    setHidden((before) => {
      const after = new Set(before);
      if (!after.delete(mode)) after.add(mode);
      return after;
    });
  if (playback.error) {
    return (
      <>
        <Trouble error={playback.error} onRetry={() => void playback.refetch()} />
        {children}
      </>
    );
  }
  if (playback.data && !day) {
    return (
      <Empty icon="replay" title={t("noPlayback")} detail={t("noPlaybackDetail")}>
        {children}
      </Empty>
    );
  }
  if (!player || !day) return <p className={styles.soon}>{p("loading")}</p>;
  return (
    <>
      <div className={styles.legend}>
        <Legend player={player} modes={day.modes} hidden={hidden} onToggle={toggle} />
      </div>
      <Dock player={player} playback={day}>
        {children}
      </Dock>
    </>
  );
}
