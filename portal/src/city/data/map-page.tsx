/** The data map: everything the city knows, in words for everybody; anybody may look. */
import { Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { useSession } from "~/api/session";
import { number } from "~/design/figures";
import { Icon } from "~/design/icons";
import { Empty, Loaded } from "~/design/page";
import { useLanguage, useSay, useWords } from "~/words/language";
import { AccessChip } from "./access";
import { mapQuery, type DataLine, type Kind } from "./map-queries";
import styles from "./map.module.css";
import { mapWords } from "./map-words";
import { DataFrame } from "./role";
import { byDomain, fits } from "./map-search";

const KINDS: readonly Kind[] = ["layer", "type", "feed", "results", "table"];

export default function MapPage() {
  const t = useWords(mapWords);
  const say = useSay();
  const who = useSession()?.role ?? "anonymous";
  const sets = useQuery(mapQuery(who));
  const [wanted, setWanted] = useState("");
  const [kind, setKind] = useState<Kind | "">("");
  return (
    <DataFrame>
      <form className={styles.search} role="search" onSubmit={(event) => event.preventDefault()}>
        <TextInput
          label={t("search")}
          description={t("searchHelp")}
          leftSection={<Icon name="search" size={18} />}
          value={wanted}
          maxLength={200}
          onChange={(event) => setWanted(event.currentTarget.value)}
        />
        <Select
          label={t("which")}
          value={kind}
          data={[
            { value: "", label: t("all") },
            ...KINDS.map((one) => ({ value: one, label: t(one) })),
          ]}
          onChange={(chosen) => setKind(KINDS.find((one) => one === chosen) ?? "")}
        />
      </form>
      <Loaded from={sets} lines={6} height={72}>
        {(map) => (
          <>
            <Found sets={map.sets.filter((one) => fits(one, wanted, kind))} />
            <footer className={styles.ends}>
              <span>{t("publishedBy", { name: say(map.publisher) })}</span>
              <a href="/ogc?f=html">{t("forMaps")}</a>
              <a href="/api/data/dcat.ttl">{t("forPortals")}</a>
            </footer>
          </>
        )}
      </Loaded>
    </DataFrame>
  );
}

function Found({ sets }: { sets: readonly DataLine[] }) {
  const t = useWords(mapWords);
  const { language } = useLanguage();
  return (
    <>
      <p role="status" className={styles.found}>
        {t("found", { count: number(sets.length, language) })}
      </p>
      {sets.length === 0 && <Empty icon="search" title={t("none")} detail={t("noneDetail")} />}
      {byDomain(sets).map(([domain, some]) => (
        <section key={domain} className={styles.domain}>
          <h2>{t(domain)}</h2>
          <ul className={styles.list}>
            {some.map((one) => (
              <Line key={one.id} set={one} />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function Line({ set }: { set: DataLine }) {
  const t = useWords(mapWords);
  const say = useSay();
  const { language } = useLanguage();
  return (
    <li className={styles.line}>
      <Link to={`/city/data/map/${encodeURIComponent(set.id)}`}>{say(set.title)}</Link>
      <p>{say(set.about)}</p>
      <p className={styles.small}>
        <AccessChip access={set.access} />
        <span>{t(set.kind)}</span>
        {set.number !== null && <span>{t("count", { count: number(set.number, language) })}</span>}
        <span>{say(set.owner)}</span>
      </p>
    </li>
  );
}
