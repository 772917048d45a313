/** Notifications that were not taken, and what operators do about them. */
import { queryOptions } from "@tanstack/react-query";
import { answer, city } from "~/api/client";
import type { components } from "~/api/schema";
import { PAGE } from "./queries";

type Dead = components["schemas"]["DeliveryView"];
/** One notification to one subscription; its id names both. */
export type Delivery = Dead & { id: string };

const LOOK_AGAIN_MS = 20_000;

export const deadQuery = (page: number) =>
  queryOptions({
    queryKey: ["deliveries", page],
    queryFn: async ({ signal }): Promise<Delivery[]> => {
      const query = { state: "dead", limit: PAGE + 1, offset: page * PAGE };
      // The city describes this list without its words: it reads them by hand.
      const words = { params: { query: query as never } };
      const found = await answer(city.GET("/api/deliveries", { ...words, signal }));
      return found.map((one) => ({ ...one, id: `${one.notice} ${one.subscription}` }));
    },
    refetchInterval: LOOK_AGAIN_MS,
  });

/** What one notification is called by the city. */
function chosen(id: string) {
  const gap = id.indexOf(" ");
  const body = { notice: Number(id.slice(0, gap)), subscription: id.slice(gap + 1) };
  return { body: body as never }; // likewise read by hand
}

export const replayDelivery = (id: string) =>
  answer(city.POST("/api/deliveries/replay", chosen(id)));

export const dropDelivery = (id: string) => answer(city.POST("/api/deliveries/drop", chosen(id)));
