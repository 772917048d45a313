/** The desk's pages, for agencies. */
import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { Link, useLocation } from "react-router";
import { useSession } from "~/api/session";
import { Empty } from "~/design/page";
import { useWords } from "~/words/language";
import { shellWords } from "~/words/shell";
import { agencyWords } from "./words";

export function OnlyAgencies({ children }: { children: ReactNode }) {
  const t = useWords(agencyWords);
  const s = useWords(shellWords);
  const { pathname } = useLocation();
  if (useSession()?.role === "agency") return children;
  return (
    <Empty icon="person" title={t("onlyAgencies")} detail={t("onlyAgenciesDetail")}>
      <Button component={Link} to="/sign-in" state={{ from: pathname }}>
        {s("signIn")}
      </Button>
    </Empty>
  );
}
