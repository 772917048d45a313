/** What only an operator sees; everybody else is told so, and how to become one. */
import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { Link, useLocation } from "react-router";
import { useSession } from "~/api/session";
import { Empty } from "~/design/page";
import { useWords } from "~/words/language";
import { shellWords } from "~/words/shell";

export function OperatorsOnly({ children }: { children: ReactNode }) {
  const t = useWords(shellWords);
  const session = useSession();
  const { pathname } = useLocation();
  if (session?.role === "operator") return <>{children}</>;
  return (
    <Empty icon="person" title={t("onlyOperators")} detail={t("onlyOperatorsDetail")}>
      <Button component={Link} to="/sign-in" state={{ from: pathname }}>
        {t("signIn")}
      </Button>
    </Empty>
  );
}
