/** What matters now, and nothing else; then what one could begin. */
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { isPerson, useSession } from "~/api/session";
import { Page } from "~/design/page";
import { identityWords } from "~/identity/words";
import { servicePages } from "~/services/pages";
import { useSay, useWords } from "~/words/language";
import { visitWords } from "~/words/visit";
import { HerePicker } from "./here-picker";
import { CardLink } from "./card-link";
import { InboxCard, MoneyCard } from "./matters";
import home from "./home.module.css";
import styles from "./me.module.css";
import { NoSky, SkyCard } from "./sky";
import { Stranger } from "./stranger";
import { meWords } from "./words";
import { weatherQuery } from "./queries";

const serviceCards = servicePages.flatMap(({ service, home }) =>
  home ? [{ service, Card: lazy(home) }] : [],
);

export default function HomePage() {
  const t = useWords(meWords);
  const say = useSay();
  const session = useSession();
  const known = isPerson(session);
  const weather = useQuery(weatherQuery).data;
  return (
    <Page
      narrow
      title={t(known ? "homeTitle" : "homeOpen")}
      lead={session ? say(session.name) : ""}
    >
      <div className={styles.home}>
        <HerePicker />
        <div className={home.matters}>
          {known &&
            serviceCards.map(({ service, Card }) => (
              <Suspense key={service} fallback={null}>
                <Card />
              </Suspense>
            ))}
          {known && <InboxCard />}
          {known && <MoneyCard />}
          <SkyCard weather={weather} />
        </div>
        {known && <p className={home.quiet}>{t("quiet")}</p>}
        <NoSky weather={weather} />
        <NextSteps withMap={!known} />
        {!known && <Stranger />}
      </div>
    </Page>
  );
}

function NextSteps({ withMap }: { withMap: boolean }) {
  const t = useWords(meWords);
  const v = useWords(visitWords);
  const i = useWords(identityWords);
  const say = useSay();
  return (
    <nav className={home.steps} aria-label={t("next")}>
      <h2>{t("next")}</h2>
      {servicePages.flatMap(({ service, path, icon, step }) =>
        step
          ? [
              <CardLink
                key={service}
                to={path}
                icon={icon}
                title={say(step.title)}
                detail={say(step.detail)}
              />,
            ]
          : [],
      )}
      {!withMap && (
        <CardLink
          to="/me/credentials"
          icon="key"
          title={i("identity")}
          detail={i("identityDetail")}
        />
      )}
      {withMap && <CardLink to="/city" icon="map" title={v("map")} detail={v("mapDetail")} />}
    </nav>
  );
}
