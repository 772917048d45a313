import { Select } from "@mantine/core";
import { useStill } from "~/design/reading";
import { useQuery } from "@tanstack/react-query";
import maplibre, { type Map as MapLibre } from "maplibre-gl";
import { useEffect, useState } from "react";
import { placesQuery } from "~/map/scene";
import { cityWords } from "~/city/words";
import { Icon } from "~/design/icons";
import { useSay, useWords } from "~/words/language";

const NAMELESS = new Set(["pm_station"]); // there are hundreds, and they carry numbers for names

/** Find a place by name and go there; the map without a pointer. */
export function PlaceFinder({ map }: { map: MapLibre | null }) {
  const t = useWords(cityWords);
  const say = useSay();
  const still = useStill();
  const places = useQuery(placesQuery).data;
  const [found, setFound] = useState<string | null>(null);
  const place = places?.find(({ id }) => id === found);

  useEffect(() => {
    if (!map || !place) return undefined;
    const marker = new maplibre.Marker({ color: "#a8431a" }).setLngLat(place.at).addTo(map);
    marker.getElement().setAttribute("aria-hidden", "true");
    marker.getElement().removeAttribute("tabindex");
    map.flyTo({ center: place.at, zoom: 16.2, ...(still ? { duration: 0 } : {}) });
    return () => {
      marker.remove();
    };
  }, [map, place, still]);

  const named = places?.filter(({ kind }) => !NAMELESS.has(kind)) ?? [];
  return (
    <Select
      searchable
      clearable
      size="sm"
      limit={60}
      aria-label={t("findPlace")}
      placeholder={t("findPlace")}
      nothingFoundMessage={t("noPlace")}
      leftSection={<Icon name="search" size={17} />}
      value={found}
      data={named.map(({ id, title }) => ({ value: id, label: say(title) }))}
      onChange={setFound}
    />
  );
}
