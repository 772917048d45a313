/** What a shop's keeper asks the city. */
import { queryOptions } from "@tanstack/react-query";
import { answer, city, once } from "~/api/client";

export const shopsQuery = queryOptions({
  queryKey: ["me", "shops"],
  queryFn: ({ signal }) => answer(city.GET("/api/me/shops", { signal })),
});

export const signQuery = (shop: string) =>
  queryOptions({
    queryKey: ["me", "shops", shop, "code"],
    queryFn: ({ signal }) =>
      answer(city.GET("/api/shops/{shop}/code", { params: { path: { shop } }, signal })),
  });

export const charge = (shop: string, payload: string, amount_won: number, key: string) =>
  answer(
    city.POST("/api/shops/{shop}/charges", {
      params: { path: { shop } },
      body: { payload, amount_won, memo: "" },
      ...once(key),
    }),
  );

export const makeBill = (shop: string, amount_won: number) =>
  answer(
    city.POST("/api/shops/{shop}/bills", {
      params: { path: { shop } },
      body: { amount_won, reference: "", minutes: 15 },
    }),
  );

/** All or part of a payment goes back, by a transfer of its own. */
export const giveBack = (
  shop: string,
  payment: string,
  transfer: string,
  amount_won: number,
  memo = "",
) =>
  answer(
    city.POST("/api/shops/{shop}/refunds", {
      params: { path: { shop } },
      body: { payment, transfer, amount_won, memo },
    }),
  );

export const applyFor = (name: string, business: string) =>
  answer(city.POST("/api/shops", { body: { name, business, location: null } }));
