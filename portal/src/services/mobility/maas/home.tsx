import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { Icon } from "~/design/icons";
import { Waiting } from "~/design/page";
import { useWords } from "~/words/language";
import { LineStrip } from "./line-strip";
import card from "./journey.module.css";
import { useMyJourneys } from "./my-journeys";
import { Span } from "./option-card";
import { delaysQuery, type Journey } from "./queries";
import { maasWords } from "./words";

const pathOf = ({ id }: Journey): string => `/me/trips?journey=${encodeURIComponent(id)}`;

/** On the home page: the next booked journey, or that it failed; else nothing. */
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
        <Late journey={next} />
        <Button component={Link} to={pathOf(next)}>
          {t("see")}
        </Button>
      </section>
    );
  }
  return null;
}

/** How late the first ride of a journey is that is late, as far as anybody told the city. */
function Late({ journey: { legs } }: { journey: Journey }) {
  const t = useWords(maasWords);
  const delays = useQuery(delaysQuery).data ?? [];
  const late = legs.flatMap(({ ride }) =>
    delays.filter(({ day, run }) => ride?.day === day && ride.run === run),
  );
  const minutes = Math.round((late[0]?.delay_s ?? 0) / 60);
  if (minutes < 1) return null;
  return (
    <p>
      <strong>{t("homeLate", { minutes })}</strong>
    </p>
  );
}
