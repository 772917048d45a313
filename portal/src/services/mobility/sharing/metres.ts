const METRES_PER_DEGREE = 111_195; // of latitude, on a sphere of 6,371 km

/** Straight distance in m between two positions of one city; flat, so good to about 0.5 %. */
export function metresBetween(
  [lonA, latA]: readonly [number, number],
  [lonB, latB]: readonly [number, number],
): number {
  const shrink = Math.cos((((latA + latB) / 2) * Math.PI) / 180);
  return Math.hypot((lonB - lonA) * shrink, latB - latA) * METRES_PER_DEGREE;
}
