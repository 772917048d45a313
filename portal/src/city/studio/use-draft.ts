/** A draft under the hands of its author: every edit is saved, and can be undone and done again. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { answer, city } from "~/api/client";
import type { Change, Draft } from "./queries";

interface Words {
  title: string;
  changes: Change[];
}

export interface DraftEditor {
  edit: (next: Partial<Words>) => void;
  undo: (() => void) | null;
  redo: (() => void) | null;
  saving: boolean;
  problem: Error | null;
}

const MOST_STEPS = 50;

export function useDraftEditor(draft: Draft): DraftEditor {
  const client = useQueryClient();
  const [past, setPast] = useState<Words[]>([]);
  const [future, setFuture] = useState<Words[]>([]);
  const { mutate, isPending, error } = useMutation({
    mutationFn: (words: Words) =>
      answer(
        city.PUT("/api/scenario-drafts/{draft}", {
          params: { path: { draft: draft.id } },
          body: { version: draft.version, ...words },
        }),
      ),
    onSuccess: (saved) => {
      client.setQueryData(["drafts", draft.id], saved);
      void client.invalidateQueries({ queryKey: ["drafts"], exact: true });
    },
    onError: () => client.invalidateQueries({ queryKey: ["drafts", draft.id], exact: true }),
  });
  const now: Words = { title: draft.title, changes: draft.changes };

  const save = useCallback(
    (words: Words, then: () => void) => mutate(words, { onSuccess: then }),
    [mutate],
  );
  const edit = (next: Partial<Words>) =>
    save({ ...now, ...next }, () => {
      setPast((steps) => [...steps, now].slice(-MOST_STEPS));
      setFuture([]);
    });
  const before = past.at(-1);
  const after = future.at(-1);
  return {
    edit,
    undo: before
      ? () =>
          save(before, () => {
            setPast((steps) => steps.slice(0, -1));
            setFuture((steps) => [...steps, now]);
          })
      : null,
    redo: after
      ? () =>
          save(after, () => {
            setFuture((steps) => steps.slice(0, -1));
            setPast((steps) => [...steps, now]);
          })
      : null,
    saving: isPending,
    problem: error,
  };
}
