/** The pages of one's identity, which are one place in the main navigation. */
import { NavLink } from "react-router";
import { isPerson, useSession } from "~/api/session";
import { useWords } from "~/words/language";
import styles from "./identity.module.css";
import { identityWords } from "./words";

const PAGES = ["credentials", "show", "security", "powers"] as const;

export function IdentityTabs() {
  const t = useWords(identityWords);
  const session = useSession();
  if (!isPerson(session)) return null;
  const pages = PAGES.filter((page) => page !== "powers" || session?.role === "resident");
  return (
    <nav className={styles.tabs} aria-label={t("tabs")}>
      {pages.map((page) => (
        <NavLink key={page} to={`/me/${page}`}>
          {t(page)}
        </NavLink>
      ))}
    </nav>
  );
}
