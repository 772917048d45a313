/** A condition on an attribute, written in NGSI-LD's query language (clause 4.9). */
export const SIGNS = ["==", "!=", ">", ">=", "<", "<="] as const;
export type Sign = (typeof SIGNS)[number];

export interface Condition {
  attribute: string;
  sign: Sign;
  value: string;
}

const BARE = /^(-?\d+(\.\d+)?([eE][+-]?\d+)?|true|false|\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d))$/;

/** The condition in the language; nothing where it is not complete. */
export function qOf({ attribute, sign, value }: Condition): string {
  const text = value.trim();
  if (!attribute || !text) return "";
  const quoted = `"${text.replace(/["\\]/g, (mark) => `\\${mark}`)}"`;
  return `${attribute}${sign}${BARE.test(text) ? text : quoted}`;
}
