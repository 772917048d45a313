/** Packs paths as the city does, for tests. */
export interface Path {
  mode: number;
  points: readonly (readonly [lon: number, lat: number, t_s: number])[];
}

export function pack(paths: readonly Path[]): ArrayBuffer {
  const points = paths.flatMap((path) => path.points);
  const padded = Math.ceil(paths.length / 4) * 4;
  const bytes = new ArrayBuffer(8 + 4 * (paths.length + 1) + padded + 12 * points.length);
  const view = new DataView(bytes);
  view.setUint32(0, paths.length, true);
  view.setUint32(4, points.length, true);
  let start = 0;
  paths.forEach((path, index) => {
    view.setUint32(8 + 4 * index, start, true);
    view.setUint8(8 + 4 * (paths.length + 1) + index, path.mode);
    start += path.points.length;
  });
  view.setUint32(8 + 4 * paths.length, start, true);
  const columns = 8 + 4 * (paths.length + 1) + padded;
  points.forEach((point, index) =>
    point.forEach((value, column) =>
      view.setFloat32(columns + 4 * (column * points.length + index), value, true),
    ),
  );
  return bytes;
}
