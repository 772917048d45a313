/** Shops by name, the treasury and budgets by what they are; of others what a wallet shows. */
import { useQuery } from "@tanstack/react-query";
import { defineWords, useWords } from "~/words/language";
import { fullId, shortName, TREASURY } from "./names";
import { openShopsQuery } from "./queries";
import { moneyWords } from "./words";

/** Accounts that are no person's: by their type, their numbers tell a reader nothing. */
const kindWords = defineWords({
  Campaign: { ko: "모금함", en: "A collection" },
  TopUpIssue: { ko: "충전 혜택 예산", en: "A budget for bonuses" },
  RewardBudget: { ko: "적립 예산", en: "A budget for rewards" },
  VoucherProgramme: { ko: "바우처 예산", en: "A budget for vouchers" },
  Allowance: { ko: "수당 예산", en: "A budget for an allowance" },
  Experiment: { ko: "기본소득 실험", en: "A basic-income trial" },
});

const isKind = (kind: string): kind is keyof typeof kindWords => Object.hasOwn(kindWords, kind);

export function useNameOf(): (id: string) => string {
  const t = useWords(moneyWords);
  const k = useWords(kindWords);
  const shops = useQuery(openShopsQuery).data;
  return (id) => {
    const full = fullId(id);
    const short = shortName(id);
    const kind = short.split(":")[0] ?? "";
    if (full === TREASURY) return t("treasury");
    if (isKind(kind)) return k(kind);
    return shops?.find((shop) => shop.id === full)?.name ?? short;
  };
}
