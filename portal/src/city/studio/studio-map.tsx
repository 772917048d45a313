/** The map of the studio: press a street or a stop; what is changed or selected stands out. */
import type { FeatureCollection } from "geojson";
import maplibre, { type Map as MapLibre, type MapMouseEvent } from "maplibre-gl";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { CityInfo } from "~/api/queries";
import { useScheme } from "~/design/scheme";
import { CityMap } from "~/map/city-map";
import { streetShapesQuery } from "~/map/street-shapes";
import { useOverlay } from "~/map/use-overlay";
import { HIT, HOVER, LOOKS, pointOverlay, streetOverlay, type Look } from "./layers";

export interface Marked {
  /** Streets by name: what to show of them. */
  streets: ReadonlyMap<string, Look>;
  points: readonly (readonly [number, number])[];
}

interface Presses {
  onStreet: (street: string) => void;
  onStop: (stop: string) => void;
  onPlace: (at: [number, number]) => void;
}

/** A mark that can be dragged: where a stop or a car park is to stand. */
interface Mark {
  at: readonly [number, number];
  onMove: (at: [number, number]) => void;
}

export function StudioMap({
  city,
  marked,
  presses,
  mark,
  lookAt,
}: {
  city: CityInfo;
  marked: Marked;
  presses: Presses;
  mark: Mark | null;
  lookAt: readonly [number, number] | null;
}) {
  const [map, setMap] = useState<MapLibre | null>(null);
  const onMap = useCallback((made: MapLibre | null, drawn: boolean) => {
    setMap(drawn ? made : null);
  }, []);
  const camera = useMemo(() => ({ center: city.centre, zoom: 14 }), [city]);
  const looks = LOOKS[useScheme()];
  const shapes = useQuery(streetShapesQuery).data;
  const streets = useMemo<FeatureCollection>(() => {
    const features = [...marked.streets].flatMap(([street, look]) => {
      const geometry = shapes?.get(street);
      return geometry ? [{ type: "Feature" as const, geometry, properties: { look } }] : [];
    });
    return { type: "FeatureCollection", features };
  }, [marked.streets, shapes]);
  const points = useMemo<FeatureCollection>(
    () => ({
      type: "FeatureCollection",
      features: marked.points.map((at) => ({
        type: "Feature" as const,
        geometry: { type: "Point" as const, coordinates: [...at] },
        properties: {},
      })),
    }),
    [marked.points],
  );
  useOverlay(
    map,
    useMemo(() => streetOverlay(looks), [looks]),
    streets,
  );
  useOverlay(
    map,
    useMemo(() => pointOverlay(looks), [looks]),
    points,
  );
  usePresses(map, presses);
  useMark(map, mark, looks.chosen);
  useEffect(() => {
    if (map && lookAt)
      map.jumpTo({ center: [lookAt[0], lookAt[1]], zoom: Math.max(map.getZoom(), 15) });
  }, [map, lookAt]);
  return <CityMap flat camera={camera} onMap={onMap} />;
}

const REACH_PX = 6; // how far beside a line or a dot one may press

function usePresses(map: MapLibre | null, presses: Presses): void {
  const latest = useRef(presses);
  useEffect(() => {
    latest.current = presses;
  });
  useEffect(() => {
    if (!map) return undefined;
    const under = ({ point: { x, y } }: MapMouseEvent, layer: string) => {
      if (!map.getLayer(layer)) return undefined;
      const box: [[number, number], [number, number]] = [
        [x - REACH_PX, y - REACH_PX],
        [x + REACH_PX, y + REACH_PX],
      ];
      return map.queryRenderedFeatures(box, { layers: [layer] })[0]?.properties;
    };
    const onClick = (event: MapMouseEvent) => {
      const stop = under(event, "stops")?.["stop"] as string | undefined;
      const street = under(event, HIT)?.["link"] as string | undefined;
      if (stop) latest.current.onStop(stop);
      else if (street) latest.current.onStreet(street);
      latest.current.onPlace([event.lngLat.lng, event.lngLat.lat]);
    };
    const onMove = (event: MapMouseEvent) => {
      const street = under(event, HIT)?.["link"] as string | undefined;
      map.getCanvas().style.cursor = street ? "pointer" : "";
      if (map.getLayer(HOVER)) map.setFilter(HOVER, ["==", ["get", "link"], street ?? ""]);
    };
    map.on("click", onClick);
    map.on("mousemove", onMove);
    return () => {
      map.off("click", onClick);
      map.off("mousemove", onMove);
    };
  }, [map]);
}

function useMark(map: MapLibre | null, mark: Mark | null, colour: string): void {
  const made = useRef<maplibre.Marker | null>(null);
  const onMove = useRef(mark?.onMove);
  const at = mark?.at;
  const shown = at !== undefined;
  useEffect(() => {
    onMove.current = mark?.onMove;
  });
  useEffect(() => {
    if (!map || !shown) return undefined;
    const marker = new maplibre.Marker({ color: colour, draggable: true }).setLngLat([0, 0]);
    marker.addTo(map);
    marker.getElement().setAttribute("aria-hidden", "true"); // the arrows on the page do the same
    marker.getElement().removeAttribute("tabindex");
    marker.on("dragend", () => {
      const { lng, lat } = marker.getLngLat();
      onMove.current?.([lng, lat]);
    });
    made.current = marker;
    return () => {
      made.current = null;
      marker.remove();
    };
  }, [map, shown, colour]);
  useEffect(() => {
    if (at) made.current?.setLngLat([at[0], at[1]]);
  }, [map, at, shown, colour]);
}
