import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { Link } from "react-router";
import { cityQuery } from "~/api/queries";
import { won } from "~/design/figures";
import { Empty, Loaded, Panel, Trouble } from "~/design/page";
import { servicePages } from "~/services/pages";
import { useLanguage, useWords } from "~/words/language";
import { Failed } from "./failed";
import { LineStrip } from "./line-strip";
import card from "./journey.module.css";
import styles from "./maas.module.css";
import { Span, WayOf } from "./option-card";
import { journeyQuery, useBoard, useCancel, type Journey } from "./queries";
import { Ticket } from "./ticket";
import { timeOf } from "./times";
import { maasWords } from "./words";

/** One booked journey: its legs, its ticket, and how to give it up. */
export function JourneyView({
  id,
  onBooked,
  onPlan,
  onPlanAgain,
}: {
  id: string;
  onBooked: (journey: Journey) => void;
  onPlan: () => void;
  /** A failed journey has been seen, and is planned anew. */
  onPlanAgain: () => void;
}) {
  const t = useWords(maasWords);
  const journey = useQuery(journeyQuery(id));
  return (
    <Loaded from={journey} lines={3} height={120}>
      {(mine) => (
        <div className={styles.journey}>
          {mine.state === "failed" && (
            <Failed journey={mine} onBooked={onBooked} onPlanAgain={onPlanAgain} />
          )}
          {mine.state === "cancelled" && <Cancelled />}
          {mine.state !== "failed" && mine.state !== "cancelled" && <Going journey={mine} />}
          {mine.state !== "failed" && (
            <Button variant="default" size="lg" onClick={onPlan}>
              {t("another")}
            </Button>
          )}
        </div>
      )}
    </Loaded>
  );
}

function Cancelled() {
  const t = useWords(maasWords);
  const notice = useRef<HTMLDivElement>(null);
  useEffect(() => notice.current?.focus(), []);
  return (
    <div ref={notice} tabIndex={-1} role="status">
      <Empty icon="check" title={t("cancelled")} detail={t("cancelledDetail")} />
    </div>
  );
}

function Going({ journey }: { journey: Journey }) {
  const t = useWords(maasWords);
  const board = useBoard();
  const cancel = useCancel();
  const error = board.error ?? cancel.error;
  return (
    <>
      <Head journey={journey} />
      {journey.state === "under_way" && journey.ticket && <Ticket journey={journey} />}
      {error && <Trouble error={error} />}
      <Actions
        journey={journey}
        busy={board.isPending ? "board" : cancel.isPending ? "cancel" : null}
        onBoard={() => board.mutate(journey.id)}
        onCancel={() => cancel.mutate(journey.id)}
      />
      <Panel label={t("steps")}>
        <WayOf legs={journey.legs} />
      </Panel>
    </>
  );
}

const heldFor = ({ bookings, ticket_won, state }: Journey): number =>
  bookings.reduce((held, { held_won }) => held + held_won, 0) +
  (state === "booked" ? ticket_won : 0);

function Head({ journey }: { journey: Journey }) {
  const t = useWords(maasWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone ?? "UTC";
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  const { state } = journey;
  const name = t(state === "under_way" || state === "pending" ? state : "booked");
  const held = heldFor(journey);
  return (
    <section className={card.head} aria-label={name}>
      <h2 ref={title} tabIndex={-1}>
        {name}
      </h2>
      <p>
        <Span legs={journey.legs} />
      </p>
      <div className={card.plate}>
        <LineStrip legs={journey.legs} />
      </div>
      <dl>
        {held > 0 && (
          <div>
            <dt>{t("setAside")}</dt>
            <dd>{won(held, language)}</dd>
          </div>
        )}
        {journey.state === "under_way" && journey.ticket_won > 0 && (
          <div>
            <dt>{t("paid")}</dt>
            <dd>{won(journey.ticket_won, language)}</dd>
          </div>
        )}
      </dl>
      {journey.bookings.map(({ booking, until }) => (
        <p key={booking}>{t("keptUntil", { time: timeOf(until, zone) })}</p>
      ))}
    </section>
  );
}

function Actions({
  journey,
  busy,
  onBoard,
  onCancel,
}: {
  journey: Journey;
  busy: "board" | "cancel" | null;
  onBoard: () => void;
  onCancel: () => void;
}) {
  const t = useWords(maasWords);
  const { language } = useLanguage();
  const isBooked = journey.state === "booked";
  const operators = servicePages.filter(({ service }) =>
    journey.bookings.some((booking) => booking.service === service),
  );
  return (
    <div className={card.buttons}>
      {operators.map(({ service, path }) => (
        <Button key={service} size="lg" component={Link} to={path}>
          {t("unlock")}
        </Button>
      ))}
      {isBooked && journey.ticket && (
        <Button
          size="lg"
          variant={operators.length > 0 ? "light" : "filled"}
          loading={busy === "board"}
          aria-describedby="ticket-help"
          onClick={onBoard}
        >
          {t("showTicket")}
        </Button>
      )}
      {isBooked && (
        <Button size="lg" variant="default" loading={busy === "cancel"} onClick={onCancel}>
          {t("cancel")}
        </Button>
      )}
      {isBooked && journey.ticket && (
        <p id="ticket-help">{t("showTicketHelp", { ticket: won(journey.ticket_won, language) })}</p>
      )}
    </div>
  );
}
