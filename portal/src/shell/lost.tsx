import { Button } from "@mantine/core";
import { Link, useRouteError } from "react-router";
import { Empty, Page } from "~/design/page";
import { useWords } from "~/words/language";
import { shellWords } from "~/words/shell";

export function Lost() {
  const t = useWords(shellWords);
  return (
    <Page title={t("lostTitle")} narrow>
      <Empty icon="map" title={t("lostTitle")} detail={t("lostDetail")}>
        <Button component={Link} to="/city">
          {t("toMap")}
        </Button>
      </Empty>
    </Page>
  );
}

/** The page itself failed: say so, and offer to start it again. */
export function Broken() {
  const t = useWords(shellWords);
  const error = useRouteError();
  console.error(error);
  return (
    <Page title={t("brokenTitle")} narrow>
      <Empty icon="warning" title={t("brokenTitle")} detail={t("brokenDetail")}>
        <Button onClick={() => window.location.reload()}>{t("reload")}</Button>
      </Empty>
    </Page>
  );
}
