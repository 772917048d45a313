const LETTERS = 12;

/** A pass as the city reads it, however it was typed: O is 0, I and L are 1. */
export const canonical = (typed: string): string =>
  typed.toUpperCase().replace(/[-\s]/g, "").replace(/[IL]/g, "1").replace(/O/g, "0");

/** Whether all letters of a pass are there. */
export const isWhole = (typed: string): boolean =>
  new RegExp(`^[0-9A-HJKMNP-TV-Z]{${LETTERS}}$`).test(canonical(typed));
