import { useQuery } from "@tanstack/react-query";
import { cityQuery } from "~/api/queries";
import { useSession } from "~/api/session";
import { dateFormat, LOCALES } from "~/design/formats";
import { Icon } from "~/design/icons";
import { useSay, useWords } from "~/words/language";
import card from "./journey.module.css";
import type { Journey } from "./queries";
import { useNow } from "./use-now";
import { maasWords } from "./words";

/** What is shown to whoever looks at tickets; the clock runs, so that a picture of it does not. */
export function Ticket({ journey }: { journey: Journey }) {
  const t = useWords(maasWords);
  const say = useSay();
  const session = useSession();
  const lines = journey.legs.flatMap(({ ride }) => (ride ? [ride.route] : []));
  const number = journey.id.slice(-8).toUpperCase();
  return (
    <section className={card.ticket} aria-label={t("ticket")}>
      <h2>
        <Icon name="ticket" size={24} />
        {t("ticket")}
      </h2>
      <strong>{lines.map((route) => t("line", { route })).join(" · ")}</strong>
      <Clock />
      <p>{session && say(session.name)}</p>
      <p>{t("ticketNumber", { id: number })}</p>
      <p>{t("ticketValid")}</p>
    </section>
  );
}

function Clock() {
  const zone = useQuery(cityQuery).data?.time_zone ?? "UTC";
  const now = useNow(1_000);
  const shown = dateFormat(LOCALES.en, { timeStyle: "medium", timeZone: zone });
  return <span role="timer">{shown.format(now)}</span>;
}
