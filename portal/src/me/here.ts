/** Where the person is, as far as they said: a place of the city, or what their device measures. */
import { useQuery } from "@tanstack/react-query";
import { useMemo, useSyncExternalStore } from "react";
import { cityQuery } from "~/api/queries";
import type { Text } from "~/words/language";

export interface Here {
  at: readonly [number, number];
  title: Text;
  place: string | null;
}

const KEPT_AS = "hapgang.here";
const CENTRE: Text = { ko: "도시 한가운데", en: "the middle of the city" };
const DEVICE: Text = { ko: "내 위치", en: "my position" };

const listeners = new Set<() => void>();
let kept = localStorage.getItem(KEPT_AS);

function keep(here: Here | null): void {
  kept = here && JSON.stringify(here);
  if (kept) localStorage.setItem(KEPT_AS, kept);
  else localStorage.removeItem(KEPT_AS);
  for (const listener of listeners) listener();
}

export const stayAt = (here: Here): void => keep(here);

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Where the person said they are, else the middle of the city; undefined until it is known. */
export function useHere(): Here | undefined {
  const said = useSyncExternalStore(listen, () => kept);
  const city = useQuery(cityQuery).data;
  return useMemo(() => {
    if (said) return JSON.parse(said) as Here;
    return city && { at: [city.centre[0], city.centre[1]], title: CENTRE, place: null };
  }, [said, city]);
}

/** Ask the device, once; rejects when it does not know or the person says no. */
export function askDevice(): Promise<Here> {
  return new Promise((resolve, reject) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) =>
        resolve({ at: [coords.longitude, coords.latitude], title: DEVICE, place: null }),
      (refusal) => reject(new Error(refusal.message)),
      { enableHighAccuracy: true, timeout: 10_000 },
    );
  });
}
