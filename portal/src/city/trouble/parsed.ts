/** What somebody wrote as JSON, or why it is none. */
export type Parsed = { value: unknown } | { error: string };

export function parsed(text: string): Parsed {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
