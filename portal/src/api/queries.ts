/** What the pages ask the city, by name. Keys begin with what is asked, so that live events fit. */
import { queryOptions } from "@tanstack/react-query";
import { answer, city } from "~/api/client";
import type { components } from "~/api/schema";
import type { Identity, Weather } from "~/api/shapes";

type Schemas = components["schemas"];
export type CityInfo = Schemas["CityView"];
export type RunInfo = Schemas["RunView"];
export type Run = Schemas["Report"] & { run: string };
export type KpiValue = Schemas["Measured"];
export type ServiceInfo = Schemas["ServiceView"];
export type Transfer = Schemas["TransferView"];
export type Message = Schemas["Message"];
export type Job = Schemas["Job"];
export type Playback = Omit<Schemas["PlaybackView"], "weather"> & { weather: Weather[] };

const LASTING = { staleTime: Infinity } as const; // does not change while the city runs
const NEWS_EVERY_MS = 20_000; // what is personal is in no public stream, so it is asked for

export const cityQuery = queryOptions({
  queryKey: ["city"],
  queryFn: ({ signal }) => answer(city.GET("/api/city", { signal })),
  ...LASTING,
});

export const identitiesQuery = queryOptions({
  queryKey: ["identities"],
  queryFn: async ({ signal }) =>
    (await answer(city.GET("/api/identities", { signal }))) as unknown as Identity[],
  ...LASTING,
});

export const servicesQuery = queryOptions({
  queryKey: ["services"],
  queryFn: ({ signal }) => answer(city.GET("/api/services", { signal })),
});

/** The KPIs of the living city, measured today. */
export const todayQuery = queryOptions({
  queryKey: ["kpis", "today"],
  queryFn: ({ signal }) => answer(city.GET("/api/kpis", { signal })),
});

export const runsQuery = queryOptions({
  queryKey: ["runs"],
  queryFn: ({ signal }) => answer(city.GET("/api/runs", { signal })),
});

export const runQuery = (run: string) =>
  queryOptions({
    queryKey: ["run", run],
    queryFn: async ({ signal }): Promise<Run> => ({
      ...(await answer(city.GET("/api/runs/{run}", { params: { path: { run } }, signal }))),
      run,
    }),
    ...LASTING,
  });

export const playbackQuery = (run: string) =>
  queryOptions({
    queryKey: ["playback", run],
    queryFn: async ({ signal }) =>
      (await answer(
        city.GET("/api/runs/{run}/playback", { params: { path: { run } }, signal }),
      )) as unknown as Playback,
    ...LASTING,
  });

export const walletQuery = queryOptions({
  queryKey: ["me", "wallet"],
  queryFn: ({ signal }) => answer(city.GET("/api/me/wallet", { signal })),
});

export const inboxQuery = queryOptions({
  queryKey: ["me", "inbox"],
  queryFn: ({ signal }) => answer(city.GET("/api/me/inbox", { signal })),
  refetchInterval: NEWS_EVERY_MS,
});
