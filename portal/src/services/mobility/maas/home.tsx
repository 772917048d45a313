import { Button } from "@mantine/core";
import { Link } from "react-router";
import { Icon } from "~/design/icons";
import { Waiting } from "~/design/page";
import { useWords } from "~/words/language";
import { LineStrip } from "./line-strip";
import card from "./journey.module.css";
import { useMyJourneys } from "./my-journeys";
import { Span } from "./option-card";
import type { Journey } from "./queries";
import { maasWords } from "./words";

const pathOf = ({ id }: Journey): string => `/me/trips?journey=${encodeURIComponent(id)}`;

/** On the home page: the next booked journey, or that it failed, else the way to plan one. */
export default function TripsHome() {
  const t = useWords(maasWords);
  const { going, failed, isWaiting } = useMyJourneys();
  const next = going[0];
  if (isWaiting) return <Waiting lines={1} height={88} />;
  if (failed) {
    return (
      <section className={card.failed} aria-label={t("homeFailed")}>
        <Icon name="warning" size={24} />
        <h2>{t("homeFailed")}</h2>
        <Button component={Link} to={pathOf(failed)}>
          {t("homeFailedSee")}
        </Button>
      </section>
    );
  }
  if (next) {
    return (
      <section className={card.head} aria-label={t("homeNext")}>
        <h2>{t("homeNext")}</h2>
        <p>
          <Span legs={next.legs} />
        </p>
        <div className={card.plate}>
          <LineStrip legs={next.legs} />
        </div>
        <Button component={Link} to={pathOf(next)}>
          {t("see")}
        </Button>
      </section>
    );
  }
  return (
    <Link className={card.card} to="/me/trips">
      <Icon name="route" size={26} />
      <strong>{t("homePlan")}</strong>
      <small>{t("homePlanHelp")}</small>
      <Icon name="arrow" />
    </Link>
  );
}
