/** Something of a page's own on the map: put again when the map is dressed anew. */
import type { FeatureCollection } from "geojson";
import type { GeoJSONSource, LayerSpecification, Map as MapLibre } from "maplibre-gl";
import { useEffect } from "react";

export interface Overlay {
  /** The name of its source, and the beginning of its layers' names. */
  id: string;
  layers: readonly LayerSpecification[];
}

/** `map` is the map once its first picture stands; keep `overlay` and `data` from changing idly. */
export function useOverlay(map: MapLibre | null, overlay: Overlay, data: FeatureCollection): void {
  useEffect(() => {
    if (!map) return undefined;
    const put = () => {
      if (!map.getSource(overlay.id)) {
        map.addSource(overlay.id, { type: "geojson", data, tolerance: 0.2 });
      }
      for (const layer of overlay.layers) if (!map.getLayer(layer.id)) map.addLayer(layer);
    };
    put();
    map.on("style.load", put);
    return () => {
      map.off("style.load", put);
      if (!(map as Partial<MapLibre>).style) return; // the map itself has gone
      for (const { id } of overlay.layers) if (map.getLayer(id)) map.removeLayer(id);
      if (map.getSource(overlay.id)) map.removeSource(overlay.id);
    };
    // the data follow by the effect below, without taking the layers off
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [map, overlay]);

  useEffect(() => {
    if (!map) return undefined;
    const fill = () => void map.getSource<GeoJSONSource>(overlay.id)?.setData(data);
    fill();
    map.on("style.load", fill);
    return () => {
      map.off("style.load", fill);
    };
  }, [map, overlay, data]);
}
