/** What the city's operator asks about operators outside, and what is done with them. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, city } from "~/api/client";
import type { components } from "~/api/schema";

type Schemas = components["schemas"];
export type Known = Schemas["Known"];
export type Operator = Schemas["Operator"];
export type Statement = Schemas["Statement"];
export type Earning = Schemas["Earning"];
export type Order = Schemas["Order"];

const LOOK_AGAIN_MS = 5_000; // operators are asked every minute, bookings every few seconds

export const operatorsQuery = queryOptions({
  queryKey: ["maas", "operators"],
  queryFn: ({ signal }) => answer(city.GET("/api/mobility/maas/operators", { signal })),
  refetchInterval: LOOK_AGAIN_MS,
});

export const ordersQuery = queryOptions({
  queryKey: ["maas", "orders"],
  queryFn: ({ signal }) => answer(city.GET("/api/mobility/maas/orders", { signal })),
  refetchInterval: LOOK_AGAIN_MS,
});

export const statementsQuery = queryOptions({
  queryKey: ["maas", "statements"],
  queryFn: ({ signal }) => answer(city.GET("/api/mobility/maas/statements", { signal })),
});

export const readLines = (statement: string): Promise<Earning[]> =>
  answer(
    city.GET("/api/mobility/maas/statements/{statement}/lines", {
      params: { path: { statement } },
    }),
  );

/** The last part of an id: what its owner called it. */
export const nameOf = (id: string): string => id.slice(id.lastIndexOf(":") + 1);

/** Everything that is registered of an operator; what is left out is forgotten. */
export type Registration = Omit<Operator, "id" | "title" | "standard"> & {
  name: string;
  title_ko: string;
  title_en: string;
};

export const registrationOf = (operator: Operator): Registration => ({
  name: nameOf(operator.id),
  title_ko: operator.title.ko,
  title_en: operator.title.en,
  base_url: operator.base_url,
  modes: operator.modes,
  area: operator.area,
  prices: operator.prices,
  active: operator.active,
  fee_permille: operator.fee_permille,
  credit_won: operator.credit_won,
});

function useChange<Input, Done>(what: string, change: (input: Input) => Promise<Done>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () => queries.invalidateQueries({ queryKey: ["maas", what] }),
  });
}

export const useRegister = () =>
  useChange("operators", (body: Registration) =>
    answer(city.POST("/api/mobility/maas/operators", { body })),
  );

export const useSettle = () =>
  useChange("statements", (month: string) =>
    answer(city.POST("/api/mobility/maas/statements", { body: { month } })),
  );

/** The transfer is named after the statement, so that it is paid once whoever presses how often. */
export const usePay = () =>
  useChange("statements", (statement: string) =>
    answer(
      city.POST("/api/mobility/maas/statements/{statement}/pay", {
        params: { path: { statement } },
        body: { transfer: nameOf(statement) },
      }),
    ),
  );

export const useDropDispute = () =>
  useChange("orders", (order: string) =>
    answer(city.DELETE("/api/mobility/maas/orders/{order}", { params: { path: { order } } })),
  );
