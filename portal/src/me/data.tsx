/** What the city knows of this person, and everybody who looked at it. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { cityQuery, servicesQuery, type ServiceInfo } from "~/api/queries";
import { useSession } from "~/api/session";
import type { Access } from "~/api/shapes";
import { dateTime } from "~/design/figures";
import { Empty, Loaded, Page, Panel } from "~/design/page";
import { roleName } from "~/shell/account";
import { useLanguage, useSay, useWords } from "~/words/language";
import { shellWords } from "~/words/shell";
import { useAge } from "./age";
import styles from "./me.module.css";
import { flat, More } from "./more";
import { accessQuery, myselfQuery } from "./queries";
import { meWords } from "./words";

export default function DataPage() {
  const t = useWords(meWords);
  const looks = useInfiniteQuery(accessQuery);
  return (
    <Page narrow title={t("dataTitle")} lead={t("dataLead")}>
      <AboutMe />
      <section className={styles.section} aria-label={t("looks")}>
        <h2>{t("looks")}</h2>
        <p className={styles.source}>{t("looksSource")}</p>
        <Loaded from={{ ...looks, data: flat(looks) }} lines={4}>
          {(lines) =>
            lines.length === 0 ? (
              <Empty icon="eye" title={t("noLooks")} detail={t("noLooksDetail")} />
            ) : (
              <>
                <ul className={styles.rows}>
                  {lines.map((line, index) => (
                    <Look key={index} line={line} />
                  ))}
                </ul>
                <More from={looks} shown={lines.length} />
              </>
            )
          }
        </Loaded>
      </section>
    </Page>
  );
}

function AboutMe() {
  const t = useWords(meWords);
  const shell = useWords(shellWords);
  const age = useAge();
  const say = useSay();
  const session = useSession();
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  const { data: known } = useQuery(myselfQuery);
  if (!session) return null;
  return (
    <Panel label={t("who")}>
      <dl className={styles.facts}>
        <dt>{t("name")}</dt>
        <dd>{say(session.name)}</dd>
        <dt>{t("role")}</dt>
        <dd>{roleName(session.role, shell)}</dd>
        <dt>{t("number")}</dt>
        <dd>{session.id}</dd>
        {known && (
          <>
            <dt>{t("age")}</dt>
            <dd>{age(known.age_band)}</dd>
            <dt>{t("walking")}</dt>
            <dd>{t(`walking_${known.walking}`)}</dd>
            <dt>{t("licence")}</dt>
            <dd>{t(known.licence ? "licenceYes" : "licenceNo")}</dd>
          </>
        )}
        {known?.until && (
          <>
            <dt>{t("forgottenAt")}</dt>
            <dd>{dateTime(known.until, language, zone)}</dd>
          </>
        )}
      </dl>
    </Panel>
  );
}

function Look({ line }: { line: Access }) {
  const t = useWords(meWords);
  const say = useSay();
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  const services = useQuery(servicesQuery).data;
  const service = services?.find(({ name }) => name === line.service);
  const reader = service
    ? say(service.title)
    : line.service === "platform"
      ? t("platform")
      : line.service || line.reader;
  return (
    <li>
      <strong>{reader}</strong>
      <small>{dateTime(line.at, language, zone)}</small>
      <small className={styles.whole}>
        {t("purpose")}: <Purpose line={line} service={service} /> · {t("fields")}:{" "}
        {line.fields === "*" ? t("everything") : <span lang="en">{line.fields}</span>}
      </small>
    </li>
  );
}

const OWN = new Set(["its own records", "what it wrote"]); // as the hub notes reads without a wish

/** Why: in the reader's language where the service has told it in both. */
function Purpose({ line, service }: { line: Access; service: ServiceInfo | undefined }) {
  const t = useWords(meWords);
  const say = useSay();
  const known = service?.reads.find(({ purpose }) => purpose.en === line.purpose);
  if (known) return say(known.purpose);
  return OWN.has(line.purpose) ? t("ownRecords") : <span lang="en">{line.purpose}</span>;
}
