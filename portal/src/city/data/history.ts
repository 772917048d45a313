/** An entity's history, turned from lines into what each attribute was and since when. */
import { isAttribute } from "./values";
import type { Attribute, HistoryLine } from "./queries";

export interface Step {
  at: string;
  /** What it became; null where the attribute was taken away. */
  attribute: Attribute | null;
}

const CHANGES = new Set(["created", "updated", "measured"]);

/** Every attribute's values, oldest first, from lines that are newest first. */
export function stepsOf(lines: readonly HistoryLine[]): Map<string, Step[]> {
  const steps = new Map<string, Step[]>();
  for (const line of [...lines].reverse()) {
    if (!CHANGES.has(line.kind)) continue;
    for (const [name, value] of Object.entries(bodyOf(line))) {
      if (value !== null && !isAttribute(value)) continue;
      const at = (line.kind === "measured" ? value?.observedAt : undefined) ?? line.at;
      steps.set(name, [...(steps.get(name) ?? []), { at, attribute: value }]);
    }
  }
  return steps;
}

export function bodyOf(line: HistoryLine): Record<string, unknown> {
  return typeof line.body === "object" && line.body !== null
    ? (line.body as Record<string, unknown>)
    : {};
}

export type Since = { kind: "at"; at: string } | { kind: "before"; at: string } | { kind: "none" };

/** Since when an attribute is as it is; where the lines end too early, before which moment. */
export function sinceOf(
  steps: readonly Step[] | undefined,
  oldest: string | undefined,
  isWhole: boolean,
): Since {
  const last = steps?.at(-1);
  if (last) return { kind: "at", at: last.at };
  return oldest && !isWhole ? { kind: "before", at: oldest } : { kind: "none" };
}

/** The attribute to show first: of numbers the one that changed most, else of all. */
export function mostTelling(steps: ReadonlyMap<string, readonly Step[]>): string {
  const changes = [...steps].filter(([, all]) => all.length > 1);
  const isNumber = (all: readonly Step[]) => typeof all.at(-1)?.attribute?.value === "number";
  const numbers = changes.filter(([, all]) => isNumber(all));
  const among = numbers.length > 0 ? numbers : [];
  return among.sort(([, a], [, b]) => b.length - a.length)[0]?.[0] ?? "";
}
