/** Feeds of data: what came, how good it is, and what went wrong. */
import { useQuery } from "@tanstack/react-query";
import { dateTime, number } from "~/design/figures";
import { Empty, Loaded, Panel } from "~/design/page";
import { useLanguage, useSay, useWords } from "~/words/language";
import { feedsQuery, type Feed } from "./queries";
import { feedWords } from "./feed-words";
import styles from "./trouble.module.css";

export function Feeds({ timeZone }: { timeZone: string | undefined }) {
  const t = useWords(feedWords);
  const feeds = useQuery(feedsQuery);
  return (
    <Panel label={t("feeds")}>
      <h2>{t("feeds")}</h2>
      <p className={styles.lead}>{t("feedsLead")}</p>
      <Loaded from={feeds} lines={2}>
        {(all) =>
          all.length === 0 ? (
            <Empty icon="table" title={t("noFeeds")} detail={t("noFeedsDetail")} />
          ) : (
            <ul className={styles.list} aria-label={t("feeds")}>
              {all.map((feed) => (
                <li key={feed.name}>
                  <OneFeed feed={feed} timeZone={timeZone} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Panel>
  );
}

function OneFeed({ feed, timeZone }: { feed: Feed; timeZone: string | undefined }) {
  const t = useWords(feedWords);
  const say = useSay();
  const { language } = useLanguage();
  const kinds: Record<string, string> = {
    mqtt: t("byMqtt"),
    http: t("byHttp"),
    file: t("byFile"),
  };
  const figure = (value: number) => number(value, language);
  const { accepted, repeated, late, quarantined } = feed.counts;
  return (
    <div>
      <strong className={styles.name}>{say(feed.title)}</strong>{" "}
      <span className={styles.chip}>{kinds[feed.kind] ?? feed.kind}</span>{" "}
      {!feed.is_on && <span className={styles.chip}>{t("off")}</span>}
      <p className={styles.soft}>
        {feed.name} · {feed.types.join(", ")} ·{" "}
        {feed.last_at
          ? t("last", { when: dateTime(feed.last_at, language, timeZone) })
          : t("nothingYet")}
      </p>
      <dl className={styles.facts}>
        <dt>{t("quality")}</dt>
        <dd>
          <Quality feed={feed} />
        </dd>
        <dt>{t("rows")}</dt>
        <dd>{t("rowsNow", { rows: figure(feed.rows), rate: figure(feed.rows_per_min) })}</dd>
        <dt>{t("became")}</dt>
        <dd>
          {t("counts", {
            accepted: figure(accepted),
            known: figure(repeated),
            late: figure(late),
            quarantined: figure(quarantined),
          })}
        </dd>
      </dl>
      {feed.waiting > 0 && (
        <p className={styles.soft}>{t("waiting", { count: figure(feed.waiting) })}</p>
      )}
      {feed.error && feed.error_at && (
        <p className={styles.reason}>
          {t("failed", {
            times: figure(feed.failures),
            when: dateTime(feed.error_at, language, timeZone),
            why: feed.error,
          })}
        </p>
      )}
    </div>
  );
}

function Quality({ feed }: { feed: Feed }) {
  const t = useWords(feedWords);
  const { language } = useLanguage();
  const { score, completeness, validity, uniqueness, timeliness } = feed.quality;
  if (score === null) return t("notJudged");
  const shares: [string, number | null][] = [
    [t("completeness"), completeness],
    [t("validity"), validity],
    [t("uniqueness"), uniqueness],
    [t("timeliness"), timeliness],
  ];
  const told = shares.flatMap(([name, share]) =>
    share === null ? [] : [`${name} ${number(share * 100, language, 1)} %`],
  );
  return `${t("score", { score: number(score, language, 1) })} (${told.join(", ")})`;
}
