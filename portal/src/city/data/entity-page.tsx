/** One entity: what it is now, since when, and what it was before. */
import { useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearchParams } from "react-router";
import { asProblem } from "~/api/problem";
import { Empty, Loaded, Trouble, Waiting } from "~/design/page";
import { useWords } from "~/words/language";
import styles from "./data.module.css";
import { History } from "./entity-history";
import { sinceOf, stepsOf, type Since } from "./history";
import {
  entityQuery,
  historyQuery,
  MOST_HISTORY,
  type Attribute,
  type Entity,
  type HistoryLine,
} from "./queries";
import { DataFrame, SignedIn, useMoment, useSpeech } from "./role";
import { attributesOf, shortId, targetsOf, textOf } from "./values";
import { dataWords } from "./words";

export default function EntityPage() {
  const { id = "" } = useParams();
  const t = useWords(dataWords);
  return (
    <DataFrame>
      <p>
        <Link to="/city/data">{t("allTypes")}</Link>
      </p>
      <h2 className={styles.heading}>{shortId(id)}</h2>
      <SignedIn>
        <OneEntity key={id} id={id} />
      </SignedIn>
    </DataFrame>
  );
}

function OneEntity({ id }: { id: string }) {
  const [params] = useSearchParams();
  const entity = useQuery(entityQuery(id, params.get("purpose") ?? ""));
  const history = useQuery(historyQuery(id));
  return (
    <div className={styles.sections}>
      <Present entity={entity} lines={history.data} />
      <Loaded from={history} lines={3} height={80}>
        {(lines) => <History lines={lines} />}
      </Loaded>
    </div>
  );
}

function Present({
  entity,
  lines,
}: {
  entity: { data: Entity | undefined; error: Error | null; refetch: () => unknown };
  lines: readonly HistoryLine[] | undefined;
}) {
  const t = useWords(dataWords);
  if (entity.data) return <Attributes entity={entity.data} lines={lines} />;
  if (!entity.error) return <Waiting lines={4} height={56} />;
  if (asProblem(entity.error).status === 404) {
    return <Empty icon="gate" title={t("notSeen")} detail={t("notSeenDetail")} />;
  }
  return <Trouble error={entity.error} onRetry={() => void entity.refetch()} />;
}

function Attributes({
  entity,
  lines,
}: {
  entity: Entity;
  lines: readonly HistoryLine[] | undefined;
}) {
  const t = useWords(dataWords);
  const steps = stepsOf(lines ?? []);
  const isWhole = (lines?.length ?? 0) < MOST_HISTORY;
  const oldest = lines?.at(-1)?.at;
  const moment = useMoment();
  const since = (one: Since) => {
    if (one.kind === "at") return moment(one.at);
    return one.kind === "before" ? t("atLeastSince", { when: moment(one.at) }) : t("unknownSince");
  };
  return (
    <section className={styles.scroll} aria-label={t("attributes")}>
      <table className={styles.table}>
        <caption>
          <Link to={`/city/data/types/${encodeURIComponent(entity.type)}`}>{entity.type}</Link>
          <small>
            {t("created", { when: moment(entity.createdAt) })} ·{" "}
            {t("modified", { when: moment(entity.modifiedAt) })}
          </small>
        </caption>
        <thead>
          <tr>
            <th scope="col">{t("attribute")}</th>
            <th scope="col">{t("value")}</th>
            <th scope="col">{t("changed")}</th>
          </tr>
        </thead>
        <tbody>
          {attributesOf(entity).map(([name, attribute]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td data-name={t("value")}>
                <Value attribute={attribute} />
              </td>
              <td data-name={t("changed")} className={styles.soft}>
                {since(
                  attribute.observedAt
                    ? { kind: "at", at: attribute.observedAt }
                    : sinceOf(steps.get(name), oldest, isWhole),
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Value({ attribute }: { attribute: Attribute }) {
  const speech = useSpeech();
  const targets = targetsOf(attribute);
  if (targets.length === 0)
    return <span className={styles.value}>{textOf(attribute, speech)}</span>;
  return (
    <>
      {targets.map((target) => (
        <Link key={target} to={`/city/data/entities/${encodeURIComponent(target)}`}>
          {shortId(target)}
        </Link>
      ))}
    </>
  );
}
