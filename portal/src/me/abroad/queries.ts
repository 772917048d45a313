/** What the page about other cities asks this one. */
import { queryOptions } from "@tanstack/react-query";
import { answer, city } from "~/api/client";
import type { components } from "~/api/schema";
import { isUnsigned } from "~/ledger/queries";

type Schemas = components["schemas"];
export type Place = Schemas["Abroad"];
export type Slip = Schemas["SentSlip"];
export type SlipFile = Schemas["SlipFile"];

export const placesQuery = queryOptions({
  queryKey: ["me", "abroad"],
  queryFn: ({ signal }) => answer(city.GET("/api/me/abroad", { signal })),
});

export const slipsQuery = queryOptions({
  queryKey: ["me", "abroad", "slips"],
  queryFn: ({ signal }) => answer(city.GET("/api/me/abroad/slips", { signal })),
});

export interface Going {
  name: string;
  agreement: string;
  amount_won: number;
  code: string;
}

export const takeAlong = (body: Going) => answer(city.POST("/api/me/abroad/slips", { body }));

export const drawCode = () => answer(city.POST("/api/me/abroad/codes"));

export const bring = (body: SlipFile) => answer(city.POST("/api/me/abroad/arrivals", { body }));

const ASK_EVERY_MS = 4_000;
const MOST_ASKED = 25; // longer than the minute within which everything is signed

/** Return the file to take along; asked for again until it is signed. */
export async function fileOf(slip: string, seen: number | null): Promise<SlipFile> {
  const query = seen === null ? {} : { seen: String(seen) };
  for (let asked = 0; ; asked += 1) {
    try {
      return await answer(
        city.GET("/api/me/abroad/slips/{slip}/receipt", {
          params: { path: { slip } as never, query: query as never },
        }),
      );
    } catch (error) {
      if (!isUnsigned(error) || asked >= MOST_ASKED) throw error;
      await new Promise((done) => setTimeout(done, ASK_EVERY_MS));
    }
  }
}

/** What a chosen file says, where it is of the form; the city looks at it closely. */
export function slipFile(text: string): SlipFile | null {
  try {
    const said = JSON.parse(text) as Partial<SlipFile> | null;
    const fact = said?.receipt?.fact as { kind?: unknown } | undefined;
    return fact?.kind === "slip" ? (said as SlipFile) : null;
  } catch {
    return null;
  }
}
