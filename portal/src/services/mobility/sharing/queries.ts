/** What the page asks of the sharing service, and what it has it do. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, city } from "~/api/client";
import type { components } from "~/api/schema";

type Schemas = components["schemas"];
export type Vehicle = Schemas["VehicleNear"];
export type Rental = Schemas["Rental"];
export type Station = Schemas["Station"];
export type Position = readonly [number, number];

export const vehiclesQuery = ([lon, lat]: Position, within_m: number) =>
  queryOptions({
    queryKey: ["sharing", "vehicles", lon, lat, within_m],
    queryFn: ({ signal }) =>
      answer(
        city.GET("/api/mobility/sharing/vehicles", {
          params: { query: { lon, lat, within_m } },
          signal,
        }),
      ),
    refetchInterval: 30_000,
  });

export const rentalQuery = queryOptions({
  queryKey: ["me", "rental"],
  queryFn: ({ signal }) => answer(city.GET("/api/mobility/sharing/rentals/current", { signal })),
});

export const stationsQuery = queryOptions({
  queryKey: ["sharing", "stations"],
  queryFn: ({ signal }) => answer(city.GET("/api/mobility/sharing/stations", { signal })),
});

/** Everything that renting and returning changes on screen. */
function useRefresh() {
  const queries = useQueryClient();
  return () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ["me"] }),
      queries.invalidateQueries({ queryKey: ["sharing"] }),
    ]);
}

export function useRent() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (vehicle: string) =>
      answer(city.POST("/api/mobility/sharing/rentals", { body: { vehicle } })),
    onSettled: refresh,
  });
}

export function useReserve() {
  return useMutation({
    mutationFn: (vehicle: string) =>
      answer(city.POST("/api/mobility/sharing/reservations", { body: { vehicle } })),
  });
}

export function useGiveBack(rental: string) {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ([lon, lat]: Position) =>
      answer(
        city.POST("/api/mobility/sharing/rentals/{rental}/return", {
          params: { path: { rental } },
          body: { location: { type: "Point", coordinates: [lon, lat] } },
        }),
      ),
    onSuccess: refresh,
  });
}
