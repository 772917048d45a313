import { Button, Radio } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { distance } from "~/design/figures";
import { Panel, Trouble } from "~/design/page";
import type { Here } from "~/me/here";
import { HerePicker } from "~/me/here-picker";
import { useLanguage, useSay, useWords } from "~/words/language";
import { metresBetween } from "./metres";
import { stationsQuery, useGiveBack, type Position, type Rental, type Station } from "./queries";
import styles from "./sharing.module.css";
import { sharingWords } from "./words";

const NEAREST = 6;
const HERE = "here";

interface Candidate {
  station: Station;
  at: Position;
  away_m: number;
}

function nearest(stations: readonly Station[], from: Position): Candidate[] {
  return stations
    .map((station) => {
      const [lon, lat] = station.location.coordinates;
      return { station, at: [lon, lat] as const, away_m: metresBetween(from, [lon, lat]) };
    })
    .sort((a, b) => a.away_m - b.away_m)
    .slice(0, NEAREST);
}

/** Choose where the vehicle is left: here, or at a station near. */
export function GiveBack({
  rental,
  here,
  onDone,
  onKeep,
}: {
  rental: string;
  here: Here;
  onDone: (rental: Rental) => void;
  onKeep: () => void;
}) {
  const t = useWords(sharingWords);
  const say = useSay();
  const { language } = useLanguage();
  const stations = useQuery(stationsQuery);
  const giveBack = useGiveBack(rental);
  const [chosen, setChosen] = useState(HERE);
  const near = nearest(stations.data ?? [], here.at);
  const position = near.find(({ station }) => station.id === chosen)?.at ?? here.at;
  return (
    <>
      <Panel label={t("returnTitle")}>
        <h2 className={styles.question}>{t("returnTitle")}</h2>
        <HerePicker />
        <Radio.Group
          value={chosen}
          onChange={setChosen}
          aria-label={t("returnTitle")}
          className={styles.radios ?? ""}
        >
          <Radio
            value={HERE}
            label={t("returnHere", { place: say(here.title) })}
            description={t("returnHereHelp")}
          />
          {near.map(({ station, away_m }) => (
            <Radio
              key={station.id}
              value={station.id}
              label={`${say(station.title)} · ${distance(away_m, language)}`}
              description={t("stationFree", { free: station.capacity - station.vehicles })}
            />
          ))}
        </Radio.Group>
      </Panel>
      {giveBack.error && <Trouble error={giveBack.error} />}
      <div className={styles.buttons}>
        <Button
          size="lg"
          loading={giveBack.isPending}
          onClick={() => giveBack.mutate(position, { onSuccess: onDone })}
        >
          {t("returnNow")}
        </Button>
        <Button size="lg" variant="default" onClick={onKeep}>
          {t("keepRiding")}
        </Button>
      </div>
    </>
  );
}
