/** What the pages ask of integrated mobility, and what they have it do. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, city } from "~/api/client";
import type { components } from "~/api/schema";
import type { Prefer, Way } from "./wishes";

type Schemas = components["schemas"];
export type Option = Schemas["Option"];
export type Leg = Schemas["Leg"];
export type Journey = Schemas["Journey"];
export type Booking = Schemas["Booking"];
export type RideNow = Schemas["RideNow"];
export type PassOffer = Schemas["PassOffer"];
export type Position = readonly [number, number];

const LOOK_AGAIN_MS = 15_000; // journeys are personal, so no public stream tells of them
const SOON_MS = 1_500; // while an operator outside is being asked
const PLAN_AGAIN_MS = 90_000; // vehicles move on; the city books no plan older than five minutes

export interface Wish {
  from: Position;
  to: Position;
  /** An instant, or undefined for now. */
  leaveAt: string | undefined;
  ways: readonly Way[];
  prefer: Prefer;
}

/** Ways there, best first; whose they are matters, for who may ride what differs. */
export const optionsQuery = (who: string | undefined, { from, to, leaveAt, ways, prefer }: Wish) =>
  queryOptions({
    queryKey: ["maas", "options", who, from, to, leaveAt, ways, prefer],
    queryFn: ({ signal }) =>
      answer(
        city.GET("/api/mobility/maas/options", {
          params: {
            query: {
              from_lon: from[0],
              from_lat: from[1],
              to_lon: to[0],
              to_lat: to[1],
              ways: ways.join(","),
              prefer,
              ...(leaveAt ? { leave_at: leaveAt } : {}),
            },
          },
          signal,
        }),
      ),
    refetchInterval: PLAN_AGAIN_MS,
  });

export const delaysQuery = queryOptions({
  queryKey: ["maas", "delays"],
  queryFn: ({ signal }) => answer(city.GET("/api/mobility/maas/delays", { signal })),
  refetchInterval: LOOK_AGAIN_MS,
});

export const passQuery = queryOptions({
  queryKey: ["me", "pass"],
  queryFn: ({ signal }) => answer(city.GET("/api/mobility/maas/pass", { signal })),
});

export const currentQuery = queryOptions({
  queryKey: ["me", "journeys", "current"],
  queryFn: ({ signal }) => answer(city.GET("/api/mobility/maas/journeys/current", { signal })),
  refetchInterval: LOOK_AGAIN_MS,
});

/** Also while operators outside of the city have not all said yes. */
export const isGoing = ({ state }: Journey): boolean =>
  state === "pending" || state === "booked" || state === "under_way";

export const journeyQuery = (journey: string) =>
  queryOptions({
    queryKey: ["me", "journeys", journey],
    queryFn: ({ signal }) =>
      answer(
        city.GET("/api/mobility/maas/journeys/{journey}", {
          params: { path: { journey } },
          signal,
        }),
      ),
    refetchInterval: ({ state }) => {
      if (state.data?.state === "pending") return SOON_MS;
      return state.data && !isGoing(state.data) ? false : LOOK_AGAIN_MS;
    },
  });

/** Everything that a booking changes on screen: journeys, vehicles that are kept, the wallet. */
export function useRefresh() {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: ["me"] });
}

/** `then` is told at once: what is read again may take the asking component off the page. */
export function useBook(then: (journey: Journey) => void) {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (option: Option) =>
      answer(city.POST("/api/mobility/maas/journeys", { body: { option } })),
    onSuccess: then,
    onSettled: refresh,
  });
}

/** Plans are asked for again: with a pass they cost less. */
export function useBuyPass() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (month: string) =>
      answer(city.POST("/api/mobility/maas/pass", { body: { month } })),
    onSettled: () =>
      Promise.all(
        [["me"], ["maas", "options"]].map((queryKey) => queries.invalidateQueries({ queryKey })),
      ),
  });
}

export function useBoard() {
  return useMutation({
    mutationFn: (journey: string) =>
      answer(
        city.POST("/api/mobility/maas/journeys/{journey}/board", {
          params: { path: { journey } },
        }),
      ),
    onSettled: useRefresh(),
  });
}

/** Unlock a vehicle that was booked with the journey. */
export function useBegin() {
  return useMutation({
    mutationFn: ({ journey, booking }: { journey: string; booking: string }) =>
      answer(
        city.POST("/api/mobility/maas/journeys/{journey}/rides/{booking}/begin", {
          params: { path: { journey, booking } },
        }),
      ),
    onSettled: useRefresh(),
  });
}

/** Whether an operator's name is that of one outside of the city's process. */
export const isOutside = (service: string): boolean =>
  service.startsWith("urn:ngsi-ld:MobilityOperator:");

export const rideQuery = (journey: string, booking: string) =>
  queryOptions({
    queryKey: ["me", "journeys", journey, "rides", booking],
    queryFn: ({ signal }) =>
      answer(
        city.GET("/api/mobility/maas/journeys/{journey}/rides/{booking}", {
          params: { path: { journey, booking } },
          signal,
        }),
      ),
    refetchInterval: ({ state }) => {
      const now = state.data?.state;
      if (now === "paid" || now === "off") return false;
      return now === "asked" || now === "starting" || now === "ending" ? SOON_MS : LOOK_AGAIN_MS;
    },
  });

/** Leave a vehicle of an operator outside somewhere; the operator says whether it may stand there. */
export function useEnd(journey: string, booking: string) {
  return useMutation({
    mutationFn: (at: Position) =>
      answer(
        city.POST("/api/mobility/maas/journeys/{journey}/rides/{booking}/end", {
          params: { path: { journey, booking } },
          body: { location: { type: "Point", coordinates: [at[0], at[1]] } },
        }),
      ),
    onSettled: useRefresh(),
  });
}

export function useCancel() {
  return useMutation({
    mutationFn: (journey: string) =>
      answer(
        city.DELETE("/api/mobility/maas/journeys/{journey}", { params: { path: { journey } } }),
      ),
    onSettled: useRefresh(),
  });
}
