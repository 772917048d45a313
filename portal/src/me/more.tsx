import { Button } from "@mantine/core";
import { Trouble } from "~/design/page";
import { useWords } from "~/words/language";
import styles from "./me.module.css";
import { meWords } from "./words";

interface Paged {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  isFetchNextPageError: boolean;
  error: Error | null;
  fetchNextPage: () => Promise<unknown>;
}

/** The rest of a long list, a page at a time; said, so that it is heard, too. */
export function More({ from, shown }: { from: Paged; shown: number }) {
  const t = useWords(meWords);
  return (
    <div className={styles.more}>
      <p role="status">{t(from.hasNextPage ? "shownSoFar" : "shownAll", { count: shown })}</p>
      {from.isFetchNextPageError && <Trouble error={from.error} />}
      {from.hasNextPage && (
        <Button
          variant="default"
          loading={from.isFetchingNextPage}
          onClick={() => void from.fetchNextPage()}
        >
          {t("more")}
        </Button>
      )}
    </div>
  );
}

/** The pages of a list as one. */
export function flat<T>(from: { data: { pages: T[][] } | undefined }): T[] | undefined {
  return from.data?.pages.flat();
}
