/** What a draft changes, in order: its own first, then what came with its base. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { number } from "~/design/figures";
import { Icon } from "~/design/icons";
import { useLanguage, useSay, useWords } from "~/words/language";
import { inherited } from "./changes";
import { useChangeName } from "./names";
import { checkQuery, scenariosQuery, type Draft } from "./queries";
import styles from "./studio.module.css";
import type { DraftEditor } from "./use-draft";
import { studioWords } from "./words";

export function ChangeList({ draft, editor }: { draft: Draft; editor: DraftEditor }) {
  const t = useWords(studioWords);
  const scenarios = useQuery(scenariosQuery).data;
  const base = scenarios?.find(({ name }) => name === draft.base)?.changes ?? [];
  const old = inherited(draft.changes, base);
  const rows = draft.changes.map((_, index) => index);
  const own = rows.filter((index) => !old[index]);
  const rest = rows.filter((index) => old[index]);
  return (
    <section className={styles.list} aria-label={t("changeList")}>
      <div className={styles.cardTop}>
        <h2>{t("ownChanges")}</h2>
        {draft.mine && (
          <div className={styles.steps}>
            <Step name={t("undo")} run={editor.undo} saving={editor.saving} />
            <Step name={t("redo")} run={editor.redo} saving={editor.saving} />
          </div>
        )}
      </div>
      {own.length === 0 ? (
        <p className={styles.facts}>{t("nothingChanged")}</p>
      ) : (
        <Rows draft={draft} editor={editor} rows={own} />
      )}
      {rest.length > 0 && (
        <details className={styles.fold}>
          <summary>{t("baseChanges", { count: rest.length })}</summary>
          <Rows draft={draft} editor={editor} rows={rest} />
        </details>
      )}
    </section>
  );
}

function Step({ name, run, saving }: { name: string; run: (() => void) | null; saving: boolean }) {
  return (
    <Button size="compact-sm" variant="default" disabled={!run || saving} onClick={() => run?.()}>
      {name}
    </Button>
  );
}

function Rows({
  draft,
  editor,
  rows,
}: {
  draft: Draft;
  editor: DraftEditor;
  rows: readonly number[];
}) {
  const t = useWords(studioWords);
  const say = useSay();
  const { language } = useLanguage();
  const nameOf = useChangeName();
  const effects = useQuery(checkQuery(draft)).data?.effects;
  const onStreets = new Set(["close", "restrict", "open", "speed"]);
  return (
    <ul className={styles.rows}>
      {rows.map((index) => {
        const change = draft.changes[index];
        if (!change) return null;
        const name = nameOf(change);
        const effect = effects?.[index];
        const told = effect?.problem
          ? say(effect.problem)
          : effect && onStreets.has(change.do)
            ? effect.links > 0
              ? t("effect", { count: number(effect.links, language) })
              : t("noEffect")
            : "";
        return (
          <li key={JSON.stringify(change)}>
            <div>
              {name}
              {told && <small className={effect?.problem ? styles.bad : ""}>{told}</small>}
              {change.source && <small>{change.source}</small>}
            </div>
            {draft.mine && (
              <button
                type="button"
                aria-label={t("takeOut", { what: name })}
                disabled={editor.saving}
                onClick={() =>
                  editor.edit({ changes: draft.changes.filter((_, other) => other !== index) })
                }
              >
                <Icon name="cross" size={16} />
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
