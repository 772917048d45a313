import { Button, NumberInput, Select } from "@mantine/core";
import { useState } from "react";
import { useWords } from "~/words/language";
import { runningEvery } from "./changes";
import type { Draft, StudioModel } from "./queries";
import styles from "./studio.module.css";
import type { DraftEditor } from "./use-draft";
import { studioWords } from "./words";

/** How often a line runs. */
export function LineCard({
  model,
  draft,
  editor,
}: {
  model: StudioModel;
  draft: Draft;
  editor: DraftEditor;
}) {
  const t = useWords(studioWords);
  const [route, setRoute] = useState<string | null>(null);
  const [minutes, setMinutes] = useState<number | string>(10);
  if (model.lines.length === 0) return null;
  return (
    <details className={styles.fold}>
      <summary>{t("line")}</summary>
      <div className={styles.card}>
        <Select
          label={t("lineName")}
          value={route}
          data={model.lines.map((one) => ({ value: one.route, label: one.name }))}
          onChange={setRoute}
        />
        <NumberInput label={t("minutes")} min={1} max={240} value={minutes} onChange={setMinutes} />
        <div className={styles.ways}>
          <Button
            size="sm"
            variant="default"
            disabled={!route || typeof minutes !== "number" || editor.saving}
            onClick={() =>
              route && editor.edit({ changes: runningEvery(draft.changes, route, Number(minutes)) })
            }
          >
            {t("saveLine")}
          </Button>
        </div>
      </div>
    </details>
  );
}
