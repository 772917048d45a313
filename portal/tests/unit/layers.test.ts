import type { FeatureCollection, LineString, Point } from "geojson";
import { expect, test } from "vitest";
import { crowns, pipeKm, type PipeProperties } from "~/city/map/layers/extras";

test("a tree becomes a column as wide as its crown", () => {
  const trees: FeatureCollection<Point, { height_m: number; crown_m: number }> = {
    type: "FeatureCollection",
    features: [
      {
        type: "Feature",
        properties: { height_m: 9, crown_m: 6 },
        geometry: { type: "Point", coordinates: [127.3, 36.5] },
      },
    ],
  };
  const ring = crowns(trees).features[0]?.geometry.coordinates[0] ?? [];
  expect(ring).toHaveLength(7);
  expect(ring[0]).toEqual(ring[6]);
  const [east = 0] = ring[0] ?? [];
  const [west = 0] = ring[3] ?? [];
  const acrossM = (east - west) * 111_320 * Math.cos((36.5 * Math.PI) / 180);
  expect(acrossM).toBeCloseTo(6, 6);
});

test("pipes are measured by kind", () => {
  const line = (kind: string, ...coordinates: number[][]) => ({
    type: "Feature" as const,
    properties: { kind, depth_m: 1, diameter_mm: 100 },
    geometry: { type: "LineString" as const, coordinates },
  });
  const pipes: FeatureCollection<LineString, PipeProperties> = {
    type: "FeatureCollection",
    features: [
      line("water", [127.3, 36.5], [127.3, 36.51], [127.3, 36.52]),
      line("sewer", [127.3, 36.5], [127.31, 36.5]),
    ],
  };
  expect(pipeKm(pipes, "water")).toBeCloseTo(2.2264, 3);
  expect(pipeKm(pipes, "sewer")).toBeCloseTo(0.8949, 3);
  expect(pipeKm(pipes, "gas")).toBe(0);
});
