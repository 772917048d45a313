/** The frame of a page: its heading, what it says when it is empty, waits or is in trouble. */
import { Button, Skeleton } from "@mantine/core";
import { useEffect, type ReactNode } from "react";
import { asProblem } from "~/api/problem";
import { useSay, useWords } from "~/words/language";
import { shellWords } from "~/words/shell";
import { Icon, type IconName } from "./icons";
import styles from "./panel.module.css";

export function Page({
  title,
  lead,
  beside,
  narrow = false,
  children,
}: {
  title: string;
  lead?: string;
  beside?: ReactNode;
  narrow?: boolean;
  children: ReactNode;
}) {
  useTitle(title);
  return (
    <div className={`${styles.page ?? ""} ${narrow ? (styles.narrow ?? "") : ""}`}>
      <div className={styles.heading}>
        <div>
          <h1>{title}</h1>
          {lead && <p>{lead}</p>}
        </div>
        {beside}
      </div>
      {children}
    </div>
  );
}

/** Name the document after the page, so that history, tabs and screen readers tell them apart. */
export function useTitle(title: string): void {
  const t = useWords(shellWords);
  useEffect(() => {
    document.title = `${title} · ${t("brand")}`;
  }, [title, t]);
}

export function Panel({ children, label }: { children: ReactNode; label?: string }) {
  return (
    <section className={styles.panel} aria-label={label}>
      {children}
    </section>
  );
}

export function Empty({
  icon,
  title,
  detail,
  children,
}: {
  icon: IconName;
  title: string;
  detail: string;
  children?: ReactNode;
}) {
  return (
    <div className={styles.notice}>
      <Icon name={icon} size={24} />
      <strong>{title}</strong>
      <p>{detail}</p>
      {children && <div>{children}</div>}
    </div>
  );
}

/** What went wrong and what to do, in the city's own words. */
export function Trouble({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const say = useSay();
  const t = useWords(shellWords);
  const problem = asProblem(error);
  return (
    <div className={`${styles.notice ?? ""} ${styles.trouble ?? ""}`} role="alert">
      <Icon name="warning" size={24} />
      <strong>{say(problem.title)}</strong>
      <p>{say(problem.detail)}</p>
      {onRetry && (
        <div>
          <Button variant="default" size="sm" onClick={onRetry}>
            {t("tryAgain")}
          </Button>
        </div>
      )}
    </div>
  );
}

/** Grey lines of about the shape of what will come. */
export function Waiting({ lines = 3, height = 72 }: { lines?: number; height?: number }) {
  const t = useWords(shellWords);
  return (
    <div className={styles.lines} role="status" aria-busy="true">
      <span className="unseen">{t("waiting")}</span>
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} height={height} />
      ))}
    </div>
  );
}

interface Asked<T> {
  data: T | undefined;
  error: Error | null;
  refetch: () => unknown;
}

/** Show what was asked for, or that it is on its way, or why it does not come. */
export function Loaded<T>({
  from,
  lines,
  height,
  children,
}: {
  from: Asked<T>;
  lines?: number;
  height?: number;
  children: (data: T) => ReactNode;
}) {
  if (from.data !== undefined) return <>{children(from.data)}</>;
  if (from.error) return <Trouble error={from.error} onRetry={() => void from.refetch()} />;
  return <Waiting {...(lines ? { lines } : {})} {...(height ? { height } : {})} />;
}
