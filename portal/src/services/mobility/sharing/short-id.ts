/** The end of an id, as it would be painted on the vehicle. */
export const shortId = (id: string): string => id.slice(id.lastIndexOf(":") + 1).slice(-6);
