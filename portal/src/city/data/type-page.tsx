/** The entities of one type that the caller may see, by the page, and narrowed by a condition. */
import { Button } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearchParams } from "react-router";
import { dateTime, number } from "~/design/figures";
import { Empty, Loaded } from "~/design/page";
import { useWords } from "~/words/language";
import styles from "./data.module.css";
import { EntityFilter } from "./entity-filter";
import { PurposeForm } from "./purpose";
import {
  entitiesQuery,
  PAGE,
  typesQuery,
  type Entity,
  type TypeInfo,
  type Wanted,
} from "./queries";
import { DataFrame, SignedIn, useSpeech } from "./role";
import { attributesOf, shortId, textOf } from "./values";
import { dataWords } from "./words";

export default function TypePage() {
  const { type = "" } = useParams();
  const types = useQuery(typesQuery);
  const t = useWords(dataWords);
  return (
    <DataFrame>
      <p>
        <Link to="/city/data">{t("allTypes")}</Link>
      </p>
      <h2 className={styles.heading}>{type}</h2>
      <p className={styles.spaced}>
        <Link to={`/city/data/map/${encodeURIComponent(`type.${type}`)}`}>{t("aboutType")}</Link>
      </p>
      <SignedIn>
        <Loaded from={types} lines={4} height={64}>
          {(all) => <OfType type={type} about={all.find(({ name }) => name === type)} />}
        </Loaded>
      </SignedIn>
    </DataFrame>
  );
}

function OfType({ type, about }: { type: string; about: TypeInfo | undefined }) {
  const t = useWords(dataWords);
  if (about?.is_internal) {
    return <Empty icon="gate" title={t("internalTitle")} detail={t("internalDetail")} />;
  }
  return (
    <>
      {about?.is_personal && <PurposeForm />}
      <List type={type} about={about} />
    </>
  );
}

function List({ type, about }: { type: string; about: TypeInfo | undefined }) {
  const t = useWords(dataWords);
  const { language } = useSpeech();
  const [params, setParams] = useSearchParams();
  const wanted: Wanted = {
    type,
    offset: Math.max(0, Number(params.get("from") ?? 0) || 0),
    id: params.get("id") ?? "",
    q: params.get("q") ?? "",
    purpose: params.get("purpose") ?? "",
  };
  const found = useQuery({ ...entitiesQuery(wanted), placeholderData: keepPreviousData });
  const change = (words: Record<string, string>) =>
    setParams((old) => {
      const next = new URLSearchParams(old);
      for (const [name, word] of Object.entries(words)) {
        if (word) next.set(name, word);
        else next.delete(name);
      }
      return next;
    });
  return (
    <>
      <EntityFilter
        key={type}
        attributes={about?.attributes ?? []}
        isNarrowed={Boolean(wanted.q || wanted.id)}
        onFind={(words) => change({ ...words, from: "" })}
      />
      <Loaded from={found} lines={5} height={64}>
        {({ total, entities }) => {
          const figure = (value: number) => number(value, language);
          const last = wanted.offset + entities.length;
          if (entities.length === 0) {
            const detail = t(wanted.q || wanted.id ? "noneDetail" : "noneYet");
            return <Empty icon="search" title={t("none")} detail={detail} />;
          }
          const first = figure(wanted.offset + 1);
          return (
            <>
              <Entities type={type} entities={entities} purpose={wanted.purpose} />
              <nav className={styles.pages} aria-label={t("pages")}>
                <Button
                  variant="default"
                  size="sm"
                  disabled={wanted.offset === 0}
                  onClick={() => change({ from: String(Math.max(0, wanted.offset - PAGE)) })}
                >
                  {t("before")}
                </Button>
                <span role="status">
                  {t("range", { first, last: figure(last), total: figure(total) })}
                </span>
                <Button
                  variant="default"
                  size="sm"
                  disabled={last >= total}
                  onClick={() => change({ from: String(wanted.offset + PAGE) })}
                >
                  {t("after")}
                </Button>
              </nav>
            </>
          );
        }}
      </Loaded>
    </>
  );
}

const SHOWN = 4; // attributes on a line of the list

function Entities({
  type,
  entities,
  purpose,
}: {
  type: string;
  entities: readonly Entity[];
  purpose: string;
}) {
  const t = useWords(dataWords);
  const speech = useSpeech();
  const query = purpose ? `?${new URLSearchParams({ purpose }).toString()}` : "";
  return (
    <ul className={styles.entities} aria-label={t("entityList", { type })}>
      {entities.map((entity) => (
        <li key={entity.id}>
          <Link to={`/city/data/entities/${encodeURIComponent(entity.id)}${query}`}>
            {shortId(entity.id).replace(`${type}:`, "")}
          </Link>
          <p className={styles.facts}>
            {attributesOf(entity)
              .slice(0, SHOWN)
              .map(([name, attribute]) => (
                <span key={name}>
                  <span className={styles.soft}>{name}</span> {textOf(attribute, speech)}
                </span>
              ))}
          </p>
          <small className={styles.soft}>
            {t("modified", {
              when: dateTime(entity.modifiedAt, speech.language, speech.timeZone),
            })}
          </small>
        </li>
      ))}
    </ul>
  );
}
