/** The way of each gift to a collection: first come, first used. */
import type { CampaignLine } from "./queries";

export interface Way {
  at: string;
  amount_won: number;
  /** Of a giver who wishes to be named. */
  name: string | null;
  /** What it was used for, in the order of the uses. */
  uses: { at: string; what: string; payee: string | null; won: number }[];
  left_won: number;
}

/** Follow each won: a use takes from the oldest gift that has something left. */
export function waysOf(lines: readonly CampaignLine[]): Way[] {
  const ways: Way[] = [];
  for (const line of lines) {
    const { at, amount_won, name } = line;
    if (line.kind === "gift") {
      ways.push({ at, amount_won, name: name ?? null, uses: [], left_won: amount_won });
      continue;
    }
    let open = amount_won;
    for (const way of ways) {
      const won = Math.min(open, way.left_won);
      if (won === 0) continue;
      way.uses.push({ at, what: name ?? "", payee: line.payee ?? null, won });
      way.left_won -= won;
      open -= won;
    }
  }
  return ways;
}
