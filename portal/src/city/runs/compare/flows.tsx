/** How flows on streets differ: a map, its legend, and the ten most changed streets as a table. */
import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { FeatureCollection } from "geojson";
import type { Map as MapLibre } from "maplibre-gl";
import { useCallback, useEffect, useMemo, useState } from "react";
import { cityQuery } from "~/api/queries";
import { number } from "~/design/figures";
import { MODES, modeWords } from "~/design/modes";
import { Loaded } from "~/design/page";
import { useScheme } from "~/design/scheme";
import { CityMap } from "~/map/city-map";
import { streetShapesQuery } from "~/map/street-shapes";
import { useOverlay, type Overlay } from "~/map/use-overlay";
import { useLanguage, useWords } from "~/words/language";
import styles from "./compare.module.css";
import { FlowTable } from "./flow-table";
import { comparisonQuery, type Comparison } from "./queries";
import { compareWords } from "./words";

/** Orange and blue: apart for the colour-blind too. */
const LOOKS = {
  light: { more: "#c2410c", less: "#1d4ed8" },
  dark: { more: "#ff9a5c", less: "#8ea8ff" },
} as const;
const FAINT = 0.3; // what may be chance
const ON_STREETS = MODES.filter((mode) => mode !== "bus");

export function Flows({ a, b, first }: { a: string; b: string; first: Comparison }) {
  const t = useWords(compareWords);
  const names = useWords(modeWords);
  const { language } = useLanguage();
  const [mode, setMode] = useState("");
  const [lookAt, setLookAt] = useState<readonly [number, number] | null>(null);
  const asked = useQuery({
    ...comparisonQuery(a, b, mode),
    ...(mode === "" ? { initialData: first } : {}),
  });
  return (
    <section aria-label={t("flows")} className={styles.flows}>
      <h2>{t("flows")}</h2>
      <p className={styles.soft}>{t("flowsLead")}</p>
      <Select
        className={styles.mode ?? ""}
        label={t("mode")}
        value={mode}
        data={[
          { value: "", label: t("allModes") },
          ...ON_STREETS.map((one) => ({ value: one, label: names(one) })),
        ]}
        onChange={(value) => setMode(value ?? "")}
      />
      <Loaded from={asked} lines={1} height={420}>
        {(found) => (
          <>
            <p className={styles.soft}>
              {t("total", {
                a: number(found.on_streets[0], language),
                b: number(found.on_streets[1], language),
              })}
            </p>
            <div className={styles.flowMap} role="region" aria-label={t("mapLabel")}>
              <FlowMap found={found} lookAt={lookAt} />
            </div>
            <FlowLegend found={found} />
            <FlowTable streets={found.streets} onShow={setLookAt} />
          </>
        )}
      </Loaded>
    </section>
  );
}

const most = ({ streets }: Comparison) =>
  Math.max(1, ...streets.map(({ difference }) => Math.abs(difference)));

function FlowMap({
  found,
  lookAt,
}: {
  found: Comparison;
  lookAt: readonly [number, number] | null;
}) {
  const city = useQuery(cityQuery).data;
  const shapes = useQuery(streetShapesQuery).data;
  const scheme = useScheme();
  const [map, setMap] = useState<MapLibre | null>(null);
  const onMap = useCallback((made: MapLibre | null, drawn: boolean) => {
    setMap(drawn ? made : null);
  }, []);
  const camera = useMemo(() => ({ center: city?.centre ?? [0, 0], zoom: 13.4 }) as const, [city]);
  const overlay = useMemo(() => flowOverlay(LOOKS[scheme]), [scheme]);
  const data = useMemo<FeatureCollection>(() => {
    const top = most(found);
    const features = found.streets.flatMap(({ street, difference, spread, sure }) => {
      const geometry = shapes?.get(street);
      if (!geometry || difference === 0) return [];
      const share = Math.abs(difference) / top;
      const properties = { more: difference > 0, share, faint: spread !== null && !sure };
      return [{ type: "Feature" as const, geometry, properties }];
    });
    return { type: "FeatureCollection", features };
  }, [found, shapes]);
  useOverlay(map, overlay, data);
  useEffect(() => {
    if (map && lookAt) map.jumpTo({ center: [lookAt[0], lookAt[1]], zoom: 15 });
  }, [map, lookAt]);
  if (!city) return null;
  return <CityMap flat camera={camera} onMap={onMap} />;
}

function flowOverlay(looks: { more: string; less: string }): Overlay {
  return {
    id: "flow-change",
    layers: [
      {
        id: "flow-change-lines",
        type: "line",
        source: "flow-change",
        layout: { "line-cap": "round", "line-join": "round" },
        paint: {
          "line-color": ["case", ["get", "more"], looks.more, looks.less],
          "line-width": ["+", 1, ["*", 11, ["get", "share"]]],
          "line-opacity": ["case", ["get", "faint"], FAINT, 0.9],
        },
      },
    ],
  };
}

function FlowLegend({ found }: { found: Comparison }) {
  const t = useWords(compareWords);
  const { language } = useLanguage();
  const looks = LOOKS[useScheme()];
  const line = (colour: string) => (
    <svg width="28" height="10" aria-hidden="true">
      <line x1="2" x2="26" y1="5" y2="5" stroke={colour} strokeWidth="7" strokeLinecap="round" />
    </svg>
  );
  return (
    <ul className={styles.legend} aria-label={t("legend")}>
      <li>
        {line(looks.more)} {t("more")}
      </li>
      <li>
        {line(looks.less)} {t("less")}
      </li>
      {found.seeds.length > 1 && (
        <li>
          <span style={{ opacity: FAINT }}>{line(looks.more)}</span> {t("maybeChance")}
        </li>
      )}
      <li>{t("widest", { count: number(most(found), language) })}</li>
    </ul>
  );
}
