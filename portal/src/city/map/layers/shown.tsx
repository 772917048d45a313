/** One layer on the map, for as long as it is chosen. */
import { useQuery } from "@tanstack/react-query";
import type { FeatureCollection } from "geojson";
import type { LayerSpecification, Map as MapLibre } from "maplibre-gl";
import { useMemo } from "react";
import { useScheme } from "~/design/scheme";
import { FONTS } from "~/map/label-layers";
import { useOverlay, type Overlay } from "~/map/use-overlay";
import type { MapLayer } from "~/services/pages";
import { pipesOverlay, pipesQuery, treesOverlay, treesQuery, type Pipe } from "./extras";

const NOTHING: FeatureCollection = { type: "FeatureCollection", features: [] };

export function Trees({ map }: { map: MapLibre | null }) {
  const scheme = useScheme();
  const overlay = useMemo(() => treesOverlay(scheme), [scheme]);
  useOverlay(map, overlay, useQuery(treesQuery).data ?? NOTHING);
  return null;
}

export function Pipes({ map, kinds }: { map: MapLibre | null; kinds: readonly Pipe[] }) {
  const scheme = useScheme();
  const overlay = useMemo(() => pipesOverlay(scheme, kinds), [scheme, kinds]);
  useOverlay(map, overlay, useQuery(pipesQuery).data ?? NOTHING);
  return null;
}

/** What a service shows of the city as it is now. */
export function Live({ map, layer }: { map: MapLibre | null; layer: MapLayer }) {
  const scheme = useScheme();
  const overlay = useMemo(() => liveOverlay(layer, scheme), [layer, scheme]);
  useOverlay(map, overlay, useQuery(layer.query).data ?? NOTHING);
  return null;
}

const GROUND = { light: "#ffffff", dark: "#0f1917" } as const;
const LABELLED_FROM = 12.5;

function liveOverlay(layer: MapLayer, scheme: "light" | "dark"): Overlay {
  const id = `live-${layer.id}`;
  const colour = layer.colour[scheme];
  const scale = layer.label ? 1.6 : 1; // what has a name is few, and must not be taken for a stop
  const pale = ["case", ["boolean", ["get", layer.pale ?? ""], false], 0.55, 1] as never;
  const dots: LayerSpecification = {
    id,
    type: "circle",
    source: id,
    paint: {
      "circle-color": colour,
      "circle-opacity": pale,
      "circle-stroke-color": GROUND[scheme],
      "circle-stroke-width": 1.2,
      "circle-radius": ["interpolate", ["linear"], ["zoom"], 13, 2.5 * scale, 17, 6 * scale],
    },
  };
  if (!layer.label) return { id, layers: [dots] };
  const labels: LayerSpecification = {
    id: `${id}-labels`,
    type: "symbol",
    source: id,
    minzoom: LABELLED_FROM,
    layout: {
      "text-field": ["get", layer.label],
      "text-font": FONTS,
      "text-size": 11,
      "text-anchor": "left",
      "text-offset": [0.7, 0],
      "text-allow-overlap": true,
    },
    paint: { "text-color": colour, "text-halo-color": GROUND[scheme], "text-halo-width": 1.6 },
  };
  return { id, layers: [dots, labels] };
}
