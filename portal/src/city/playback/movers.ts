/** Everybody who moves, as deck.gl draws them: a dot where they are, a line from where they were. */
import type { Layer, LayerDataSource } from "@deck.gl/core";
import { LineLayer, ScatterplotLayer } from "@deck.gl/layers";
import type { Frame } from "./sample";

/** Columns that go to the graphics card as they are. */
function columns(length: number, attributes: Record<string, object>): LayerDataSource<unknown> {
  return { length, attributes };
}

export function moverLayers(frame: Frame, origin: readonly [number, number]): Layer[] {
  const shared = {
    coordinateSystem: "lnglat-offsets" as const,
    coordinateOrigin: [origin[0], origin[1], 0] as [number, number, number],
    pickable: false,
  };
  const here = { value: frame.positions, size: 2 };
  const before = { value: frame.tails, size: 2 };
  const colour = { value: frame.colours, size: 4 };
  return [
    new LineLayer({
      ...shared,
      id: "tails",
      data: columns(frame.count, {
        getSourcePosition: before,
        getTargetPosition: here,
        getColor: colour,
      }),
      widthUnits: "pixels",
      getWidth: 1.6,
      opacity: 0.45,
    }),
    new ScatterplotLayer({
      ...shared,
      id: "movers",
      data: columns(frame.count, { getPosition: here, getFillColor: colour }),
      radiusUnits: "pixels",
      getRadius: 3,
      radiusMinPixels: 2,
      billboard: true,
      stroked: false,
      antialiasing: true,
    }),
  ];
}
