import type { GeoJSONSource, Map as MapLibre, MapSourceDataEvent } from "maplibre-gl";
import { useEffect, useMemo } from "react";
import type { CityInfo } from "~/api/queries";
import type { Camera } from "~/map/use-map";

/** As from a hill across the river: from the south, a little turned. */
const VIEW = { pitch: 50, bearing: -14 } as const;

export function useOpeningCamera(city: CityInfo): Camera {
  return useMemo(() => ({ center: city.centre, zoom: 14, ...VIEW }), [city]);
}

/** A tilted view leaves room at the far side, which the fit does not know; zoom levels. */
const NEARER = 0.35;

/** What the panels over the map leave free, px. */
function free() {
  const isNarrow = window.innerWidth < 640;
  return isNarrow
    ? { top: 70, bottom: 250, left: 10, right: 10 }
    : { top: 30, bottom: 150, left: 40, right: 40 };
}

/** Once the buildings have come, look at all of them. */
export function useWholeCity(map: MapLibre | null): void {
  useEffect(() => {
    if (!map) return undefined;
    const onData = ({ sourceId, isSourceLoaded }: MapSourceDataEvent) => {
      if (sourceId !== "buildings" || !isSourceLoaded) return;
      map.off("sourcedata", onData);
      void map
        .getSource<GeoJSONSource>("buildings")
        ?.getBounds()
        .then((bounds) => {
          const camera = map.cameraForBounds(bounds, { ...VIEW, padding: free() });
          if (camera) map.jumpTo({ ...camera, ...VIEW, zoom: (camera.zoom ?? 14) + NEARER });
        });
    };
    map.on("sourcedata", onData);
    return () => {
      map.off("sourcedata", onData);
    };
  }, [map]);
}
