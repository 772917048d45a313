import type { LayerSpecification } from "maplibre-gl";
import type { Palette } from "./palette";

/** Land, water and green, with the contours of the hills. */
export function groundLayers(palette: Palette): LayerSpecification[] {
  const area = (id: string, colour: string, opacity = 1): LayerSpecification => ({
    id: `area-${id}`,
    type: "fill",
    source: "areas",
    filter: ["==", ["get", "kind"], id],
    paint: { "fill-color": colour, "fill-opacity": opacity },
  });
  return [
    area("boundary", palette.inside),
    area("hill", palette.hill),
    area("wetland", palette.wetland),
    area("park", palette.park),
    {
      id: "contours",
      type: "line",
      source: "ground",
      minzoom: 12,
      paint: {
        "line-color": palette.contour,
        "line-opacity": ["interpolate", ["linear"], ["zoom"], 12, 0.35, 15, 0.75],
        "line-width": ["case", ["==", ["%", ["get", "elevation_m"], 50], 0], 1.3, 0.7],
      },
    },
    area("water", palette.water),
    area("ring_interior", palette.restricted, 0.03),
    area("restricted", palette.restricted, 0.07),
    {
      id: "restricted-edge",
      type: "line",
      source: "areas",
      filter: ["==", ["get", "kind"], "restricted"],
      paint: {
        "line-color": palette.restricted,
        "line-width": 1.6,
        "line-opacity": 0.65,
        "line-dasharray": [3, 2],
      },
    },
    {
      id: "boundary-edge",
      type: "line",
      source: "areas",
      filter: ["==", ["get", "kind"], "boundary"],
      paint: { "line-color": palette.labelSoft, "line-width": 1, "line-opacity": 0.45 },
    },
  ];
}
