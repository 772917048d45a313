/** What the pages ask the city, by name. Keys begin with what is asked, so that live events fit. */
import { queryOptions } from "@tanstack/react-query";
import { answer, city } from "~/api/client";
import type { components } from "~/api/schema";

type Schemas = components["schemas"];
export type CityInfo = Schemas["CityView"];
export type Identity = Schemas["Identity"];
export type Playback = Schemas["Playback"];
export type Run = Schemas["Run"];
export type RunInfo = Schemas["RunInfo"];
export type KpiValue = Schemas["KpiValue"];
export type ServiceInfo = Schemas["ServiceView"];
export type Transfer = Schemas["TransferView"];
export type Access = Schemas["AccessLine"];
export type Message = Schemas["Message"];

const LASTING = { staleTime: Infinity } as const; // does not change while the city runs

export const cityQuery = queryOptions({
  queryKey: ["city"],
  queryFn: ({ signal }) => answer(city.GET("/api/city", { signal })),
  ...LASTING,
});

export const identitiesQuery = queryOptions({
  queryKey: ["identities"],
  queryFn: ({ signal }) => answer(city.GET("/api/identities", { signal })),
  ...LASTING,
});

export const servicesQuery = queryOptions({
  queryKey: ["services"],
  queryFn: ({ signal }) => answer(city.GET("/api/services", { signal })),
});

export const runsQuery = queryOptions({
  queryKey: ["runs"],
  queryFn: ({ signal }) => answer(city.GET("/api/runs", { signal })),
});

export const runQuery = (run: string) =>
  queryOptions({
    queryKey: ["run", run],
    queryFn: ({ signal }) =>
      answer(city.GET("/api/runs/{run}", { params: { path: { run } }, signal })),
    ...LASTING,
  });

export const playbackQuery = (run: string) =>
  queryOptions({
    queryKey: ["playback", run],
    queryFn: ({ signal }) =>
      answer(city.GET("/api/runs/{run}/playback", { params: { path: { run } }, signal })),
    ...LASTING,
  });

export const walletQuery = queryOptions({
  queryKey: ["me", "wallet"],
  queryFn: ({ signal }) => answer(city.GET("/api/me/wallet", { signal })),
});

export const transfersQuery = queryOptions({
  queryKey: ["me", "transfers"],
  queryFn: ({ signal }) => answer(city.GET("/api/me/transfers", { signal })),
});

export const inboxQuery = queryOptions({
  queryKey: ["me", "inbox"],
  queryFn: ({ signal }) => answer(city.GET("/api/me/inbox", { signal })),
});

export const accessQuery = queryOptions({
  queryKey: ["me", "access"],
  queryFn: ({ signal }) => answer(city.GET("/api/me/access", { signal })),
});
