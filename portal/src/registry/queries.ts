/** What the registry's pages ask the city. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { answer, city, newKey, once } from "~/api/client";
import type { components } from "~/api/schema";

type Schemas = components["schemas"];
export type Escrow = Schemas["Escrow"];
export type Milestone = Schemas["Milestone"];
export type Plan = Schemas["PaymentPlan"];
export type Order = Schemas["StandingOrder"];
export type Drive = Schemas["PledgeDrive"];
export type Asset = Schemas["RegisteredAsset"];
export type Lien = Schemas["Lien"];

export const escrowsQuery = queryOptions({
  queryKey: ["me", "escrows"],
  queryFn: ({ signal }) => answer(city.GET("/api/me/escrows", { signal })),
});

export const plansQuery = queryOptions({
  queryKey: ["plans"],
  queryFn: ({ signal }) => answer(city.GET("/api/plans", { signal })),
});

export const ordersQuery = queryOptions({
  queryKey: ["me", "standing-orders"],
  queryFn: ({ signal }) => answer(city.GET("/api/me/standing-orders", { signal })),
});

export const drivesQuery = queryOptions({
  queryKey: ["drives"],
  queryFn: ({ signal }) => answer(city.GET("/api/drives", { signal })),
});

export const assetsQuery = queryOptions({
  queryKey: ["me", "assets"],
  queryFn: ({ signal }) => answer(city.GET("/api/me/assets", { signal })),
});

/** What a step may have changed. */
export const AFTER_STEP = [["me"], ["plans"], ["drives"]] as const;

/** Do something, then look again at all that it may have changed.
 *  The same words have the same key until they were answered: pressed again, it is done once. */
export function useStep<Words = void, Result = unknown>(
  act: (words: Words, key: string) => Promise<Result>,
) {
  const queries = useQueryClient();
  const wish = useRef({ said: "", key: "" });
  return useMutation({
    mutationFn: (words: Words) => {
      const said = JSON.stringify(words ?? null);
      if (wish.current.said !== said) wish.current = { said, key: newKey() };
      return act(words, wish.current.key);
    },
    onSuccess: () => {
      wish.current.said = "";
      return Promise.all(AFTER_STEP.map((queryKey) => queries.invalidateQueries({ queryKey })));
    },
  });
}

const partOf = (escrow: string, part: number) => ({ path: { escrow, part } });

export const confirmPart = (escrow: string, part: number) =>
  answer(
    city.POST("/api/me/escrows/{escrow}/parts/{part}/confirm", { params: partOf(escrow, part) }),
  );

export const giveUpPart = (escrow: string, part: number) =>
  answer(
    city.POST("/api/me/escrows/{escrow}/parts/{part}/give-up", { params: partOf(escrow, part) }),
  );

export interface Wish {
  payee: string;
  title: string;
  amount_won: number;
  days: number;
  confirmer: string | null;
  when: Schemas["Happening"] | null;
}

/** Set money aside in one part; without confirmer and event it is paid when its time is over. */
export const openEscrow = (
  { payee, title, amount_won, days, confirmer, when }: Wish,
  key: string,
) =>
  answer(
    city.POST("/api/me/escrows", {
      body: {
        payee,
        title,
        days,
        confirmer,
        parts: [{ title, amount_won, when }],
        then: confirmer || when ? "back" : "paid",
      },
      ...once(key),
    }),
  );

export const subscribe = (plan: string, key: string) =>
  answer(
    city.POST("/api/plans/{plan}/subscriptions", { params: { path: { plan } }, ...once(key) }),
  );

export const endOrder = (order: string) =>
  answer(city.DELETE("/api/me/standing-orders/{order}", { params: { path: { order } } }));

export const pledge = (drive: string, amount_won: number, key: string) =>
  answer(
    city.POST("/api/drives/{drive}/pledges", {
      params: { path: { drive } },
      body: { amount_won },
      ...once(key),
    }),
  );

const thing = (asset: string) => ({ params: { path: { asset } } });

export const offerThing = (asset: string, to: string, price_won: number) =>
  answer(
    city.POST("/api/me/assets/{asset}/offer", {
      ...thing(asset),
      body: { to, price_won, days: 14 },
    }),
  );

export const withdrawOffer = (asset: string) =>
  answer(city.DELETE("/api/me/assets/{asset}/offer", thing(asset)));

/** Take what is offered, at the price that was shown. */
export const acceptThing = (asset: string, price_won: number) =>
  answer(city.POST("/api/me/assets/{asset}/accept", { ...thing(asset), body: { price_won } }));

export const agreeToLien = (asset: string, lien: string) =>
  answer(
    city.POST("/api/me/assets/{asset}/liens/{lien}/agree", { params: { path: { asset, lien } } }),
  );

export const releaseLien = (asset: string, lien: string) =>
  answer(city.DELETE("/api/assets/{asset}/liens/{lien}", { params: { path: { asset, lien } } }));
