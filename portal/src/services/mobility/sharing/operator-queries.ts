/** What an operator asks of the sharing service. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, city } from "~/api/client";
import type { components } from "~/api/schema";

type Schemas = components["schemas"];
export type FleetVehicle = Schemas["Vehicle"];
export type Task = Schemas["Task"];
export type Job = Schemas["Job"];

const LOOK_AGAIN_MS = 10_000;
const WATCH_MS = 700;
const WHOLE_FLEET = 5_000;

export const fleetQuery = queryOptions({
  queryKey: ["sharing", "fleet"],
  queryFn: ({ signal }) =>
    answer(
      city.GET("/api/mobility/sharing/fleet", {
        params: { query: { limit: WHOLE_FLEET } },
        signal,
      }),
    ),
  refetchInterval: LOOK_AGAIN_MS,
});

export const tasksQuery = queryOptions({
  queryKey: ["sharing", "tasks"],
  queryFn: ({ signal }) => answer(city.GET("/api/mobility/sharing/tasks", { signal })),
  refetchInterval: LOOK_AGAIN_MS,
});

export const isOver = (job: Job): boolean => job.state !== "waiting" && job.state !== "running";

/** One job, watched closely until it is over. */
export const jobQuery = (id: string) =>
  queryOptions({
    queryKey: ["jobs", id],
    queryFn: async ({ signal }) =>
      (await answer(city.GET("/api/jobs", { signal }))).find((job) => job.id === id) ?? null,
    refetchInterval: ({ state }) => (state.data && isOver(state.data) ? false : WATCH_MS),
  });

export function usePlan() {
  return useMutation({
    mutationFn: () => answer(city.POST("/api/mobility/sharing/rebalancing")),
  });
}

export function useCancelJob(job: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => answer(city.POST("/api/jobs/{job}/cancel", { params: { path: { job } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: ["jobs", job] }),
  });
}
