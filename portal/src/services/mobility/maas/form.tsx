/** What somebody wishes: from where, to where, when, by what, and what matters most to them. */
import { Chip, SegmentedControl, TextInput } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { cityQuery } from "~/api/queries";
import { Icon } from "~/design/icons";
import { Panel } from "~/design/page";
import type { Here } from "~/me/here";
import { HerePicker } from "~/me/here-picker";
import { useWords } from "~/words/language";
import styles from "./maas.module.css";
import { PlacePicker } from "./place-picker";
import { wallTime } from "./times";
import { useNow } from "./use-now";
import { PREFERENCES, useWishes, WAYS, wish } from "./wishes";
import { maasWords } from "./words";

const LOOK_AT_CLOCK_MS = 30_000;
const SOON_MS = 60 * 60_000;
const FARTHEST_MS = 30 * 24 * SOON_MS; // the city plans no further ahead

export interface Wanted {
  /** The name of the destination in the page's address. */
  to: string | null;
  /** A wall time of the city, or null for now. */
  at: string | null;
}

export function Form({
  here,
  wanted,
  onChange,
}: {
  here: Here;
  wanted: Wanted;
  onChange: (change: Partial<Wanted>) => void;
}) {
  const t = useWords(maasWords);
  return (
    <Panel label={t("wish")}>
      <div className={styles.form}>
        <h2>{t("wish")}</h2>
        <div>
          <span className={styles.label} aria-hidden="true">
            {t("from")}
          </span>
          <HerePicker />
        </div>
        <PlacePicker value={wanted.to} here={here} onChange={(to) => onChange({ to })} />
        <When at={wanted.at} onChange={(at) => onChange({ at })} />
        <Habits />
      </div>
    </Panel>
  );
}

function When({ at, onChange }: { at: string | null; onChange: (at: string | null) => void }) {
  const t = useWords(maasWords);
  const zone = useQuery(cityQuery).data?.time_zone ?? "UTC";
  const now = useNow(LOOK_AT_CLOCK_MS);
  const choose = (when: string) => onChange(when === "now" ? null : wallTime(now + SOON_MS, zone));
  return (
    <div className={styles.when}>
      <SegmentedControl
        aria-label={t("when")}
        value={at ? "later" : "now"}
        data={[
          { value: "now", label: t("now") },
          { value: "later", label: t("later") },
        ]}
        onChange={choose}
      />
      {at && (
        <TextInput
          type="datetime-local"
          label={t("leaveAt")}
          value={at}
          min={wallTime(now, zone)}
          max={wallTime(now + FARTHEST_MS, zone)}
          onChange={(event) => event.currentTarget.value && onChange(event.currentTarget.value)}
        />
      )}
    </div>
  );
}

/** Ways and preference: on a phone folded away behind what is chosen. */
function Habits() {
  const t = useWords(maasWords);
  const isWide = useMediaQuery("(min-width: 56rem)");
  const { ways, prefer } = useWishes();
  const both = (
    <>
      <Ways />
      <Preference />
    </>
  );
  if (isWide) return both;
  return (
    <details className={styles.habits}>
      <summary>
        <Icon name="gear" size={18} />
        <span>
          {ways.map((way) => t(way)).join(", ")} · {t(prefer)}
        </span>
        <Icon name="arrow" size={18} />
      </summary>
      {both}
    </details>
  );
}

function Ways() {
  const t = useWords(maasWords);
  const { ways } = useWishes();
  const choose = (chosen: string[]) => {
    const kept = WAYS.filter((way) => chosen.includes(way));
    if (kept.length > 0) wish({ ways: kept }); // by nothing at all one gets nowhere
  };
  return (
    <fieldset className={styles.chips}>
      <legend>{t("ways")}</legend>
      <Chip.Group multiple value={[...ways]} onChange={choose}>
        {WAYS.map((way) => (
          <Chip key={way} value={way} variant="light">
            {t(way)}
          </Chip>
        ))}
      </Chip.Group>
    </fieldset>
  );
}

function Preference() {
  const t = useWords(maasWords);
  const { prefer } = useWishes();
  const choose = (chosen: string) => {
    const found = PREFERENCES.find((one) => one === chosen);
    if (found) wish({ prefer: found });
  };
  return (
    <fieldset className={styles.chips}>
      <legend>{t("prefer")}</legend>
      <Chip.Group value={prefer} onChange={choose}>
        {PREFERENCES.map((one) => (
          <Chip key={one} value={one} variant="light">
            {t(one)}
          </Chip>
        ))}
      </Chip.Group>
    </fieldset>
  );
}
