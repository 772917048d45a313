/** Say where one is: a place of the city from a list, or ask the device. */
import { Button, Select } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Icon } from "~/design/icons";
import { placesQuery } from "~/map/scene";
import { useSay, useWords } from "~/words/language";
import { askDevice, stayAt, useHere } from "./here";
import styles from "./me.module.css";
import { meWords } from "./words";

const LANDMARKS = new Set(["hub", "hospital", "community", "culture", "shop", "park", "sport"]);

export function HerePicker() {
  const t = useWords(meWords);
  const say = useSay();
  const here = useHere();
  const places = useQuery(placesQuery).data ?? [];
  const device = useMutation({ mutationFn: askDevice, onSuccess: stayAt });
  const landmarks = places.filter(({ kind }) => LANDMARKS.has(kind) || kind.startsWith("school"));
  const choose = (id: string | null) => {
    const place = places.find((one) => one.id === id);
    if (place) stayAt({ at: place.at, title: place.title, place: place.id });
  };
  return (
    <div>
      <div className={styles.here}>
        <Select
          searchable
          limit={60}
          aria-label={t("whereAmI")}
          placeholder={here && say(here.title)}
          nothingFoundMessage={t("noPlace")}
          leftSection={<Icon name="place" size={18} />}
          value={here?.place ?? null}
          data={landmarks.map(({ id, title }) => ({ value: id, label: say(title) }))}
          onChange={choose}
        />
        <Button
          variant="default"
          size="sm"
          loading={device.isPending}
          onClick={() => device.mutate()}
        >
          {t("useDevice")}
        </Button>
      </div>
      {device.isError && (
        <p className={styles.fault} role="alert">
          {t("noDevice")}
        </p>
      )}
    </div>
  );
}
