import { Button, Radio } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { distance } from "~/design/figures";
import { Loaded, Panel, Trouble } from "~/design/page";
import type { Here } from "~/me/here";
import { HerePicker } from "~/me/here-picker";
import { useLanguage, useSay, useWords } from "~/words/language";
import { parkingQuery, useGiveBack, type Parking, type Position, type Rental } from "./queries";
import styles from "./sharing.module.css";
import { sharingWords } from "./words";

const HERE = "here";

/** Choose where the vehicle is left: here, or at a place near by where it may stand. */
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
  const parking = useQuery(parkingQuery(here.at));
  const giveBack = useGiveBack(rental, onDone);
  const [chosen, setChosen] = useState(HERE);
  const position: Position =
    parking.data?.find((place) => nameOf(place) === chosen)?.location.coordinates ?? here.at;
  return (
    <>
      <Panel label={t("returnTitle")}>
        <h2 className={styles.question}>{t("returnTitle")}</h2>
        <HerePicker />
        <Loaded from={parking} lines={3} height={44}>
          {(places) => <Places here={here} places={places} value={chosen} onChange={setChosen} />}
        </Loaded>
      </Panel>
      {giveBack.error && <Trouble error={giveBack.error} />}
      <div className={styles.buttons}>
        <Button size="lg" loading={giveBack.isPending} onClick={() => giveBack.mutate(position)}>
          {t("returnNow")}
        </Button>
        <Button size="lg" variant="default" onClick={onKeep}>
          {t("keepRiding")}
        </Button>
      </div>
    </>
  );
}

const nameOf = ({ location }: Parking) => location.coordinates.join();

function Places({
  here,
  places,
  value,
  onChange,
}: {
  here: Here;
  places: readonly Parking[];
  value: string;
  onChange: (name: string) => void;
}) {
  const t = useWords(sharingWords);
  const say = useSay();
  const { language } = useLanguage();
  return (
    <Radio.Group
      value={value}
      onChange={onChange}
      aria-label={t("returnTitle")}
      className={styles.radios ?? ""}
    >
      <Radio
        value={HERE}
        label={t("returnHere", { place: say(here.title) })}
        description={t("returnHereHelp")}
      />
      {places.map((place) => (
        <Radio
          key={nameOf(place)}
          value={nameOf(place)}
          label={place.title ? say(place.title) : t("returnStreet")}
          description={t("returnAway", { distance: distance(place.distance_m, language) })}
        />
      ))}
    </Radio.Group>
  );
}
