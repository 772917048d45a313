import { NavLink } from "react-router";
import { useWords } from "~/words/language";
import styles from "./ledger.module.css";
import { ledgerWords } from "./page-words";

/** The two things that anybody can check: receipts, and files that were certified. */
export function VerifyWays() {
  const t = useWords(ledgerWords);
  return (
    <nav className={styles.pages} aria-label={t("ways")}>
      <NavLink to="/verify" end>
        {t("receipts")}
      </NavLink>
      <NavLink to="/verify/file">{t("files")}</NavLink>
    </nav>
  );
}
