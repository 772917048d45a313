/** What the page asks of the sharing service, and what it has it do. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, city } from "~/api/client";
import type { components } from "~/api/schema";

type Schemas = components["schemas"];
export type Vehicle = Schemas["Nearby"];
export type Rental = Schemas["Rental"];
export type Parking = Schemas["Parking"];
export type Tariff = Schemas["Tariff"];
export type Position = readonly [number, number];

const LOOK_AGAIN_MS = 30_000; // where single vehicles go is in no public stream
const MOST_SHOWN = 40;

export const vehiclesQuery = ([lon, lat]: Position, within_m: number, kind?: Vehicle["kind"]) =>
  queryOptions({
    queryKey: ["sharing", "vehicles", lon, lat, within_m, kind],
    queryFn: ({ signal }) =>
      answer(
        city.GET("/api/mobility/sharing/vehicles", {
          params: { query: { lon, lat, within_m, limit: MOST_SHOWN, ...(kind ? { kind } : {}) } },
          signal,
        }),
      ),
    refetchInterval: LOOK_AGAIN_MS,
  });

export const parkingQuery = ([lon, lat]: Position) =>
  queryOptions({
    queryKey: ["sharing", "parking", lon, lat],
    queryFn: ({ signal }) =>
      answer(
        city.GET("/api/mobility/sharing/parking", { params: { query: { lon, lat } }, signal }),
      ),
  });

export const tariffQuery = queryOptions({
  queryKey: ["sharing", "tariff"],
  queryFn: ({ signal }) => answer(city.GET("/api/mobility/sharing/tariff", { signal })),
  staleTime: Infinity,
});

export const rentalQuery = queryOptions({
  queryKey: ["me", "rental"],
  queryFn: ({ signal }) => answer(city.GET("/api/mobility/sharing/rentals/current", { signal })),
  refetchInterval: LOOK_AGAIN_MS,
});

/** Everything that renting and returning changes on screen. */
function useRefresh() {
  const queries = useQueryClient();
  return () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ["me"] }),
      queries.invalidateQueries({ queryKey: ["sharing", "vehicles"] }),
      queries.invalidateQueries({ queryKey: ["sharing", "parking"] }),
    ]);
}

export function useRent() {
  return useMutation({
    mutationFn: (vehicle: string) =>
      answer(city.POST("/api/mobility/sharing/rentals", { body: { vehicle } })),
    onSettled: useRefresh(),
  });
}

export function useReserve() {
  return useMutation({
    mutationFn: (vehicle: string) =>
      answer(city.POST("/api/mobility/sharing/reservations", { body: { vehicle } })),
    onSettled: useRefresh(),
  });
}

/** `then` is told at once: what is read again may take the asking component off the page. */
export function useCancel(then: () => void) {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (rental: string) =>
      answer(
        city.DELETE("/api/mobility/sharing/reservations/{rental}", {
          params: { path: { rental } },
        }),
      ),
    onSuccess: then,
    onSettled: refresh,
  });
}

export function useGiveBack(rental: string, then: (ended: Rental) => void) {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ([lon, lat]: Position) =>
      answer(
        city.POST("/api/mobility/sharing/rentals/{rental}/return", {
          params: { path: { rental } },
          body: { location: { type: "Point", coordinates: [lon, lat] } },
        }),
      ),
    onSuccess: (ended) => {
      then(ended);
      return refresh();
    },
  });
}
