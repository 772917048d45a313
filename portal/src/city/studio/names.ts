/** What changes, streets and ways of moving are called. */
import { useQuery } from "@tanstack/react-query";
import { distance, number } from "~/design/figures";
import { isMode, modeWords } from "~/design/modes";
import { half } from "~/map/spoken";
import { useLanguage, useSay, useWords } from "~/words/language";
import { isOnLinks, metresBetween, type OnLinks } from "./changes";
import { modelQuery, type Change } from "./queries";
import { studioWords } from "./words";

export function useModeName(): (mode: string) => string {
  const t = useWords(studioWords);
  const names = useWords(modeWords);
  return (mode) => (isMode(mode) ? names(mode) : mode === "service" ? t("modeService") : mode);
}

/** The half of a street's or stop's name that is in the reader's language. */
export function useHalf(): (name: string | null) => string {
  const t = useWords(studioWords);
  const { language } = useLanguage();
  return (name) => (name ? half(name, language) : t("nameless"));
}

const MOST_NAMES = 3;

/** A change in one line. */
export function useChangeName(): (change: Change) => string {
  const onLinks = useStreetChangeName();
  const other = useOtherChangeName();
  return (change) => (isOnLinks(change) ? onLinks(change) : other(change));
}

function useStreetChangeName(): (change: OnLinks) => string {
  const t = useWords(studioWords);
  const { language } = useLanguage();
  const where = useWhere();
  const modeName = useModeName();
  return (change) => {
    const at = where(change);
    if (change.do === "close") return t("doClose", { where: at });
    if (change.do === "speed") {
      const speed = number(change.max_kmh, language);
      return t(change.raises ? "doSpeedSet" : "doSpeed", { where: at, speed });
    }
    const modes = change.modes.map(modeName).join(", ");
    return t(change.do === "restrict" ? "doRestrict" : "doOpen", { where: at, modes });
  };
}

/** The streets that a change means: by name, by area, by kind. */
function useWhere(): (change: OnLinks) => string {
  const t = useWords(studioWords);
  const say = useSay();
  const { language } = useLanguage();
  const model = useQuery(modelQuery).data;
  const nameOf = useHalf();
  const named = (links: readonly string[]): string => {
    const streets = model?.streets.filter((one) => one.links.some((link) => links.includes(link)));
    const names = [...new Set((streets ?? []).map(({ name }) => nameOf(name)))];
    const told = names.slice(0, MOST_NAMES).join(", ") + (names.length > MOST_NAMES ? " …" : "");
    const count = streets?.length ?? 0;
    return count > 1 ? `${told} (${t("places", { count: number(count, language) })})` : told;
  };
  return ({ links, area: asked, kind }) => {
    const area = model?.areas.find((one) => one.area === asked || one.kind === asked);
    const parts = [
      links ? named(links) : "",
      asked ? (area ? say(area.title) : asked) : "",
      kind ? t("kindOf", { kind }) : "",
    ];
    return parts.filter(Boolean).join(" · ");
  };
}

function useOtherChangeName(): (change: Exclude<Change, OnLinks>) => string {
  const t = useWords(studioWords);
  const say = useSay();
  const { language } = useLanguage();
  const model = useQuery(modelQuery).data;
  const nameOf = useHalf();
  return (change) => {
    if (change.do === "headway") {
      const line = model?.lines.find(({ route }) => route === change.route)?.name ?? change.route;
      return t("doHeadway", { line, minutes: number(change.minutes, language, 1) });
    }
    if (change.do === "route") return t("doRoute", { line: change.route });
    if (change.do === "car_park") {
      return t("doPark", { name: say(change.title), count: number(change.capacity, language) });
    }
    const stop = model?.stops.find((one) => one.stop === change.stop);
    const from = [stop?.lon ?? change.lon, stop?.lat ?? change.lat] as const;
    const metres = distance(metresBetween(from, [change.lon, change.lat]), language);
    return t("doStop", { stop: nameOf(stop?.name ?? change.stop), metres });
  };
}
