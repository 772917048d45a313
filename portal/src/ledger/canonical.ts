/** The canonical bytes of a fact: the one way in which JSON is written before it is hashed. */
import { need } from "./bytes";

const HALF = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const MOST_DEPTH = 16; // as the city's own log allows

/** Order by code point: `sort()` alone would go by UTF-16, which differs beyond U+FFFF. */
function byCodePoint(left: string, right: string): number {
  const [a, b] = [Array.from(left), Array.from(right)];
  for (const [at, letter] of a.entries()) {
    const other = b[at];
    if (other === undefined) return 1;
    const difference = (letter.codePointAt(0) ?? 0) - (other.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

export function canonical(value: unknown, depth = MOST_DEPTH): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") {
    need(!HALF.test(value), "Half of a character stands alone.", "깨진 글자가 있어요.");
    return JSON.stringify(value); // escapes what has to be, and nothing else
  }
  if (typeof value === "number") {
    need(
      Number.isSafeInteger(value),
      "A number is no whole number below 2⁵³.",
      "2⁵³보다 작은 정수가 아닌 수가 있어요.",
    );
    return String(value === 0 ? 0 : value);
  }
  need(typeof value === "object" && depth > 0, "The fact is no JSON.", "사실이 JSON이 아니에요.");
  if (Array.isArray(value)) return `[${value.map((one) => canonical(one, depth - 1)).join(",")}]`;
  const members = Object.entries(value).sort(([a], [b]) => byCodePoint(a, b));
  const written = members.map(
    ([name, one]) => `${canonical(name, depth - 1)}:${canonical(one, depth - 1)}`,
  );
  return `{${written.join(",")}}`;
}
