/** Buses and trains as they run now: where they were seen, else where the timetable has them. */
import type { FeatureCollection } from "geojson";
import { answer, city } from "~/api/client";
import { number } from "~/design/figures";
import { MODE_COLOURS } from "~/design/modes";
import type { MapLayer } from "~/services/pages";
import { fillIn, type Language, type Text } from "~/words/language";
import { mapWords } from "./map-words";

const LOOK_AGAIN_MS = 5_000;

const query: MapLayer["query"] = {
  queryKey: ["maas", "vehicles", "now"],
  queryFn: async ({ signal }): Promise<FeatureCollection> => {
    const found = await answer(city.GET("/api/mobility/maas/vehicles/now", { signal }));
    return {
      type: "FeatureCollection",
      features: found.map(({ location, line, seen_at }) => ({
        type: "Feature",
        properties: { line, is_computed: seen_at === null },
        geometry: { type: "Point", coordinates: location.coordinates },
      })),
    };
  },
  refetchInterval: LOOK_AGAIN_MS,
};

/** How many were seen, and of how many the timetable only says where they should be. */
export function transitAmount({ features }: FeatureCollection): Text {
  const computed = features.filter(({ properties }) => properties?.["is_computed"]).length;
  const seen = features.length - computed;
  const words = features.length === 0 ? mapWords.none : computed > 0 ? mapWords.some : mapWords.all;
  const said = (language: Language) =>
    fillIn(words[language], { seen: number(seen, language), computed: number(computed, language) });
  return { ko: said("ko"), en: said("en") };
}

export const transitOnMap: MapLayer = {
  id: "mobility.maas.transit",
  name: mapWords.transit,
  colour: { light: MODE_COLOURS.light.bus, dark: MODE_COLOURS.dark.bus },
  query,
  label: "line",
  pale: "is_computed",
  amount: transitAmount,
};
