/** The frame around every page: brand, navigation, language, appearance, who is signed in. */
import { useEffect, useRef, type ReactNode } from "react";
import { Link, NavLink, useLocation } from "react-router";
import { Icon, Mark, type IconName } from "~/design/icons";
import { ActingBanner } from "~/identity/acting";
import { useWords } from "~/words/language";
import { shellWords } from "~/words/shell";
import { Account } from "./account";
import { More } from "./more";
import more from "./more.module.css";
import styles from "./shell.module.css";
import change from "./switch.module.css";
import { HelpMenu } from "./help";
import { OfflineBar } from "./offline";
import { Tour } from "./tour";
import { LanguageButton, ThemeButton } from "./tools";

export interface Destination {
  to: string;
  icon: IconName;
  name: string;
  exact?: boolean;
  /** On a phone, where the bar is short, it stands behind "more". */
  rest?: boolean;
  count?: { number: number; spoken: string };
}

export function Shell({
  face,
  destinations,
  children,
}: {
  face: "city" | "me" | null;
  destinations: Destination[];
  children: ReactNode;
}) {
  const t = useWords(shellWords);
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#main">
        {t("skip")}
      </a>
      <header className={styles.bar}>
        <div className={styles.top}>
          <Link className={styles.brand} to={face === "me" ? "/me" : "/city"}>
            <Mark />
            <span>{t("brand")}</span>
          </Link>
          <div className={styles.tools}>
            <nav className={change.faces} aria-label={t("faces")}>
              <Link to="/city" aria-current={face === "city"}>
                {t("toCity")}
              </Link>
              <Link to="/me" aria-current={face === "me"}>
                {t("toMe")}
              </Link>
            </nav>
            <LanguageButton />
            <ThemeButton />
            <HelpMenu face={face} />
            <Account />
          </div>
        </div>
        <nav className={styles.nav} aria-label={t("mainNavigation")}>
          {destinations.map((destination) => (
            <Tab key={destination.to} {...destination} />
          ))}
          <More destinations={destinations.filter(({ rest }) => rest)} />
        </nav>
      </header>
      <Main>{children}</Main>
      {face && <Tour face={face} />}
    </div>
  );
}

function Tab({ to, icon, name, exact = false, rest = false, count }: Destination) {
  return (
    <NavLink to={to} end={exact} className={rest ? (more.rest ?? "") : ""}>
      <Icon name={icon} />
      <span>{name}</span>
      {count && count.number > 0 && (
        <>
          <span className={styles.count} aria-hidden="true">
            {count.number}
          </span>
          <span className="unseen">{count.spoken}</span>
        </>
      )}
    </NavLink>
  );
}

/**
 * The content; it takes the focus when the page changes, as a full page load would, and with the
 * focus it scrolls by keyboard.
 */
function Main({ children }: { children: ReactNode }) {
  const { pathname } = useLocation();
  const main = useRef<HTMLElement>(null);
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    main.current?.focus({ preventScroll: true });
    main.current?.scrollTo(0, 0);
  }, [pathname]);
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- else no key scrolls plain text
    <main id="main" ref={main} tabIndex={0} className={styles.main}>
      <OfflineBar />
      <ActingBanner />
      {children}
    </main>
  );
}
