/** Plan a trip, or look at a booked one: which of them is said by the page's address. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useLocation, useSearchParams } from "react-router";
import { cityQuery } from "~/api/queries";
import { isPerson, useSession } from "~/api/session";
import { Empty, Page, Panel, Waiting } from "~/design/page";
import { useHere } from "~/me/here";
import { useWords } from "~/words/language";
import { shellWords } from "~/words/shell";
import { CityPass } from "./city-pass";
import { Failed } from "./failed";
import { Form, type Wanted } from "./form";
import { JourneyView } from "./journey";
import { LineStrip } from "./line-strip";
import styles from "./maas.module.css";
import { useMyJourneys } from "./my-journeys";
import { Span } from "./option-card";
import { Options } from "./options";
import { useDestinations } from "./place-picker";
import type { Journey } from "./queries";
import { instantAt } from "./times";
import { wish } from "./wishes";
import { maasWords } from "./words";

export default function TripsPage() {
  const t = useWords(maasWords);
  const [params, setParams] = useSearchParams();
  const session = useSession();
  const { going, failed } = useMyJourneys();
  const journey = params.get("journey");
  const see = ({ id }: Journey) => setParams({ journey: id });
  const plan = () => setParams({});
  const planAgain = () => {
    wish({ booked: null }); // the failed journey has been seen
    plan();
  };
  return (
    <Page title={t("title")} lead={t("lead")}>
      {journey && !isPerson(session) && <SignInFirst />}
      {journey && isPerson(session) && (
        <JourneyView
          key={journey}
          id={journey}
          onBooked={see}
          onPlan={plan}
          onPlanAgain={planAgain}
        />
      )}
      {!journey && failed && <Failed journey={failed} onBooked={see} onPlanAgain={planAgain} />}
      {!journey && !failed && (
        <>
          <Mine going={going} />
          <Planner onBooked={see} />
          {session?.role === "resident" && <CityPass />}
        </>
      )}
    </Page>
  );
}

function SignInFirst() {
  const t = useWords(shellWords);
  const { pathname, search } = useLocation();
  return (
    <Empty icon="person" title={t("needSignIn")} detail={t("needSignInDetail")}>
      <Button component={Link} to="/sign-in" state={{ from: pathname + search }}>
        {t("signIn")}
      </Button>
    </Empty>
  );
}

/** What is booked already, above the planner. */
function Mine({ going }: { going: readonly Journey[] }) {
  const t = useWords(maasWords);
  if (going.length === 0) return null;
  return (
    <div className={styles.mine}>
      <Panel label={t("mine")}>
        <h2>{t("mine")}</h2>
        <ul className={styles.going}>
          {going.map(({ id, legs }) => (
            <li key={id}>
              <Span legs={legs} />
              <LineStrip legs={legs} />
              <Link to={`?journey=${encodeURIComponent(id)}`}>{t("see")}</Link>
            </li>
          ))}
        </ul>
      </Panel>
    </div>
  );
}

function Planner({ onBooked }: { onBooked: (journey: Journey) => void }) {
  const t = useWords(maasWords);
  const here = useHere();
  const zone = useQuery(cityQuery).data?.time_zone;
  const known = useDestinations();
  const [params, setParams] = useSearchParams();
  const wanted: Wanted = { to: params.get("to"), at: params.get("at") };
  const to = wanted.to === null ? undefined : known.get(wanted.to);
  const change = (next: Partial<Wanted> & { way?: string | null }) => {
    const { to, at, way } = { ...wanted, way: null, ...next };
    setParams({ ...(to && { to }), ...(at && { at }), ...(way && { way }) }, { replace: true });
  };
  if (!here || !zone) return <Waiting lines={4} height={88} />;
  return (
    <div className={styles.planner}>
      <Form here={here} wanted={wanted} onChange={change} />
      {to ? (
        <Options
          from={here}
          to={to}
          leaveAt={wanted.at === null ? undefined : instantAt(wanted.at, zone)}
          chosen={params.get("way")}
          onChoose={(way) => change({ way })}
          onBooked={onBooked}
        />
      ) : (
        <Empty icon="route" title={t("pickTitle")} detail={t("pickDetail")} />
      )}
    </div>
  );
}
