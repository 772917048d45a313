/** One layer on the map, for as long as it is chosen. */
import { useQuery } from "@tanstack/react-query";
import type { FeatureCollection } from "geojson";
import type { Map as MapLibre } from "maplibre-gl";
import { useMemo } from "react";
import { useScheme } from "~/design/scheme";
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

function liveOverlay(layer: MapLayer, scheme: "light" | "dark"): Overlay {
  const id = `live-${layer.id}`;
  const paint = {
    "circle-color": layer.colour[scheme],
    "circle-stroke-color": scheme === "light" ? "#ffffff" : "#0f1917",
    "circle-stroke-width": 1.2,
    "circle-radius": ["interpolate", ["linear"], ["zoom"], 13, 2.5, 17, 6] as never,
  };
  return { id, layers: [{ id, type: "circle", source: id, paint }] };
}
