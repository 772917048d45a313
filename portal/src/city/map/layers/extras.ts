/** What can be drawn on the map besides: trees, and what lies under the streets. */
import { queryOptions } from "@tanstack/react-query";
import type { Feature, FeatureCollection, LineString, Point, Polygon } from "geojson";
import type { LayerSpecification } from "maplibre-gl";
import type { Overlay } from "~/map/use-overlay";
import type { Scheme } from "~/map/palette";
import { readLayer } from "~/map/scene";

export const PIPES = ["water", "sewer", "power", "waste"] as const;
export type Pipe = (typeof PIPES)[number];

export const EXTRA_COLOURS: Readonly<Record<Scheme, Readonly<Record<Pipe | "trees", string>>>> = {
  light: {
    trees: "#4f8f57",
    water: "#1766b3",
    sewer: "#7a4a12",
    power: "#b3460f",
    waste: "#7b2d8b",
  },
  dark: {
    trees: "#4d8055",
    water: "#6cb2f2",
    sewer: "#c99a5b",
    power: "#f2a15e",
    waste: "#cf8fe0",
  },
};

interface TreeProperties {
  height_m: number;
  crown_m: number;
}
export interface PipeProperties {
  kind: string;
  depth_m: number;
  diameter_mm: number;
}
type Pipes = FeatureCollection<LineString, PipeProperties>;

export const treesQuery = queryOptions({
  queryKey: ["scene", "trees"],
  queryFn: async ({ signal }) =>
    crowns(await readLayer<FeatureCollection<Point, TreeProperties>>("trees", signal)),
  staleTime: Infinity,
});

export const pipesQuery = queryOptions({
  queryKey: ["scene", "utilities"],
  queryFn: ({ signal }) => readLayer<Pipes>("utilities", signal),
  staleTime: Infinity,
});

const CORNERS = 6;
const METRES_PER_DEGREE = 111_320;

/** Each tree's crown as a six-sided column, since maps lift polygons and not points. */
export function crowns(
  trees: FeatureCollection<Point, TreeProperties>,
): FeatureCollection<Polygon, TreeProperties> {
  const features = trees.features.map(
    ({ geometry, properties }): Feature<Polygon, TreeProperties> => {
      const [lon = 0, lat = 0] = geometry.coordinates;
      const ahead = properties.crown_m / 2 / METRES_PER_DEGREE;
      const aside = ahead / Math.cos((lat * Math.PI) / 180);
      const ring = Array.from({ length: CORNERS + 1 }, (_, corner) => {
        const angle = (2 * Math.PI * (corner % CORNERS)) / CORNERS;
        return [lon + aside * Math.cos(angle), lat + ahead * Math.sin(angle)];
      });
      return { type: "Feature", properties, geometry: { type: "Polygon", coordinates: [ring] } };
    },
  );
  return { type: "FeatureCollection", features };
}

/** How many kilometres of one kind there are. */
export function pipeKm(pipes: Pipes, kind: string): number {
  let metres = 0;
  for (const { geometry, properties } of pipes.features) {
    if (properties.kind !== kind) continue;
    geometry.coordinates.forEach(([lon = 0, lat = 0], at) => {
      const [before = 0, under = 0] = geometry.coordinates[at - 1] ?? [lon, lat];
      const aside = (lon - before) * Math.cos((lat * Math.PI) / 180);
      metres += Math.hypot(aside, lat - under) * METRES_PER_DEGREE;
    });
  }
  return metres / 1000;
}

export function treesOverlay(scheme: Scheme): Overlay {
  const layer: LayerSpecification = {
    id: "trees",
    type: "fill-extrusion",
    source: "trees",
    minzoom: 15, // there are thousands
    paint: {
      "fill-extrusion-color": EXTRA_COLOURS[scheme].trees,
      "fill-extrusion-base": ["*", 0.3, ["get", "height_m"]],
      "fill-extrusion-height": ["get", "height_m"],
      "fill-extrusion-opacity": 0.85,
    },
  };
  return { id: "trees", layers: [layer] };
}

/** Pipes as if the ground were glass: wide ones wider. */
export function pipesOverlay(scheme: Scheme, kinds: readonly Pipe[]): Overlay {
  const layers = kinds.map((kind): LayerSpecification => ({
    id: `utilities-${kind}`,
    type: "line",
    source: "utilities",
    filter: ["==", ["get", "kind"], kind],
    layout: { "line-cap": "round", "line-join": "round" },
    paint: {
      "line-color": EXTRA_COLOURS[scheme][kind],
      "line-width": ["interpolate", ["linear"], ["get", "diameter_mm"], 80, 1.2, 1000, 6],
    },
  }));
  return { id: "utilities", layers };
}
