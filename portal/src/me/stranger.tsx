/** For whoever has no account: what is open, what is not, and why; then the two ways in. */
import { Button } from "@mantine/core";
import { Link } from "react-router";
import { Panel } from "~/design/page";
import { VisitOffer } from "~/shell/visit";
import visiting from "~/shell/visit.module.css";
import { useWords } from "~/words/language";
import { shellWords } from "~/words/shell";
import { visitWords } from "~/words/visit";
import home from "./home.module.css";

export function Stranger() {
  const t = useWords(visitWords);
  const shell = useWords(shellWords);
  return (
    <Panel label={t("needTitle")}>
      <div className={home.stranger}>
        <h2>{t("lookTitle")}</h2>
        <p>{t("lookDetail")}</p>
        <h3>{t("needTitle")}</h3>
        <p>{t("needDetail")}</p>
        <div className={visiting.choices}>
          <Button component={Link} to="/sign-in" state={{ from: "/me" }}>
            {shell("signIn")}
          </Button>
          <VisitOffer from="/me" />
        </div>
      </div>
    </Panel>
  );
}
