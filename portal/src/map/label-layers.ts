import type {
  DataDrivenPropertyValueSpecification,
  ExpressionSpecification,
  LayerSpecification,
} from "maplibre-gl";
import type { Language } from "~/words/language";
import type { Palette } from "./palette";
import { spoken } from "./spoken";

/** Fonts of the reader's own machine: the map fetches none. */
export const FONTS = [
  "Pretendard",
  "Apple SD Gothic Neo",
  "Noto Sans KR",
  "Noto Sans CJK KR",
  "NanumSquare",
];

/** Kinds of places by how far away they are still worth naming. */
const NAMED_FAR = ["hospital", "community", "school_high"];
const NAMED_NEAR = ["culture", "sport", "school_elementary", "school_middle", "station"];
const NAMED_CLOSE = ["hub", "gate", "car_park", "shop", "clinic", "utility", "depot"];
const UNNAMED = ["pm_station"];

/** Names of waters, hills and parks, of places, stops and streets. */
export function labelLayers(palette: Palette, language: Language): LayerSpecification[] {
  const halo = { "text-halo-color": palette.halo, "text-halo-width": 1.6, "text-halo-blur": 0.4 };
  const text = (size: DataDrivenPropertyValueSpecification<number>) => ({
    "text-field": spoken(language),
    "text-font": FONTS,
    "text-size": size,
    "text-max-width": 7,
  });
  return [
    {
      id: "area-labels",
      type: "symbol",
      source: "areas",
      filter: ["in", ["get", "kind"], ["literal", ["water", "hill", "wetland"]]],
      layout: { ...text(13), "text-letter-spacing": 0.08, "symbol-sort-key": 0 },
      paint: {
        ...halo,
        "text-color": [
          "match",
          ["get", "kind"],
          ["water", "wetland"],
          palette.waterLabel,
          palette.labelSoft,
        ],
      },
    },
    {
      id: "street-labels",
      type: "symbol",
      source: "streets",
      minzoom: 14.5,
      filter: ["in", ["get", "kind"], ["literal", ["ring", "trunk", "primary"]]],
      layout: {
        ...text(11),
        "symbol-placement": "line",
        "symbol-spacing": 420,
      },
      paint: { ...halo, "text-color": palette.labelSoft },
    },
    {
      id: "stops",
      type: "circle",
      source: "stops",
      paint: {
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 12, 2.5, 16, 5],
        "circle-color": palette.halo,
        "circle-stroke-color": palette.stop,
        "circle-stroke-width": 2.2,
      },
    },
    ...placeLayers(palette, text(12), halo),
  ];
}

function placeLayers(palette: Palette, text: object, halo: object): LayerSpecification[] {
  const named = {
    ...text,
    "text-anchor": "top" as const,
    "text-offset": [0, 0.5] as [number, number],
  };
  const dots = (id: string, kinds: ExpressionSpecification, minzoom: number, colour: string) => ({
    id,
    type: "circle" as const,
    source: "places",
    minzoom,
    filter: kinds,
    paint: {
      "circle-color": colour,
      "circle-radius": 2.4,
      "circle-stroke-color": palette.halo,
      "circle-stroke-width": 1.2,
    },
  });
  const labels = (id: string, kinds: ExpressionSpecification, minzoom: number, rank: number) => ({
    id,
    type: "symbol" as const,
    source: "places",
    minzoom,
    filter: kinds,
    layout: { ...named, "symbol-sort-key": rank },
    paint: { ...halo, "text-color": rank < 2 ? palette.label : palette.labelSoft },
  });
  const rest: ExpressionSpecification = [
    "!",
    among([...NAMED_FAR, ...NAMED_NEAR, ...NAMED_CLOSE, ...UNNAMED]),
  ];
  return [
    dots("dots-vehicles", among(UNNAMED), 15.3, palette.pm),
    dots("dots-close", among(NAMED_CLOSE), 15.3, palette.labelSoft),
    dots("dots", ["!", among([...NAMED_CLOSE, ...UNNAMED])], 14, palette.label),
    labels("labels-far", among(NAMED_FAR), 13.6, 0),
    labels("labels-near", among(NAMED_NEAR), 14.6, 1),
    labels("labels-rest", rest, 15.3, 2),
    labels("labels-close", among(NAMED_CLOSE), 16.3, 3),
    {
      id: "stop-labels",
      type: "symbol",
      source: "stops",
      minzoom: 14.2,
      layout: { ...named, "symbol-sort-key": 1 },
      paint: { ...halo, "text-color": palette.stop },
    },
  ];
}

const among = (kinds: string[]): ExpressionSpecification => [
  "in",
  ["get", "kind"],
  ["literal", kinds],
];
