import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { cityQuery } from "~/api/queries";
import { won } from "~/design/figures";
import { Empty, Loaded, Panel, Trouble } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import { Failed } from "./failed";
import { LineStrip } from "./line-strip";
import card from "./journey.module.css";
import styles from "./maas.module.css";
import { Span, WayOf } from "./option-card";
import { OutsideRide } from "./outside-ride";
import { isOutside, journeyQuery, useBegin, useBoard, useCancel, type Journey } from "./queries";
import { Ticket } from "./ticket";
import { timeOf } from "./times";
import { Vehicle } from "./vehicle";
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
  const begin = useBegin();
  const cancel = useCancel();
  const error = board.error ?? begin.error ?? cancel.error;
  const busy = [board, begin, cancel].findIndex(({ isPending }) => isPending);
  return (
    <>
      <Head journey={journey} />
      {journey.ticket_used && <Ticket journey={journey} />}
      {error && <Trouble error={error} />}
      {journey.bookings
        .filter(({ service }) => isOutside(service))
        .map((kept) => (
          <OutsideRide
            key={kept.booking}
            journey={journey}
            booking={kept}
            isBeginning={begin.isPending}
            onBegin={() => begin.mutate({ journey: journey.id, booking: kept.booking })}
          />
        ))}
      <Actions
        journey={journey}
        busy={(["board", "begin", "cancel"] as const)[busy] ?? null}
        onBoard={() => board.mutate(journey.id)}
        onBegin={(booking) => begin.mutate({ journey: journey.id, booking })}
        onCancel={() => cancel.mutate(journey.id)}
      />
      <Panel label={t("steps")}>
        <WayOf legs={journey.legs} />
      </Panel>
    </>
  );
}

const heldFor = ({ bookings, begun, ticket_won, covered_won, ticket_used }: Journey): number =>
  bookings
    .filter(({ booking }) => !begun.includes(booking))
    .reduce((held, { held_won }) => held + held_won, 0) +
  (ticket_used ? 0 : ticket_won - covered_won);

const keptInside = ({ bookings }: Journey) => bookings.filter(({ service }) => !isOutside(service));

function Head({ journey }: { journey: Journey }) {
  const t = useWords(maasWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone ?? "UTC";
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  const { state } = journey;
  const isSaid = state === "under_way" || state === "pending" || state === "arrived";
  const name = t(isSaid ? state : "booked");
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
        {journey.ticket_used && journey.ticket_won > 0 && (
          <div>
            <dt>{t("paid")}</dt>
            <dd>{won(journey.ticket_won - journey.covered_won, language)}</dd>
          </div>
        )}
        {journey.covered_won > 0 && (
          <div>
            <dt>{t("byPass")}</dt>
            <dd>{won(journey.covered_won, language)}</dd>
          </div>
        )}
      </dl>
      {keptInside(journey)
        .filter(({ booking }) => !journey.begun.includes(booking))
        .map(({ booking, until }) => (
          <p key={booking}>{t("keptUntil", { time: timeOf(until, zone) })}</p>
        ))}
    </section>
  );
}

function Actions({
  journey,
  busy,
  onBoard,
  onBegin,
  onCancel,
}: {
  journey: Journey;
  busy: "board" | "begin" | "cancel" | null;
  onBoard: () => void;
  onBegin: (booking: string) => void;
  onCancel: () => void;
}) {
  const t = useWords(maasWords);
  const { language } = useLanguage();
  const isPending = journey.state === "pending";
  const canShow = !isPending && journey.ticket_won > 0 && !journey.ticket_used;
  const waiting = journey.bookings.some(({ booking }) => !journey.begun.includes(booking));
  return (
    <div className={card.buttons}>
      {(isPending ? [] : keptInside(journey)).map((kept) => (
        <Vehicle
          key={kept.booking}
          booking={kept}
          begun={journey.begun.includes(kept.booking)}
          busy={busy === "begin"}
          onBegin={() => onBegin(kept.booking)}
        />
      ))}
      {canShow && (
        <Button
          size="lg"
          variant={waiting ? "light" : "filled"}
          loading={busy === "board"}
          aria-describedby="ticket-help"
          onClick={onBoard}
        >
          {t("showTicket")}
        </Button>
      )}
      {(journey.state === "booked" || journey.state === "pending") && (
        <Button size="lg" variant="default" loading={busy === "cancel"} onClick={onCancel}>
          {t("cancel")}
        </Button>
      )}
      {canShow && (
        <p id="ticket-help">
          {t("showTicketHelp", { ticket: won(journey.ticket_won - journey.covered_won, language) })}
        </p>
      )}
    </div>
  );
}
