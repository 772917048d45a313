import type { Text } from "~/words/language";

/** Where a target is written, in both languages; what an earlier version kept is English only. */
export const sourceOf = (kpi: { source: string; source_ko: string }): Text => ({
  en: kpi.source,
  ko: kpi.source_ko === "" ? kpi.source : kpi.source_ko,
});
