const PREFIX = "urn:ngsi-ld:";

/** The name of a person whose id the desk typed, in full or by its last part. */
export function personOf(typed: string): string {
  const named = typed.trim();
  return named.startsWith(PREFIX) ? named : `${PREFIX}Person:${named}`;
}
