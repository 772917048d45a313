/** Where data come from and go to: five columns of boxes, from what they are made to what uses them. */
import { Fragment } from "react";
import { Link } from "react-router";
import { Icon } from "~/design/icons";
import { Panel } from "~/design/page";
import { useSay, useWords } from "~/words/language";
import { columnsOf, type Box } from "./lineage";
import type { Lineage } from "./map-queries";
import styles from "./map.module.css";
import { mapWords } from "./map-words";

const SHOWN = 5; // boxes of a column, before the rest is folded away

export function SetLineage({ id, lineage }: { id: string; lineage: Lineage }) {
  const t = useWords(mapWords);
  return (
    <Panel label={t("lineage")}>
      <h3>{t("lineage")}</h3>
      <p className={styles.soft}>{t("lineageMeans")}</p>
      <div className={styles.flow}>
        {columnsOf(id, lineage).map(({ name, boxes }, index) => (
          <Fragment key={name}>
            {index > 0 && (
              <span className={styles.arrow}>
                <Icon name="arrow" />
              </span>
            )}
            <section aria-label={t(name)} className={styles.column} data-here={name === "here"}>
              <h4>{t(name)}</h4>
              <Boxes boxes={boxes} />
            </section>
          </Fragment>
        ))}
      </div>
    </Panel>
  );
}

function Boxes({ boxes }: { boxes: readonly Box[] }) {
  const t = useWords(mapWords);
  const rest = boxes.slice(SHOWN);
  if (boxes.length === 0) return <p className={styles.soft}>{t("nothing")}</p>;
  return (
    <>
      <ul>
        {boxes.slice(0, SHOWN).map((box) => (
          <One key={box.id} box={box} />
        ))}
      </ul>
      {rest.length > 0 && (
        <details>
          <summary>{t("moreOf", { count: rest.length })}</summary>
          <ul>
            {rest.map((box) => (
              <One key={box.id} box={box} />
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function One({ box }: { box: Box }) {
  const say = useSay();
  return (
    <li data-kind={box.kind}>
      {box.kind === "data" ? (
        <Link to={`/city/data/map/${encodeURIComponent(box.id)}`}>{say(box.title)}</Link>
      ) : (
        say(box.title)
      )}
    </li>
  );
}
