/** The vehicles that stand free now, from the open GBFS feed, for the city's map. */
import type { FeatureCollection } from "geojson";
import { answer, city } from "~/api/client";
import type { MapLayer } from "~/services/pages";
import { sharingWords } from "./words";

const LOOK_AGAIN_MS = 10_000;

interface Status {
  data: { vehicles: { lat: number; lon: number; is_reserved: boolean; is_disabled: boolean }[] };
}

const query: MapLayer["query"] = {
  queryKey: ["sharing", "vehicles", "map"],
  queryFn: async ({ signal }): Promise<FeatureCollection> => {
    const path = { feed: "vehicle_status.json" as const };
    const read = city.GET("/api/mobility/sharing/gbfs/{feed}", { params: { path }, signal });
    const { data } = (await answer(read)) as unknown as Status;
    return {
      type: "FeatureCollection",
      features: data.vehicles.map(({ lon, lat, is_reserved, is_disabled }) => ({
        type: "Feature",
        properties: { is_reserved, is_disabled },
        geometry: { type: "Point", coordinates: [lon, lat] },
      })),
    };
  },
  refetchInterval: LOOK_AGAIN_MS,
};

export const vehiclesOnMap: MapLayer = {
  id: "mobility.sharing",
  name: sharingWords.name,
  colour: { light: "#0b5c6c", dark: "#78cbd4" },
  query,
};
