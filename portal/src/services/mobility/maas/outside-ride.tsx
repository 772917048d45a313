/** A ride with an operator outside of the city: begun and ended here, as the operator says yes. */
import { Button, Radio } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { cityQuery } from "~/api/queries";
import { won } from "~/design/figures";
import { Loaded, Panel, Trouble } from "~/design/page";
import { useHere } from "~/me/here";
import { HerePicker } from "~/me/here-picker";
import { useLanguage, useSay, useWords } from "~/words/language";
import card from "./journey.module.css";
import { outsideWords } from "./outside-words";
import { rideQuery, useEnd, useRefresh, type Booking, type Journey, type RideNow } from "./queries";
import { useTitles } from "./steps";
import { timeOf } from "./times";

export function OutsideRide({
  journey,
  booking,
  isBeginning,
  onBegin,
}: {
  journey: Journey;
  booking: Booking;
  isBeginning: boolean;
  onBegin: () => void;
}) {
  const ride = useQuery(rideQuery(journey.id, booking.booking));
  useOnChange(ride.data?.state, useRefresh());
  return (
    <Loaded from={ride} lines={1} height={120}>
      {(now) => <Ride journey={journey} ride={now} isBeginning={isBeginning} onBegin={onBegin} />}
    </Loaded>
  );
}

/** What the operator says changes the journey, the wallet and the inbox too. */
function useOnChange(state: RideNow["state"] | undefined, then: () => Promise<unknown>) {
  const before = useRef(state);
  useEffect(() => {
    if (before.current && state && before.current !== state) void then();
    before.current = state;
  }, [state, then]);
}

function Ride({
  journey,
  ride,
  isBeginning,
  onBegin,
}: {
  journey: Journey;
  ride: RideNow;
  isBeginning: boolean;
  onBegin: () => void;
}) {
  const t = useWords(outsideWords);
  const say = useSay();
  const { language } = useLanguage();
  const name = t("ride", { operator: say(ride.title) });
  const isOpen = ["starting", "riding", "ending", "disputed"].includes(ride.state);
  return (
    <Panel label={name}>
      <div className={card.outside}>
        <h2>{name}</h2>
        <p role="status">
          <Told ride={ride} />
        </p>
        {isOpen && ride.held_won > 0 && (
          <small>{t("held", { amount: won(ride.held_won, language) })}</small>
        )}
        {ride.state === "kept" && (
          <Button size="lg" loading={isBeginning} onClick={onBegin}>
            {t("unlock")}
          </Button>
        )}
        {(ride.state === "riding" || ride.state === "ending") && (
          <End journey={journey} ride={ride} />
        )}
      </div>
    </Panel>
  );
}

function Told({ ride: { state, begun_at, paid_won } }: { ride: RideNow }) {
  const t = useWords(outsideWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone ?? "UTC";
  if (state === "riding") return t("riding", { time: begun_at ? timeOf(begun_at, zone) : "" });
  if (state === "paid") return t("paid", { amount: won(paid_won ?? 0, language) });
  return t(state);
}

const PLANNED = "planned";
const HERE = "here";

/** Say where the vehicle was left; what the operator refuses is said, and asked for again. */
function End({ journey, ride }: { journey: Journey; ride: RideNow }) {
  const t = useWords(outsideWords);
  const say = useSay();
  const here = useHere();
  const titles = useTitles(journey.legs);
  const [chosen, setChosen] = useState(PLANNED);
  const end = useEnd(journey.id, ride.booking);
  const index = journey.legs.findIndex(({ service }) => service === ride.operator);
  const planned = journey.legs[index]?.destination.coordinates;
  const at = chosen === HERE ? here?.at : planned;
  if (ride.state === "ending") return null;
  return (
    <>
      {end.isSuccess && <p role="alert">{t("notTaken")}</p>}
      <Radio.Group label={t("where")} value={chosen} onChange={setChosen}>
        <div className={card.choices}>
          <Radio
            value={PLANNED}
            label={t("asPlanned", { place: titles[index + 1] ?? "" })}
            disabled={!planned}
          />
          <Radio value={HERE} label={t("here", { place: here ? say(here.title) : "" })} />
        </div>
      </Radio.Group>
      {chosen === HERE && <HerePicker />}
      {end.error && <Trouble error={end.error} />}
      <Button size="lg" disabled={!at} loading={end.isPending} onClick={() => at && end.mutate(at)}>
        {t("end")}
      </Button>
    </>
  );
}
