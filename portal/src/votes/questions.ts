/** How a question is to be answered, in words. */
import type { Translate } from "~/words/language";
import type { Contest } from "./sealing/shape";
import type { votesWords } from "./words";

export function ruleOf(
  { kind, top, least, most }: Contest,
  t: Translate<typeof votesWords>,
  figure: (value: number) => string,
): string {
  if (kind === "approve") return t("rule_approve");
  if (kind === "budget") return t("rule_budget", { most: figure(most) });
  if (kind === "rank") return t("rule_rank", { most });
  if (kind === "score") return t("rule_score", { top, least, most });
  return least === 1 && most === 1 ? t("rule_one") : t("rule_range", { least, most });
}
