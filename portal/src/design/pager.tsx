/** The way between the pages of a list that is too long to be shown at once. */
import { Button } from "@mantine/core";
import { useWords } from "~/words/language";
import { shellWords } from "~/words/shell";
import styles from "./panel.module.css";

export function Pager({
  label,
  page,
  hasMore,
  onPage,
}: {
  label: string;
  page: number;
  hasMore: boolean;
  onPage: (page: number) => void;
}) {
  const t = useWords(shellWords);
  if (page === 0 && !hasMore) return null;
  return (
    <nav className={styles.pager} aria-label={t("pages", { of: label })}>
      <Button size="sm" variant="default" disabled={page === 0} onClick={() => onPage(page - 1)}>
        {t("before")}
      </Button>
      <span>{t("page", { page: page + 1 })}</span>
      <Button size="sm" variant="default" disabled={!hasMore} onClick={() => onPage(page + 1)}>
        {t("after")}
      </Button>
    </nav>
  );
}
