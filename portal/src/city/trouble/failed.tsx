/** What failed, in one list: page by page, replayed or dropped one by one or together. */
import { Button } from "@mantine/core";
import {
  useMutation,
  useQuery,
  useQueryClient,
  type DefaultError,
  type UseQueryOptions,
} from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { Empty, Loaded, Panel, Trouble } from "~/design/page";
import { useWords } from "~/words/language";
import { Bulk, type Deed } from "./bulk";
import styles from "./trouble.module.css";
import { troubleWords } from "./words";

type Done = () => Promise<unknown>;
/** A page of the list; its key begins with what the list is called. */
type PageQuery<T> = UseQueryOptions<T[], DefaultError, T[], (string | number)[]> & {
  queryKey: (string | number)[];
};

export function Failed<T extends { id: string }>({
  words,
  query,
  nameOf,
  replay,
  drop,
  children,
}: {
  words: { title: string; lead: string; none: string; noneDetail: string };
  query: (page: number) => PageQuery<T>;
  nameOf: (item: T) => string;
  replay: Deed["act"];
  drop: Deed["act"];
  children: (item: T, onDone: Done) => ReactNode;
}) {
  const queries = useQueryClient();
  const [page, setPage] = useState(0);
  const asked = query(page);
  const items = useQuery(asked);
  const refresh = () => queries.invalidateQueries({ queryKey: asked.queryKey.slice(0, 1) });
  return (
    <Panel label={words.title}>
      <h2>{words.title}</h2>
      <p className={styles.lead}>{words.lead}</p>
      <Loaded from={items} lines={2}>
        {(all) =>
          all.length === 0 && page === 0 ? (
            <Empty icon="check" title={words.none} detail={words.noneDetail} />
          ) : (
            <Bulk
              label={words.title}
              items={all}
              page={page}
              onPage={setPage}
              nameOf={nameOf}
              deeds={[
                { kind: "replay", act: replay },
                { kind: "drop", act: drop },
              ]}
              onDone={refresh}
            >
              {(item) => children(item, refresh)}
            </Bulk>
          )
        }
      </Loaded>
    </Panel>
  );
}

/** One of them: what it is, why it failed, and what can be done about it. */
export function OneFailed({
  id,
  name,
  reason,
  facts,
  replay,
  drop,
  onDone,
  children,
}: {
  id: string;
  name: string;
  reason: string;
  facts: readonly string[];
  replay: Deed["act"];
  drop: Deed["act"];
  onDone: Done;
  /** More buttons. */
  children?: ReactNode;
}) {
  const t = useWords(troubleWords);
  const again = useMutation({ mutationFn: () => replay(id), onSuccess: onDone });
  const away = useMutation({ mutationFn: () => drop(id), onSuccess: onDone });
  const isBusy = again.isPending || away.isPending;
  const error = again.error ?? away.error;
  return (
    <>
      <strong className={styles.name}>{name}</strong>
      <p className={styles.reason}>{reason}</p>
      <p className={styles.soft}>{facts.join(" · ")}</p>
      <div className={styles.buttons}>
        <Button
          size="compact-sm"
          disabled={isBusy}
          loading={again.isPending}
          onClick={() => again.mutate()}
        >
          {t("replay")}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          disabled={isBusy}
          loading={away.isPending}
          onClick={() => away.mutate()}
        >
          {t("drop")}
        </Button>
        {children}
      </div>
      {error && <Trouble error={error} />}
    </>
  );
}
