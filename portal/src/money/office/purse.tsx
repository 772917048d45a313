/** What an office sets budgets aside from, and what is left of each. */
import { useQuery } from "@tanstack/react-query";
import { useSession } from "~/api/session";
import { won } from "~/design/figures";
import { useLanguage, useWords } from "~/words/language";
import styles from "../money.module.css";
import { accountQuery, budgetsQuery } from "../queries";
import { officeWords } from "./words";

/** An operator's is the treasury's, an agency's its own. */
export function Purse() {
  const t = useWords(officeWords);
  const { language } = useLanguage();
  const isAgency = useSession()?.role === "agency";
  const account = useQuery({ ...accountQuery, enabled: isAgency }).data;
  const free_won = account ? account.balance_won - account.held_won : 0;
  return (
    <p className={styles.fine}>
      {t("myBudget")}:{" "}
      {isAgency ? t("own", { amount: won(free_won, language) }) : t("fromTreasury")}
    </p>
  );
}

/** How a budget's rest is told, for those whose it is; others' budgets have none to tell. */
export function useLeft(): (budget: string) => string | false {
  const t = useWords(officeWords);
  const { language } = useLanguage();
  const budgets = useQuery(budgetsQuery).data ?? [];
  return (budget) => {
    const found = budgets.find((one) => one.budget === budget);
    return found ? t("leftOf", { amount: won(found.left_won, language) }) : false;
  };
}

export const useOwns = (): ((budget: string) => boolean) => {
  const budgets = useQuery(budgetsQuery).data ?? [];
  return (budget) => budgets.some((one) => one.budget === budget);
};
