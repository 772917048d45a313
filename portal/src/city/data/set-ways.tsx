/** How to get at a set of data: addresses for programs, and pages for people. */
import { Button } from "@mantine/core";
import { Link } from "react-router";
import { Panel } from "~/design/page";
import { useSay, useWords } from "~/words/language";
import type { DataSet } from "./map-queries";
import styles from "./map.module.css";
import { mapWords } from "./map-words";

export function SetWays({ set }: { set: DataSet["set"] }) {
  const t = useWords(mapWords);
  const say = useSay();
  const type = set.kind === "type" && set.access !== "internal" ? set.id.replace("type.", "") : "";
  return (
    <Panel label={t("ways")}>
      <h3>{t("ways")}</h3>
      {set.distributions.length === 0 && <p className={styles.soft}>{t("waysNone")}</p>}
      <ul className={styles.ways}>
        {set.distributions.map((way) => (
          <li key={way.path}>
            <a href={way.path}>{say(way.title)}</a>
            {needsSignIn(set.access, way.service) && <small>{` (${t("needsSignIn")})`}</small>}
            <code>{way.path}</code>
          </li>
        ))}
      </ul>
      <div className={styles.buttons}>
        {type && (
          <Button
            component={Link}
            to={`/city/data/types/${encodeURIComponent(type)}`}
            variant="default"
            size="sm"
          >
            {t("lookOneByOne")}
          </Button>
        )}
        {set.kind === "table" && (
          <Button component={Link} to="/city/data/lake" variant="default" size="sm">
            {t("askLake")}
          </Button>
        )}
      </div>
    </Panel>
  );
}

/** NGSI-LD and the lake are asked with a token, whatever they tell. */
function needsSignIn(access: DataSet["set"]["access"], service: string): boolean {
  return access !== "open" || service === "ngsi-ld";
}
