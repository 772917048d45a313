/** What the pages about money ask the city, and what they have it do. */
import { queryOptions } from "@tanstack/react-query";
import { answer, city } from "~/api/client";
import type { components } from "~/api/schema";

type Schemas = components["schemas"];
export type Experiment = Schemas["Experiment"];
export type AccountOrder = Schemas["AccountOrder"];
export type CampaignLine = Schemas["CampaignLine"];
export type Voucher = Schemas["Voucher"];
export type VoucherProgramme = Schemas["VoucherProgramme"];
export type BankFile = Schemas["BankFile"];
export type ExperimentReport = Schemas["ExperimentReport"];
export type MeanDifference = Schemas["MeanDifference"];

const SOON_MS = 2_000; // what others take from while one looks
export const LIVE_MS = 5_000;

export const moneyRequestsQuery = queryOptions({
  queryKey: ["me", "money-requests"],
  queryFn: ({ signal }) => answer(city.GET("/api/me/money-requests", { signal })),
});
export const splitsQuery = queryOptions({
  queryKey: ["me", "splits"],
  queryFn: ({ signal }) => answer(city.GET("/api/me/splits", { signal })),
});
export const standingQuery = queryOptions({
  queryKey: ["me", "standing-orders"],
  queryFn: ({ signal }) => answer(city.GET("/api/me/standing-orders", { signal })),
});
export const vouchersQuery = queryOptions({
  queryKey: ["me", "vouchers"],
  queryFn: ({ signal }) => answer(city.GET("/api/me/vouchers", { signal })),
});
export const myRewardsQuery = queryOptions({
  queryKey: ["me", "rewards"],
  queryFn: ({ signal }) => answer(city.GET("/api/me/rewards", { signal })),
});
export const duesQuery = queryOptions({
  queryKey: ["me", "dues"],
  queryFn: ({ signal }) => answer(city.GET("/api/me/dues", { signal })),
});
export const limitQuery = queryOptions({
  queryKey: ["me", "spending-limit"],
  queryFn: ({ signal }) => answer(city.GET("/api/me/spending-limit", { signal })),
});
export const accountQuery = queryOptions({
  queryKey: ["me", "account"],
  queryFn: ({ signal }) => answer(city.GET("/api/me/account", { signal })),
});
export const myOrdersQuery = queryOptions({
  queryKey: ["me", "account-orders"],
  queryFn: ({ signal }) => answer(city.GET("/api/me/account-orders", { signal })),
});
export const wardsQuery = queryOptions({
  queryKey: ["me", "wards"],
  queryFn: ({ signal }) => answer(city.GET("/api/me/wards", { signal })),
});
/** The newest lines of one's own account. */
export const myTransfersQuery = queryOptions({
  queryKey: ["me", "transfers", "newest"],
  queryFn: ({ signal }) =>
    answer(city.GET("/api/me/transfers", { params: { query: { limit: 100 } as never }, signal })),
});
export const myExperimentsQuery = queryOptions({
  queryKey: ["me", "experiments"],
  queryFn: ({ signal }) => answer(city.GET("/api/me/experiments", { signal })),
});

export const programmesQuery = queryOptions({
  queryKey: ["voucher-programmes"],
  queryFn: ({ signal }) => answer(city.GET("/api/voucher-programmes", { signal })),
});
export const rewardBudgetsQuery = queryOptions({
  queryKey: ["reward-budgets"],
  queryFn: ({ signal }) => answer(city.GET("/api/reward-budgets", { signal })),
});
export const issuesQuery = queryOptions({
  queryKey: ["issues"],
  queryFn: ({ signal }) => answer(city.GET("/api/issues", { signal })),
  refetchInterval: SOON_MS,
});
export const allowancesQuery = queryOptions({
  queryKey: ["allowances"],
  queryFn: ({ signal }) => answer(city.GET("/api/allowances", { signal })),
});
export const experimentsQuery = queryOptions({
  queryKey: ["experiments"],
  queryFn: ({ signal }) => answer(city.GET("/api/experiments", { signal })),
});
export const campaignsQuery = queryOptions({
  queryKey: ["campaigns"],
  queryFn: ({ signal }) => answer(city.GET("/api/campaigns", { signal })),
});
export const campaignBookQuery = (campaign: string) =>
  queryOptions({
    queryKey: ["campaigns", campaign],
    queryFn: ({ signal }) =>
      answer(
        city.GET("/api/campaigns/{campaign}/book", { params: { path: { campaign } }, signal }),
      ),
  });
export const openShopsQuery = queryOptions({
  queryKey: ["shops"],
  queryFn: ({ signal }) =>
    answer(city.GET("/api/shops", { params: { query: { limit: 1000 } }, signal })),
});

export const waitingShopsQuery = queryOptions({
  queryKey: ["office", "shops"],
  queryFn: ({ signal }) => answer(city.GET("/api/shops/waiting", { signal })),
});
export const ordersQuery = (state: "asked" | "in force") =>
  queryOptions({
    queryKey: ["office", "orders", state],
    queryFn: ({ signal }) =>
      answer(city.GET("/api/account-orders", { params: { query: { state } }, signal })),
  });
export const budgetsQuery = queryOptions({
  queryKey: ["office", "budgets"],
  queryFn: ({ signal }) => answer(city.GET("/api/budgets", { signal })),
});
export const chargedQuery = queryOptions({
  queryKey: ["office", "dues"],
  queryFn: ({ signal }) => answer(city.GET("/api/dues", { signal })),
});
export const queueQuery = queryOptions({
  queryKey: ["office", "bank-queue"],
  queryFn: ({ signal }) => answer(city.GET("/api/bank-queue", { signal })),
});
export const bankFilesQuery = queryOptions({
  queryKey: ["office", "bank-files"],
  queryFn: ({ signal }) => answer(city.GET("/api/bank-files", { signal })),
});

export const reconciliationQuery = queryOptions({
  queryKey: ["treasury", "reconciliation"],
  queryFn: ({ signal }) => answer(city.GET("/api/treasury/reconciliation", { signal })),
  refetchInterval: LIVE_MS,
});
export const currencyMonthQuery = (month: string) =>
  queryOptions({
    queryKey: ["treasury", "month", month],
    queryFn: ({ signal }) =>
      answer(city.GET("/api/currency/month", { params: { query: { month } as never }, signal })),
  });
export const reportQuery = (experiment: string) =>
  queryOptions({
    queryKey: ["experiments", experiment, "report"],
    queryFn: ({ signal }) =>
      answer(
        city.GET("/api/experiments/{experiment}/report", {
          params: { path: { experiment } },
          signal,
        }),
      ),
    retry: false,
  });

export const keepersQuery = (shop: string) =>
  queryOptions({
    queryKey: ["me", "shops", shop, "keepers"],
    queryFn: ({ signal }) =>
      answer(city.GET("/api/shops/{shop}/keepers", { params: { path: { shop } }, signal })),
  });
export const takingsQuery = (shop: string, day: string) =>
  queryOptions({
    queryKey: ["me", "shops", shop, "takings", day],
    queryFn: ({ signal }) =>
      answer(
        city.GET("/api/shops/{shop}/takings", {
          params: { path: { shop }, query: { day } as never },
          signal,
        }),
      ),
  });
export const cashOutsQuery = (shop: string) =>
  queryOptions({
    queryKey: ["me", "shops", shop, "cash-outs"],
    queryFn: ({ signal }) =>
      answer(city.GET("/api/shops/{shop}/cash-outs", { params: { path: { shop } }, signal })),
  });

export const ME = [["me"]] as const; // whatever is one's own, the wallet included
export const OFFICE = [["office"]] as const;
