/** One draft on the map: what it changes, beside what can be changed where one has pressed. */
import { Button, TextInput } from "@mantine/core";
import { useMemo, useState } from "react";
import { Link } from "react-router";
import type { CityInfo } from "~/api/queries";
import { Trouble, useTitle } from "~/design/page";
import { useWords } from "~/words/language";
import { useBaseName } from "./base-name";
import { ChangeList } from "./change-list";
import { Finder } from "./finder";
import { Legend } from "./legend";
import { LineCard } from "./line-card";
import { CopyButton, useMayDraw } from "./list";
import type { Draft, StudioModel } from "./queries";
import { Rehearse } from "./rehearse";
import {
  movedTo,
  SelectionCard,
  stopSelected,
  streetSelected,
  useMarked,
  useStates,
  type At,
  type Selection,
} from "./selection";
import { StudioMap } from "./studio-map";
import styles from "./studio.module.css";
import { useDraftEditor, type DraftEditor } from "./use-draft";
import { studioWords } from "./words";

export function Editor({
  draft,
  model,
  city,
}: {
  draft: Draft;
  model: StudioModel;
  city: CityInfo;
}) {
  const t = useWords(studioWords);
  const [selection, setSelection] = useState<Selection>(null);
  const [lookAt, setLookAt] = useState<At | null>(null);
  const editor = useDraftEditor(draft);
  const states = useStates(draft);
  const marked = useMarked(draft, model, states, selection);
  useTitle(draft.title);
  const byId = useMemo(() => new Map(model.streets.map((one) => [one.street, one])), [model]);

  const movePoint = (at: At) => setSelection((now) => movedTo(now, at));
  const find = (kind: "street" | "stop", id: string) => {
    const next = kind === "stop" ? stopSelected(id, draft, model) : streetSelected(id, null);
    setSelection(next);
    setLookAt(next && next.kind !== "street" ? next.at : (byId.get(id)?.at ?? null));
  };
  const point = selection && selection.kind !== "street" ? selection.at : null;
  const placing = selection?.kind === "park";
  const presses = {
    onStreet: (id: string) => placing || setSelection((now) => streetSelected(id, now)),
    onStop: (id: string) => placing || setSelection(stopSelected(id, draft, model)),
    onPlace: (at: At) => placing && movePoint(at),
  };

  return (
    <div className={styles.studio}>
      <div className={styles.map}>
        <StudioMap
          city={city}
          marked={marked}
          presses={presses}
          mark={point && draft.mine ? { at: point, onMove: movePoint } : null}
          lookAt={lookAt}
        />
        <Legend />
      </div>
      <div className={styles.side}>
        <div className={styles.onPhones}>
          <Legend />
        </div>
        <Heading key={draft.title} draft={draft} editor={editor} />
        {editor.problem && <Trouble error={editor.problem} />}
        <Finder model={model} onFind={find} />
        <SelectionCard
          selection={selection}
          onSelect={setSelection}
          draft={draft}
          model={model}
          states={states}
          editor={editor}
        />
        {draft.mine && (
          <div className={styles.ways}>
            <Button
              size="sm"
              variant="default"
              disabled={placing}
              onClick={() => setSelection({ kind: "park", at: lookAt ?? city.centre })}
            >
              {t("addPark")}
            </Button>
          </div>
        )}
        <ChangeList draft={draft} editor={editor} />
        {draft.mine && <LineCard model={model} draft={draft} editor={editor} />}
        <Rehearse draft={draft} />
      </div>
    </div>
  );
}

function Heading({ draft, editor }: { draft: Draft; editor: DraftEditor }) {
  const t = useWords(studioWords);
  const may = useMayDraw();
  const base = useBaseName()(draft.base);
  const [title, setTitle] = useState(draft.title);
  const { id, changes, version } = draft;
  return (
    <header className={styles.top}>
      <Link to="/city/studio">← {t("back")}</Link>
      <h1>{draft.title}</h1>
      <p className={styles.facts} role="status">
        {t("base", { name: base })} ·{" "}
        {editor.saving ? t("saving") : t("saved", { version: version })}
      </p>
      {draft.mine ? (
        <form
          className={styles.rename}
          onSubmit={(event) => {
            event.preventDefault();
            editor.edit({ title: title.trim() });
          }}
        >
          <TextInput
            label={t("name")}
            value={title}
            maxLength={80}
            required
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
          <Button
            type="submit"
            variant="default"
            disabled={!title.trim() || title.trim() === draft.title || editor.saving}
          >
            {t("rename")}
          </Button>
        </form>
      ) : (
        <>
          <p className={styles.hint}>{t("readOnly")}</p>
          {may && (
            <CopyButton
              source={{ title: draft.title, base: draft.base, changes, copied_from: id }}
            />
          )}
        </>
      )}
    </header>
  );
}
