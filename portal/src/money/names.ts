/** How people, shops and budgets are called where only their number is known. */
export const TREASURY = "urn:ngsi-ld:Agency:treasury"; // which operators act for

const BEFORE = /^urn:ngsi-ld:(Account:)?/;

/** What a wallet shows as its account: `Person:designer`. */
export const shortName = (id: string): string => id.trim().replace(BEFORE, "");

/** The full id, however somebody copied it: from a wallet, a statement or the API. */
export const fullId = (typed: string): string => {
  const short = shortName(typed);
  return short && `urn:ngsi-ld:${short}`;
};

/** What several lines or commas set apart. */
export const listOf = (typed: string): string[] =>
  typed
    .split(/[\n,]/)
    .map((one) => one.trim())
    .filter(Boolean);
