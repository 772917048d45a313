import { Select } from "@mantine/core";
import type { RunInfo } from "~/api/queries";
import { useRunName } from "./run-name";

/** Choose one of the rehearsed days. */
export function RunSelect({
  runs,
  value,
  onChange,
  label,
  visibleLabel = false,
}: {
  runs: readonly RunInfo[];
  value: string;
  onChange: (run: string) => void;
  label: string;
  visibleLabel?: boolean;
}) {
  const name = useRunName();
  return (
    <Select
      size={visibleLabel ? "md" : "sm"}
      {...(visibleLabel ? { label } : { "aria-label": label })}
      value={value}
      data={runs.map((run) => ({ value: run.run, label: name(run) }))}
      onChange={(run) => run && onChange(run)}
      comboboxProps={{ width: "max-content", position: "bottom-start" }}
    />
  );
}
