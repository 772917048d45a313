/** How the studio draws what is changed and what is selected; the legend has the same colours. */
import type { LayerSpecification } from "maplibre-gl";
import type { Overlay } from "~/map/use-overlay";

/** Apart in lightness as well as in hue, and closed streets are dashed. */
export const LOOKS = {
  light: {
    closed: "#b3261e",
    changed: "#7a3fc4",
    base: "#7a3fc4",
    chosen: "#0b5c6c",
    halo: "#ffffff",
  },
  dark: {
    closed: "#ff8a7a",
    changed: "#c9a2ff",
    base: "#c9a2ff",
    chosen: "#78cbd4",
    halo: "#0c1413",
  },
} as const;
export type Looks = (typeof LOOKS)[keyof typeof LOOKS];

/** What the map says of a street: `base` is changed by the base already. */
export type Look = "base" | "changed" | "closed" | "chosen";

export const HIT = "studio-hit";
export const HOVER = "studio-hover";

const ROUND = { "line-cap": "round", "line-join": "round" } as const;

export function streetOverlay(looks: Looks): Overlay {
  const width = (factor: number) =>
    ["interpolate", ["linear"], ["zoom"], 12, 2 * factor, 16, 6 * factor] as never;
  const line = (look: Look, more: object): LayerSpecification => ({
    id: `studio-${look}`,
    type: "line",
    source: "studio-streets",
    filter: ["==", ["get", "look"], look],
    layout: { "line-join": "round" },
    paint: { "line-color": looks[look], "line-width": width(1), ...more },
  });
  return {
    id: "studio-streets",
    layers: [
      {
        id: HOVER,
        type: "line",
        source: "streets",
        filter: ["==", ["get", "link"], ""],
        layout: ROUND,
        paint: { "line-color": looks.chosen, "line-width": width(1.6), "line-opacity": 0.45 },
      },
      line("base", { "line-width": width(0.6), "line-opacity": 0.55 }),
      line("changed", {}),
      line("closed", { "line-dasharray": [1.2, 0.8] }),
      line("chosen", { "line-width": width(1.5) }),
      {
        id: HIT,
        type: "line",
        source: "streets",
        paint: { "line-color": looks.chosen, "line-width": 10, "line-opacity": 0 },
      },
    ],
  };
}

export function pointOverlay(looks: Looks): Overlay {
  return {
    id: "studio-points",
    layers: [
      {
        id: "studio-point",
        type: "circle",
        source: "studio-points",
        paint: {
          "circle-radius": 8,
          "circle-color": looks.changed,
          "circle-stroke-color": looks.halo,
          "circle-stroke-width": 2.5,
        },
      },
    ],
  };
}
