import type { ExpressionSpecification, FilterSpecification, LayerSpecification } from "maplibre-gl";
import type { Palette } from "./palette";

const CARRIAGEWAYS = [
  "motorway",
  "trunk",
  "primary",
  "secondary",
  "ring",
  "residential",
  "service",
];

/** All lanes of a street as pixels: half a pixel a metre at zoom 16, doubling each zoom. */
function width(factor: number): ExpressionSpecification {
  const metres: ExpressionSpecification = [
    "max",
    5, // else paths vanish
    ["to-number", ["get", "width_m"]],
  ];
  return [
    "interpolate",
    ["exponential", 2],
    ["zoom"],
    12,
    ["*", metres, factor * 0.07],
    18,
    ["*", metres, factor * 1.9],
  ];
}

const isKind = (...kinds: string[]): FilterSpecification => [
  "in",
  ["get", "kind"],
  ["literal", kinds],
];

const ROUND = { "line-cap": "round", "line-join": "round" } as const;

/** Streets by kind: casing first, so that crossings join. */
export function streetLayers(palette: Palette): LayerSpecification[] {
  const line = (id: string, kinds: string[], paint: object): LayerSpecification => ({
    id: `street-${id}`,
    type: "line",
    source: "streets",
    filter: isKind(...kinds),
    layout: ROUND,
    paint,
  });
  return [
    line("outside", ["outside"], { "line-color": palette.outside, "line-width": 1.4 }),
    line("casing", CARRIAGEWAYS, { "line-color": palette.casing, "line-width": width(1.3) }),
    line("foot", ["pedestrian"], { "line-color": palette.foot, "line-width": width(1.1) }),
    line("path", ["path"], {
      "line-color": palette.casing,
      "line-width": ["interpolate", ["linear"], ["zoom"], 13, 0.6, 17, 2],
      "line-dasharray": [1.5, 1.8],
    }),
    line("fill", CARRIAGEWAYS, {
      "line-color": ["match", ["get", "kind"], ["ring", "trunk"], palette.ring, palette.road],
      "line-width": width(1),
    }),
    line("cycle", ["cycleway"], {
      "line-color": palette.cycle,
      "line-width": ["interpolate", ["linear"], ["zoom"], 13, 0.7, 17, 3],
    }),
    line("pm", ["pm_lane"], {
      "line-color": palette.pm,
      "line-width": ["interpolate", ["linear"], ["zoom"], 13, 0.7, 17, 3],
      "line-opacity": 0.75,
    }),
    line("gate", ["gate"], {
      "line-color": palette.restricted,
      "line-width": ["interpolate", ["linear"], ["zoom"], 13, 1.5, 17, 5],
    }),
  ];
}

/** Buildings with their own height, coloured by what happens in them. */
export function buildingLayers(palette: Palette, flat: boolean): LayerSpecification[] {
  const kinds = Object.entries(palette.buildings).flat();
  const byKind = ["match", ["get", "kind"], ...kinds, palette.building] as unknown;
  const colour = byKind as ExpressionSpecification; // pairs of kind and colour, by construction
  if (flat) {
    const paint = { "fill-color": colour, "fill-outline-color": palette.casing };
    return [{ id: "buildings", type: "fill", source: "buildings", minzoom: 14, paint }];
  }
  return [
    {
      id: "buildings",
      type: "fill-extrusion",
      source: "buildings",
      minzoom: 12,
      paint: {
        "fill-extrusion-color": colour,
        "fill-extrusion-height": ["get", "height_m"],
        "fill-extrusion-opacity": 0.94,
        "fill-extrusion-vertical-gradient": true,
      },
    },
  ];
}
