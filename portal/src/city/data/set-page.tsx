/** One set of data: whose, how good and how fresh, what is in it, where from, how to get it. */
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { cityQuery } from "~/api/queries";
import { useSession } from "~/api/session";
import { asProblem } from "~/api/problem";
import { dateTime, number } from "~/design/figures";
import { Empty, Panel, Trouble, useTitle, Waiting } from "~/design/page";
import { useLanguage, useSay, useWords } from "~/words/language";
import { AccessChip } from "./access";
import data from "./data.module.css";
import { setQuery, type DataSet } from "./map-queries";
import styles from "./map.module.css";
import { mapWords } from "./map-words";
import { DataFrame } from "./role";
import { SetColumns } from "./set-columns";
import { SetLineage } from "./set-lineage";
import { SetQuality } from "./set-quality";
import { SetWays } from "./set-ways";

export default function SetPage() {
  const { set: id = "" } = useParams();
  const t = useWords(mapWords);
  const who = useSession()?.role ?? "anonymous";
  const found = useQuery({ ...setQuery(id, who), retry: false });
  return (
    <DataFrame>
      <p>
        <Link to="/city/data/map">{t("allSets")}</Link>
      </p>
      {found.data ? (
        <OneSet told={found.data} />
      ) : found.error ? (
        <Missing error={found.error} onRetry={() => void found.refetch()} />
      ) : (
        <Waiting lines={4} height={96} />
      )}
    </DataFrame>
  );
}

function Missing({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const t = useWords(mapWords);
  if (asProblem(error).status === 404) {
    return <Empty icon="search" title={t("none")} detail={t("noneDetail")} />;
  }
  return <Trouble error={error} onRetry={onRetry} />;
}

function OneSet({ told }: { told: DataSet }) {
  const t = useWords(mapWords);
  const say = useSay();
  const { set } = told;
  useTitle(say(set.title));
  return (
    <div className={data.sections}>
      <header>
        <h2 className={data.heading}>{say(set.title)}</h2>
        <p>{say(set.about)}</p>
        <code className={data.soft}>{set.id}</code>
      </header>
      <Facts told={told} />
      <SetWays set={set} />
      <SetQuality quality={told.quality} />
      <SetLineage id={set.id} lineage={told.lineage} />
      {told.read_by.length > 0 && (
        <Panel label={t("readFor")}>
          <h3>{t("readFor")}</h3>
          <ul className={styles.reasons}>
            {told.read_by.map((one) => (
              <li key={one.service}>
                <strong>{say(one.title)}</strong>: {say(one.purpose)}
                <small>{one.fields.join(", ")}</small>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      {set.columns.length > 0 && (
        <SetColumns columns={set.columns} filled={told.quality?.filled ?? []} />
      )}
    </div>
  );
}

function Facts({ told: { set, quality, use } }: { told: DataSet }) {
  const t = useWords(mapWords);
  const say = useSay();
  const { language } = useLanguage();
  const timeZone = useQuery(cityQuery).data?.time_zone;
  const moment = (iso: string) => dateTime(iso, language, timeZone);
  return (
    <Panel label={t("facts")}>
      <dl className={styles.facts}>
        <div>
          <dt>{t("access")}</dt>
          <dd>
            <AccessChip access={set.access} /> {t(`${set.access}Means`)}
          </dd>
        </div>
        <div>
          <dt>{t("owner")}</dt>
          <dd>{say(set.owner)}</dd>
        </div>
        <div>
          <dt>{t("licence")}</dt>
          <dd>{set.licence ? <a href={set.licence.url}>{set.licence.name}</a> : t("noLicence")}</dd>
        </div>
        {quality && (
          <>
            {(set.kind === "type" || set.kind === "layer" || set.kind === "table") && (
              <div>
                <dt>{t("size")}</dt>
                <dd>{t("count", { count: number(quality.number, language) })}</dd>
              </div>
            )}
            <div>
              <dt>{t("fresh")}</dt>
              <dd>{quality.newest_at ? moment(quality.newest_at) : t("neverYet")}</dd>
            </div>
          </>
        )}
        <div>
          <dt>{t("reads")}</dt>
          <dd>
            {t("readsTold", {
              since: moment(use.since),
              count: number(use.reads, language),
              today: number(use.reads_today, language),
            })}
          </dd>
        </div>
      </dl>
    </Panel>
  );
}
