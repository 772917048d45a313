/** Say where to go: a place or a stop of the city by its name in either language, or home. */
import {
  Button,
  Select,
  type ComboboxItem,
  type ComboboxParsedItem,
  type OptionsFilter,
} from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useId, useMemo, useState } from "react";
import { collator } from "~/design/formats";
import { Icon } from "~/design/icons";
import { placesQuery, stopsQuery, type Place } from "~/map/scene";
import type { Here } from "~/me/here";
import { useLanguage, useWords, type Language } from "~/words/language";
import styles from "./maas.module.css";
import { useWishes, wish } from "./wishes";
import { maasWords } from "./words";

export const HOME = "home";
const UNSOUGHT = new Set(["pm_station", "gate"]); // hundreds that carry numbers for names
const STOP = "stop.";

/** All that can be a destination, by what the address of the page calls it. */
export function useDestinations(): ReadonlyMap<string, Here> {
  const places = useQuery(placesQuery).data;
  const stops = useQuery(stopsQuery).data;
  const { home } = useWishes();
  return useMemo(() => {
    const known = new Map<string, Here>(home ? [[HOME, home]] : []);
    for (const { id, kind, at, title } of places ?? []) {
      if (!UNSOUGHT.has(kind)) known.set(id, { at, title, place: id });
    }
    for (const { id, at, title } of stops ?? []) known.set(STOP + id, { at, title, place: null });
    return known;
  }, [places, stops, home]);
}

export function PlacePicker({
  value,
  here,
  onChange,
}: {
  value: string | null;
  here: Here;
  onChange: (name: string) => void;
}) {
  const t = useWords(maasWords);
  const [settling, setSettling] = useState(false);
  const { home } = useWishes();
  const settle = (place: Here) => {
    wish({ home: place });
    setSettling(false);
    onChange(HOME);
  };
  const goHome = () => (home ? onChange(HOME) : setSettling(true));
  if (settling) {
    return <HomePicker here={here} onPick={settle} onStop={() => setSettling(false)} />;
  }
  return (
    <div>
      <div className={styles.pick}>
        <PlaceSelect label={t("to")} value={value} onChange={onChange} />
        <Button
          variant="default"
          size="sm"
          px="sm"
          leftSection={<Icon name="home" size={17} />}
          onClick={goHome}
        >
          {t(home ? "homeGo" : "homeSet")}
        </Button>
      </div>
      {home && value === HOME && (
        <button type="button" className={styles.quiet} onClick={() => setSettling(true)}>
          {t("homeChange")}
        </button>
      )}
    </div>
  );
}

function HomePicker({
  here,
  onPick,
  onStop,
}: {
  here: Here;
  onPick: (place: Here) => void;
  onStop: () => void;
}) {
  const t = useWords(maasWords);
  const known = useDestinations();
  const choose = (name: string) => {
    const place = known.get(name);
    if (place) onPick(place);
  };
  return (
    <div className={styles.settle}>
      <PlaceSelect label={t("homeWhere")} help={t("homeHelp")} value={null} onChange={choose} />
      <Button variant="light" onClick={() => onPick(here)}>
        {t("homeHere")}
      </Button>
      <Button variant="subtle" onClick={onStop}>
        {t("homeNot")}
      </Button>
    </div>
  );
}

function byName(known: ReadonlyMap<string, Here>, language: Language): [string, Here][] {
  const { compare } = collator(language, { numeric: true });
  return [...known].sort(([, a], [, b]) => compare(a.title[language], b.title[language]));
}

const other = (language: Language): Language => (language === "ko" ? "en" : "ko");

function PlaceSelect({
  label,
  help,
  value,
  onChange,
}: {
  label: string;
  help?: string;
  value: string | null;
  onChange: (name: string) => void;
}) {
  const t = useWords(maasWords);
  const { language } = useLanguage();
  const id = useId();
  const known = useDestinations();
  const second = other(language);
  const item = (name: string, { title }: Pick<Place, "title"> | Here) => ({
    value: name,
    label: name === HOME ? t("home") : title[language],
  });
  const all = useMemo(() => byName(known, language), [known, language]);
  const data = [
    ...all.filter(([name]) => name === HOME).map(([name, place]) => item(name, place)),
    {
      group: t("places"),
      items: all
        .filter(([name]) => name !== HOME && !name.startsWith(STOP))
        .map(([name, place]) => item(name, place)),
    },
    {
      group: t("stops"),
      items: all
        .filter(([name]) => name.startsWith(STOP))
        .map(([name, place]) => item(name, place)),
    },
  ];
  const alsoCalled = (name: string) => known.get(name)?.title[second] ?? "";
  return (
    <Select
      searchable
      id={id}
      limit={60}
      label={label}
      {...(help ? { description: help } : {})}
      comboboxProps={{ width: "min(22rem, 86vw)", position: "bottom-start" }}
      placeholder={t("toPick")}
      nothingFoundMessage={t("noPlace")}
      leftSection={<Icon name="search" size={18} />}
      value={value}
      data={data}
      filter={inEither(alsoCalled)}
      renderOption={({ option }) => (
        <span className={styles.twoNames}>
          {option.label}
          <small lang={second}>{alsoCalled(option.value)}</small>
        </span>
      )}
      onChange={(name) => name && onChange(name)}
    />
  );
}

/** Keep what has the sought words in its name in either language. */
function inEither(alsoCalled: (name: string) => string): OptionsFilter {
  return ({ options, search, limit }) => {
    const sought = search.trim().toLocaleLowerCase();
    let left = limit;
    const keep = (item: ComboboxItem) => {
      const names = `${item.label}\n${alsoCalled(item.value)}`.toLocaleLowerCase();
      return names.includes(sought) && left-- > 0;
    };
    const kept: ComboboxParsedItem[] = [];
    for (const option of options) {
      if (!("group" in option)) {
        if (keep(option)) kept.push(option);
        continue;
      }
      const items = option.items.filter(keep);
      if (items.length > 0) kept.push({ ...option, items });
    }
    return kept;
  };
}
