import { Button } from "@mantine/core";
import { Link, useLocation } from "react-router";
import { isPerson, useSession } from "~/api/session";
import { won } from "~/design/figures";
import { Trouble } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import styles from "./maas.module.css";
import { useBook, type Journey, type Option } from "./queries";
import { wish } from "./wishes";
import { maasWords } from "./words";

/** What will be set aside, and the one button that books every leg. */
export function Book({
  option,
  again = false,
  onBooked,
  onPlanAgain,
}: {
  option: Option;
  /** Whether this replaces a journey that failed. */
  again?: boolean;
  onBooked: (journey: Journey) => void;
  onPlanAgain: () => void;
}) {
  const t = useWords(maasWords);
  const session = useSession();
  const { pathname, search } = useLocation();
  const book = useBook((journey) => {
    wish({ booked: { person: journey.traveller, journey: journey.id } });
    onBooked(journey);
  });
  const hasBookable = option.legs.some(({ ride, service }) => ride ?? service);
  const label = again ? t("bookAgain") : t(hasBookable ? "book" : "keep");
  return (
    <div className={styles.book}>
      <SetAside option={option} />
      {book.error && <Trouble error={book.error} />}
      {!isPerson(session) ? (
        <Button size="lg" component={Link} to="/sign-in" state={{ from: pathname + search }}>
          {t("signIn")}
        </Button>
      ) : book.error ? (
        <Button size="lg" onClick={onPlanAgain}>
          {t("planAgain")}
        </Button>
      ) : (
        <Button size="lg" loading={book.isPending} onClick={() => book.mutate(option)}>
          {label}
        </Button>
      )}
    </div>
  );
}

const sum = (amounts: readonly number[]) => amounts.reduce((all, one) => all + one, 0);

function SetAside({ option: { legs } }: { option: Option }) {
  const t = useWords(maasWords);
  const { language } = useLanguage();
  const faresOf = (kept: typeof legs) => sum(kept.map(({ fare_won }) => fare_won));
  const vehicles = legs.filter(({ service }) => service);
  const ticket = faresOf(legs.filter(({ ride }) => ride));
  const own = faresOf(legs.filter(({ ride, service }) => !ride && !service));
  const isKept = ticket > 0 || vehicles.length > 0;
  return (
    <ul className={styles.aside}>
      {ticket > 0 && <li>{t("holdTicket", { ticket: won(ticket, language) })}</li>}
      {vehicles.length > 0 && (
        <li>{t("holdVehicle", { fare: won(faresOf(vehicles), language) })}</li>
      )}
      {own > 0 && <li>{t("holdOwn", { fare: won(own, language) })}</li>}
      <li>{t(isKept ? "allOrNothing" : "holdNothing")}</li>
    </ul>
  );
}
