/** The modes of travel, their names and their colours on the map, in light and in dark. */
import { defineWords } from "~/words/language";
import type { IconName } from "./icons";

export const modeWords = defineWords({
  walk: { ko: "걷기", en: "Walking" },
  bicycle: { ko: "자전거", en: "Bicycle" },
  pm: { ko: "개인형 이동수단", en: "Personal mobility" },
  car: { ko: "승용차", en: "Car" },
  bus: { ko: "버스·BRT", en: "Bus and BRT" },
  shuttle: { ko: "셔틀", en: "Shuttle" },
});

export type Mode = keyof typeof modeWords;
export const MODES = Object.keys(modeWords) as Mode[];
export const isMode = (name: string): name is Mode => name in modeWords;

export const MODE_ICONS: Readonly<Record<Mode, IconName>> = {
  walk: "walk",
  bicycle: "bicycle",
  pm: "scooter",
  car: "car",
  bus: "bus",
  shuttle: "bus",
};

/** Chosen apart in lightness as well as in hue, so that they stay apart for the colour-blind. */
export const MODE_COLOURS: Readonly<Record<"light" | "dark", Readonly<Record<Mode, string>>>> = {
  light: {
    walk: "#8a6a00",
    bicycle: "#2f8f46",
    pm: "#0091a8",
    car: "#cf3f24",
    bus: "#2f4fc4",
    shuttle: "#9a3fae",
  },
  dark: {
    walk: "#f0cf6a",
    bicycle: "#6fd487",
    pm: "#45d9ea",
    car: "#ff7d5e",
    bus: "#8ea8ff",
    shuttle: "#e39af5",
  },
};

/** Read "#rrggbb" into three bytes. */
export function rgb(colour: string): [number, number, number] {
  const value = Number.parseInt(colour.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}
