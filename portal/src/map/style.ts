/** The base map's style: the city's own scene, drawn like a paper map, in either language. */
import type { StyleSpecification } from "maplibre-gl";
import type { Language } from "~/words/language";
import { groundLayers } from "./ground-layers";
import { labelLayers } from "./label-layers";
import { PALETTES, type Scheme } from "./palette";
import { buildingLayers, streetLayers } from "./street-layers";

/** What `/api/scene/{layer}` serves, in the order in which it is drawn. */
export const SCENE_LAYERS = ["areas", "ground", "streets", "buildings", "stops", "places"] as const;
export type SceneLayer = (typeof SCENE_LAYERS)[number];

export const sceneAddress = (layer: SceneLayer): string =>
  new URL(`/api/scene/${layer}`, window.location.origin).href;

/** `flat` leaves out height, for small maps that only say where something is. */
export function mapStyle(scheme: Scheme, language: Language, flat = false): StyleSpecification {
  const palette = PALETTES[scheme];
  return {
    version: 8,
    sources: Object.fromEntries(
      SCENE_LAYERS.map((layer) => [
        layer,
        { type: "geojson" as const, data: sceneAddress(layer), tolerance: 0.5, maxzoom: 16 },
      ]),
    ),
    light: { anchor: "map", position: [1.4, 215, 38], color: palette.light, intensity: 0.28 },
    layers: [
      { id: "land", type: "background", paint: { "background-color": palette.land } },
      ...groundLayers(palette),
      ...streetLayers(palette),
      ...buildingLayers(palette, flat),
      ...labelLayers(palette, language),
    ],
  };
}
