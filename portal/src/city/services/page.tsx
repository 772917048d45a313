/** The directory of services: level, what each owns, what each is measured by. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { servicesQuery, type ServiceInfo } from "~/api/queries";
import { sourceOf } from "~/city/kpis/source";
import { kpiWords } from "~/city/kpis/words";
import { quantity } from "~/design/figures";
import { Empty, Loaded, Page, Panel } from "~/design/page";
import { servicePages } from "~/services/pages";
import { useLanguage, useSay, useWords } from "~/words/language";
import styles from "./services.module.css";
import { Health } from "./health";
import { serviceWords } from "./words";

const LEVELS = ["sketched", "rehearsed", "calibrated", "live"] as const;

export default function ServicesPage() {
  const t = useWords(serviceWords);
  const services = useQuery(servicesQuery);
  return (
    <Page title={t("title")} lead={t("lead")}>
      <Loaded from={services} lines={3} height={200}>
        {(all) =>
          all.length === 0 ? (
            <Empty icon="grid" title={t("none")} detail={t("noneDetail")} />
          ) : (
            <ul className={styles.list}>
              {all.map((service) => (
                <li key={service.name}>
                  <ServiceCard service={service} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Page>
  );
}

function ServiceCard({ service }: { service: ServiceInfo }) {
  const t = useWords(serviceWords);
  const say = useSay();
  const page = servicePages.find(({ service: name }) => name === service.name);
  return (
    <Panel label={say(service.title)}>
      <div className={styles.head}>
        <div>
          <h2>{say(service.title)}</h2>
          <code>{service.name}</code>
        </div>
        <div className={styles.ways}>
          {service.kpis.length > 0 && (
            <Button component={Link} to="/city/kpis" variant="default" size="sm">
              {t("results")}
            </Button>
          )}
          {page?.operator && (
            <Button
              component={Link}
              to={`/city/services/${service.name}`}
              variant="default"
              size="sm"
            >
              {t("operate")}
            </Button>
          )}
          {service.page && page && (
            <Button component={Link} to={page.path} size="sm">
              {t("open")}
            </Button>
          )}
        </div>
      </div>
      <dl className={styles.facts}>
        <div>
          <dt>{t("level")}</dt>
          <dd>
            <LevelSteps level={service.level} />
          </dd>
        </div>
        <div>
          <dt>{t("health")}</dt>
          <dd>
            <Health service={service.name} />
          </dd>
        </div>
        <div>
          <dt>{t("owns")}</dt>
          <dd>{service.owns.length > 0 ? service.owns.join(", ") : t("ownsNothing")}</dd>
        </div>
        {service.reads.length > 0 && (
          <div>
            <dt>{t("reads")}</dt>
            {service.reads.map(({ type, fields, purpose }) => (
              <dd key={type}>
                {type} ({fields.join(", ")}): {say(purpose)}
              </dd>
            ))}
          </div>
        )}
      </dl>
      {service.kpis.length > 0 && <Kpis service={service} />}
    </Panel>
  );
}

function LevelSteps({ level }: { level: ServiceInfo["level"] }) {
  const t = useWords(serviceWords);
  const step = LEVELS.indexOf(level) + 1;
  return (
    <>
      <span className={styles.steps} aria-hidden="true">
        {LEVELS.map((name, index) => (
          <i key={name} data-done={index < step} />
        ))}
      </span>
      <span className="unseen">{t("levelOf", { step, name: t(level) })}</span>
      <span aria-hidden="true">{t(level)}</span>
      <small>{t(`${level}Means`)}</small>
    </>
  );
}

function Kpis({ service }: { service: ServiceInfo }) {
  const t = useWords(serviceWords);
  const k = useWords(kpiWords);
  const say = useSay();
  const { language } = useLanguage();
  const target = ({ target: goal, unit, better }: ServiceInfo["kpis"][number]) => {
    if (goal === null) return t("noTarget");
    const value = quantity(goal, unit, language);
    return better === "higher" ? k("atLeast", { value }) : k("atMost", { value });
  };
  return (
    <>
      <h3 className={styles.small}>{t("kpis")}</h3>
      <ul className={styles.kpis}>
        {service.kpis.map((kpi) => (
          <li key={kpi.name}>
            <span>{say(kpi.title)}</span>
            <strong>{target(kpi)}</strong>
            <small>
              {k("source")}: {say(sourceOf(kpi))}
            </small>
          </li>
        ))}
      </ul>
    </>
  );
}
