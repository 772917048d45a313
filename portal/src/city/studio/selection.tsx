/** What is selected on the map, how it is shown there, and the card that says what to do with it. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { addingPark, movingStop, piecesOf } from "./changes";
import { ParkCard } from "./park-card";
import type { Look } from "./layers";
import {
  baseCheckQuery,
  checkQuery,
  scenariosQuery,
  type Change,
  type Checked,
  type Draft,
  type StudioModel,
} from "./queries";
import { StopCard } from "./stop-card";
import { StreetCard, type Extent } from "./street-card";
import type { Marked } from "./studio-map";
import styles from "./studio.module.css";
import type { DraftEditor } from "./use-draft";

export type At = [number, number];
export type Selection =
  | { kind: "street"; id: string; extent: Extent }
  | { kind: "stop"; id: string; at: At }
  | { kind: "park"; at: At }
  | null;

/** Pressed again, a street stays as it was selected. */
export const streetSelected = (id: string, now: Selection): Selection =>
  now?.kind === "street" && now.id === id ? now : { kind: "street", id, extent: "piece" };

export function stopSelected(id: string, draft: Draft, model: StudioModel): Selection {
  const moved = draft.changes.find((one) => one.do === "stop" && one.stop === id);
  const stop = model.stops.find((one) => one.stop === id);
  if (!stop) return null;
  const at: At = moved?.do === "stop" ? [moved.lon, moved.lat] : [stop.lon, stop.lat];
  return { kind: "stop", id, at };
}

export const movedTo = (selection: Selection, at: At): Selection =>
  selection && selection.kind !== "street" ? { ...selection, at } : selection;

export type States = ReadonlyMap<string, { modes: readonly string[]; speed_kmh: number }>;

const byLink = (checked: Checked | undefined): States =>
  new Map((checked?.streets ?? []).map((state) => [state.link, state]));

/** Every direction of a street that is not as built, under the draft's changes. */
export function useStates(draft: Draft): States {
  const checked = useQuery(checkQuery(draft)).data;
  return useMemo(() => byLink(checked), [checked]);
}

/** The same under the changes of the draft's base alone. */
function useBaseStates({ base }: Draft): States {
  const changes = useQuery(scenariosQuery).data?.find(({ name }) => name === base)?.changes;
  const checked = useQuery({
    ...baseCheckQuery(base, changes ?? []),
    enabled: changes !== undefined,
  }).data;
  return useMemo(() => byLink(checked), [checked]);
}

export function useMarked(
  draft: Draft,
  model: StudioModel,
  states: States,
  selection: Selection,
): Marked {
  const base = useBaseStates(draft);
  return useMemo(() => {
    const streets = new Map<string, Look>();
    const same = (link: string) =>
      JSON.stringify(states.get(link)) === JSON.stringify(base.get(link));
    for (const { street, links } of model.streets) {
      const own = links.filter((link) => !same(link));
      const closed = own.some((link) => states.get(link)?.modes.length === 0);
      if (own.length > 0) streets.set(street, closed ? "closed" : "changed");
      else if (links.some((link) => states.has(link))) streets.set(street, "base");
    }
    if (selection?.kind === "street") {
      const street = model.streets.find((one) => one.street === selection.id);
      const whole = selection.extent === "whole";
      const pieces = street ? (whole ? piecesOf(street, model.streets) : [street]) : [];
      for (const piece of pieces) streets.set(piece.street, "chosen");
    }
    const points = draft.changes.flatMap((change) =>
      change.do === "stop" || change.do === "car_park" ? [[change.lon, change.lat] as const] : [],
    );
    return { streets, points };
  }, [draft.changes, model, states, base, selection]);
}

interface CardProps {
  selection: Selection;
  onSelect: (selection: Selection) => void;
  draft: Draft;
  model: StudioModel;
  states: States;
  editor: DraftEditor;
}

/** The card of what is selected, brought into view where the page is long. */
export function SelectionCard(props: CardProps) {
  const { selection } = props;
  const card = useRef<HTMLDivElement>(null);
  const shown = selection && `${selection.kind} ${"id" in selection ? selection.id : ""}`;
  useEffect(() => {
    if (shown) card.current?.scrollIntoView({ block: "nearest" });
  }, [shown]);
  return selection ? (
    <div ref={card} className={styles.selected}>
      <Card {...props} selection={selection} />
    </div>
  ) : null;
}

function Card({
  selection,
  onSelect,
  draft,
  model,
  states,
  editor,
}: CardProps & { selection: NonNullable<Selection> }) {
  const close = () => onSelect(null);
  const save = (changes: Change[]) => editor.edit({ changes });
  if (selection.kind === "street") {
    return (
      <StreetCard
        key={selection.id}
        street={model.streets.find(({ street }) => street === selection.id)}
        model={model}
        states={states}
        draft={draft}
        saving={editor.saving}
        extent={selection.extent}
        onExtent={(extent) => onSelect({ ...selection, extent })}
        onSave={save}
        onClose={close}
      />
    );
  }
  const onMove = (at: At) => onSelect(movedTo(selection, at));
  if (selection.kind === "stop") {
    return (
      <StopCard
        key={selection.id}
        stop={model.stops.find(({ stop }) => stop === selection.id)}
        at={selection.at}
        draft={draft}
        saving={editor.saving}
        onMove={onMove}
        onSave={(at) => save(movingStop(draft.changes, selection.id, at))}
        onClose={close}
      />
    );
  }
  return (
    <ParkCard
      saving={editor.saving}
      at={selection.at}
      onMove={onMove}
      onSave={(park) => {
        save(addingPark(draft.changes, { ...park, at: selection.at }));
        close();
      }}
      onClose={close}
    />
  );
}
