/** The frame of the data pages: their heading, the way between them, and who may enter. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link, useLocation } from "react-router";
import { cityQuery } from "~/api/queries";
import { useSession, type Role } from "~/api/session";
import { Empty, Page } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import { shellWords } from "~/words/shell";
import styles from "./data.module.css";
import { dateTimeToTheSecond, type Speech } from "./values";
import { dataWords } from "./words";

const MAP = "/city/data/map";
const NOW = "/city/data";
const LAKE = "/city/data/lake";
const PARTS = [
  [MAP, "map"],
  [NOW, "entities"],
  [LAKE, "lake"],
] as const;
export const LAKE_ROLES: readonly Role[] = ["planner", "operator", "auditor", "company"];
export const LIVING_ROLES: readonly Role[] = ["planner", "operator", "auditor"];

export function DataFrame({ children }: { children: ReactNode }) {
  const t = useWords(dataWords);
  const { pathname } = useLocation();
  const here = pathname === LAKE ? LAKE : pathname.startsWith(MAP) ? MAP : NOW;
  return (
    <Page title={t("title")} lead={t("lead")}>
      <nav className={styles.parts} aria-label={t("parts")}>
        {PARTS.map(([to, word]) => (
          <Link key={to} to={to} aria-current={here === to ? "page" : undefined}>
            {t(word)}
          </Link>
        ))}
      </nav>
      {children}
    </Page>
  );
}

export function SignInFor({ title, detail }: { title: string; detail: string }) {
  const shell = useWords(shellWords);
  const { pathname } = useLocation();
  return (
    <Empty icon="person" title={title} detail={detail}>
      <Button component={Link} to="/sign-in" state={{ from: pathname }}>
        {shell("signIn")}
      </Button>
    </Empty>
  );
}

/** What only somebody who has signed in sees. */
export function SignedIn({ children }: { children: ReactNode }) {
  const t = useWords(dataWords);
  if (useSession()) return <>{children}</>;
  return <SignInFor title={t("staffTitle")} detail={t("staffDetail")} />;
}

/** A moment to the second, in the city's time: some things change many times in a minute. */
export function useMoment(): (iso: string) => string {
  const { language, timeZone } = useSpeech();
  return (iso) => dateTimeToTheSecond(iso, language, timeZone);
}

/** How values are spoken here. */
export function useSpeech(): Speech {
  const t = useWords(dataWords);
  const { language } = useLanguage();
  const timeZone = useQuery(cityQuery).data?.time_zone;
  return {
    language,
    timeZone,
    points: (kind, count) => t("points", { kind, count }),
    yes: t("yes"),
    no: t("no"),
  };
}
