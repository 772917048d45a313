import type { Map as MapLibre } from "maplibre-gl";
import { useCallback, useEffect, useMemo, useState } from "react";
import { MODE_COLOURS } from "~/design/modes";
import { useScheme } from "~/design/scheme";
import { CityMap } from "~/map/city-map";
import type { Camera } from "~/map/use-map";
import type { Leg, Position } from "./queries";
import styles from "./maas.module.css";

const MARGIN_PX = 44;
const FARTHEST_OUT = 6; // zoom at which another city is on the map too
const NEAREST = 16;

/** The way on the map, drawn over it and not into its style, so that a restyle keeps it. */
export default function WayMap({ legs }: { legs: readonly Leg[] }) {
  const [map, setMap] = useState<MapLibre | null>(null);
  const [drawn, setDrawn] = useState(false);
  const bounds = useMemo(() => boundsOf(legs), [legs]);
  const [camera] = useState<Camera>(() => ({ bounds }));
  const tell = useCallback((made: MapLibre | null, isDrawn: boolean) => {
    setMap(made);
    setDrawn(isDrawn);
  }, []);
  useEffect(() => {
    map?.setMinZoom(FARTHEST_OUT);
    map?.fitBounds(bounds, { padding: MARGIN_PX, maxZoom: NEAREST, animate: false });
  }, [map, bounds]);
  return (
    <CityMap flat camera={camera} onMap={tell}>
      {map && drawn && <Way map={map} legs={legs} />}
    </CityMap>
  );
}

function Way({ map, legs }: { map: MapLibre; legs: readonly Leg[] }) {
  const colours = MODE_COLOURS[useScheme()];
  const [, setMoves] = useState(0);
  useEffect(() => {
    const again = () => setMoves((moves) => moves + 1);
    map.on("move", again);
    map.on("resize", again);
    return () => {
      map.off("move", again);
      map.off("resize", again);
    };
  }, [map]);
  const on = ([lon, lat]: Position) => map.project([lon, lat]);
  const lines = legs.map(({ mode, origin, destination }) => ({
    mode,
    from: on(origin.coordinates),
    to: on(destination.coordinates),
  }));
  const goal = lines.at(-1)?.to;
  return (
    <svg className={styles.way} aria-hidden="true" focusable="false">
      {lines.map(({ mode, from, to }, index) => (
        <g key={index} data-mode={mode}>
          <line x1={from.x} y1={from.y} x2={to.x} y2={to.y} />
          <line x1={from.x} y1={from.y} x2={to.x} y2={to.y} stroke={colours[mode]} />
        </g>
      ))}
      {lines.map(({ mode, from }, index) => (
        <circle key={index} cx={from.x} cy={from.y} r={6} stroke={colours[mode]} />
      ))}
      {goal && <circle data-goal cx={goal.x} cy={goal.y} r={9} />}
    </svg>
  );
}

function boundsOf(legs: readonly Leg[]): [number, number, number, number] {
  const ends = legs.flatMap(({ origin, destination }) => [
    origin.coordinates,
    destination.coordinates,
  ]);
  const lons = ends.map(([lon]) => lon);
  const lats = ends.map(([, lat]) => lat);
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}
