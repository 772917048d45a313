/** Small parts that pages about money share: a list's line, an act on it, figures, a meter. */
import { Button } from "@mantine/core";
import { useMutation, useQueryClient, type QueryKey } from "@tanstack/react-query";
import { useRef, useState, type ReactNode } from "react";
import { newKey } from "~/api/client";
import { Empty, Trouble } from "~/design/page";
import { useWords } from "~/words/language";
import styles from "./money.module.css";
import { useTell } from "./told";
import { moneyWords } from "./words";

export function Lines<T>({
  of,
  none,
  noneDetail,
  label,
  children,
}: {
  of: readonly T[];
  none: string;
  noneDetail: string;
  label: string;
  children: (one: T) => ReactNode;
}) {
  if (of.length === 0) return <Empty icon="wallet" title={none} detail={noneDetail} />;
  return (
    <ul className={styles.list} aria-label={label}>
      {of.map(children)}
    </ul>
  );
}

export function Line({
  title,
  state,
  facts = [],
  children,
}: {
  title: string;
  state?: string;
  facts?: readonly (string | null | undefined | false)[];
  children?: ReactNode;
}) {
  return (
    <li className={styles.item}>
      <div className={styles.top}>
        <strong>{title}</strong>
        {state && <span className={styles.state}>{state}</span>}
      </div>
      {facts.filter(Boolean).map((fact) => (
        <p key={String(fact)} className={styles.fine}>
          {fact}
        </p>
      ))}
      {children}
    </li>
  );
}

/** A button that does one thing, after a second press where it cannot be taken back. */
export function Act<T>({
  verb,
  what,
  send,
  refresh,
  done,
  again = false,
  quiet = false,
}: {
  verb: string;
  /** What it is done to, for those who do not see what it stands beside. */
  what: string;
  send: (key: string) => Promise<T>;
  refresh: readonly QueryKey[];
  done?: string;
  again?: boolean;
  quiet?: boolean;
}) {
  const t = useWords(moneyWords);
  const tell = useTell();
  const queries = useQueryClient();
  const button = useRef<HTMLButtonElement>(null);
  const [key, setKey] = useState(newKey);
  const [isSure, setSure] = useState(false);
  const acting = useMutation({
    mutationFn: () => send(key),
    onSuccess: async () => {
      setKey(newKey());
      await Promise.all(refresh.map((queryKey) => queries.invalidateQueries({ queryKey })));
      tell(t("did", { verb, what }), button.current);
    },
    onSettled: () => setSure(false),
  });
  const word = isSure ? t("really", { verb }) : verb;
  return (
    <>
      <Button
        ref={button}
        variant={quiet ? "default" : "filled"}
        size="compact-md"
        loading={acting.isPending}
        aria-label={`${word}: ${what}`}
        onClick={() => (again && !isSure ? setSure(true) : acting.mutate())}
      >
        {word}
      </Button>
      {done && acting.isSuccess && (
        <span role="status" className={styles.done}>
          {done}
        </span>
      )}
      {acting.error && <Trouble error={acting.error} />}
    </>
  );
}

export function Figures({ of }: { of: readonly (readonly [string, string])[] }) {
  return (
    <div className={styles.figures}>
      {of.map(([name, value]) => (
        <p key={name}>
          <span>{name}</span>
          <strong>{value}</strong>
        </p>
      ))}
    </div>
  );
}

export function Meter({ share, label }: { share: number; label: string }) {
  const width = `${Math.max(0, Math.min(1, share)) * 100}%`;
  return (
    <div className={styles.meter}>
      <span>{label}</span>
      <div aria-hidden="true">
        <div style={{ width }} />
      </div>
    </div>
  );
}

/** A form that is opened when it is wanted. */
export function Opened({ verb, children }: { verb: string; children: ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <div className={styles.form}>
      <div className={styles.row}>
        <Button
          variant="default"
          size="compact-md"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {verb}
        </Button>
      </div>
      {isOpen && children}
    </div>
  );
}
