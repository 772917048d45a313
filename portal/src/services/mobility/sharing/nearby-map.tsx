import maplibre, { type Map as MapLibre } from "maplibre-gl";
import { useEffect, useMemo, useState } from "react";
import { CityMap } from "~/map/city-map";
import type { Camera } from "~/map/use-map";
import type { Position, Vehicle } from "./queries";
import styles from "./sharing.module.css";

/** Where the vehicles stand around the person; the list beside it is the same for a keyboard. */
export default function NearbyMap({
  here,
  vehicles,
  onChoose,
}: {
  here: Position;
  vehicles: readonly Vehicle[];
  onChoose: (vehicle: string) => void;
}) {
  const [map, setMap] = useState<MapLibre | null>(null);
  const camera = useMemo<Camera>(() => ({ center: [here[0], here[1]], zoom: 15.4 }), [here]);

  useEffect(() => {
    if (!map) return undefined;
    map.jumpTo({ center: [here[0], here[1]] });
    const me = marker(map, here, styles.me);
    return () => {
      me.remove();
    };
  }, [map, here]);

  useEffect(() => {
    if (!map) return undefined;
    const placed = byPlace(vehicles).map(({ at, vehicle, count }) => {
      const found = marker(map, at, styles.pin);
      found.getElement().dataset["kind"] = vehicle.kind;
      found.getElement().textContent = count > 1 ? String(count) : "";
      found.getElement().addEventListener("click", () => onChoose(vehicle.vehicle));
      return found;
    });
    return () => placed.forEach((one) => one.remove());
  }, [map, vehicles, onChoose]);

  return <CityMap flat camera={camera} onMap={setMap} />;
}

/** One pin for all that stand at one place; it stands for the first, which is as near as any. */
function byPlace(vehicles: readonly Vehicle[]) {
  const places = new Map<string, { at: Position; vehicle: Vehicle; count: number }>();
  for (const vehicle of vehicles) {
    const at = vehicle.location.coordinates;
    const place = places.get(at.join());
    if (place) place.count += 1;
    else places.set(at.join(), { at, vehicle, count: 1 });
  }
  return [...places.values()];
}

function marker(map: MapLibre, [lon, lat]: Position, className = "") {
  const element = document.createElement("div");
  element.className = className;
  const made = new maplibre.Marker({ element }).setLngLat([lon, lat]).addTo(map);
  element.removeAttribute("tabindex");
  element.removeAttribute("role");
  element.removeAttribute("aria-label");
  element.setAttribute("aria-hidden", "true");
  return made;
}
