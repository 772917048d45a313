/** As much of an id as tells two vehicles of a list apart. */
export const shortId = (id: string): string =>
  id
    .slice(id.lastIndexOf(":") + 1)
    .slice(0, 4)
    .toUpperCase();
