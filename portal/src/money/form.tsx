/** A form from a list of its fields: what most pages about money need, each in the same manner. */
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient, type QueryKey } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { newKey } from "~/api/client";
import { cityQuery } from "~/api/queries";
import { Trouble } from "~/design/page";
import { useWords } from "~/words/language";
import { FieldInput, firstOf, isFilled, type Field, type Value } from "./field";
import { instantOf } from "./instants";
import styles from "./money.module.css";
import { fullId, listOf } from "./names";
import { useTell } from "./told";
import { moneyWords } from "./words";

/** What was typed, read as what the city takes. */
export class Said {
  constructor(
    private readonly values: Readonly<Record<string, Value>>,
    private readonly timeZone: string,
    /** A fresh name for what is asked for, the same however often it is sent. */
    readonly key: string,
  ) {}

  text(name: string): string {
    return String(this.values[name] ?? "").trim();
  }

  whole(name: string): number {
    return Number(this.values[name]);
  }

  id(name: string): string {
    return fullId(this.text(name));
  }

  ids(name: string): string[] {
    return listOf(this.text(name)).map(fullId);
  }

  list(name: string): string[] {
    return listOf(this.text(name));
  }

  picked<T extends string>(name: string): T[] {
    return (this.values[name] as T[] | undefined) ?? [];
  }

  day(name: string): string | null {
    return this.text(name) || null;
  }

  instant(name: string): string {
    return instantOf(this.text(name), this.timeZone);
  }

  yes(name: string): boolean {
    return this.values[name] === true;
  }
}

export function FieldsForm<T>({
  title,
  lead,
  fields,
  verb,
  send,
  done,
  refresh,
  again = false,
}: {
  title?: string;
  lead?: string;
  fields: readonly Field[];
  verb: string;
  send: (said: Said) => Promise<T>;
  done: string | ((answer: T) => string);
  refresh: readonly QueryKey[];
  /** Ask once more before it is done: for what cannot be taken back. */
  again?: boolean;
}) {
  const t = useWords(moneyWords);
  const tell = useTell();
  const form = useRef<HTMLFormElement>(null);
  const queries = useQueryClient();
  const zone = useQuery(cityQuery).data?.time_zone ?? "Asia/Seoul";
  const start = () => Object.fromEntries(fields.map((one) => [one.name, firstOf(one)]));
  const [values, setValues] = useState<Record<string, Value>>(start);
  const [key, setKey] = useState(newKey);
  const [isSure, setSure] = useState(false);
  const asked = fields.filter((one) => one.asked?.(values) ?? true);
  const sending = useMutation({
    mutationFn: () => {
      const said = asked.map(({ name }) => [name, values[name] ?? ""] as const);
      return send(new Said(Object.fromEntries(said), zone, key));
    },
    onSuccess: async (answered) => {
      setValues(start());
      setKey(newKey());
      await Promise.all(refresh.map((queryKey) => queries.invalidateQueries({ queryKey })));
      tell(typeof done === "string" ? done : done(answered), form.current);
    },
    onSettled: () => setSure(false),
  });
  const isReady = asked.every((one) => isFilled(one, values[one.name]));
  return (
    <form
      ref={form}
      className={styles.form}
      aria-label={title ?? verb}
      onSubmit={(event) => {
        event.preventDefault();
        if (!isReady || sending.isPending) return;
        if (again && !isSure) setSure(true);
        else sending.mutate();
      }}
    >
      {title && <h2>{title}</h2>}
      {lead && <p className={styles.fine}>{lead}</p>}
      {asked.map((one) => (
        <FieldInput
          key={one.name}
          field={one}
          value={values[one.name] ?? firstOf(one)}
          onChange={(value) => {
            setSure(false);
            setKey(newKey()); // other words are another wish
            setValues((all) => ({ ...all, [one.name]: value }));
          }}
        />
      ))}
      <div className={styles.row}>
        <Button type="submit" loading={sending.isPending} disabled={!isReady}>
          {isSure ? t("really", { verb }) : verb}
        </Button>
      </div>
      {sending.isSuccess && (
        <p role="status" className={styles.done}>
          {typeof done === "string" ? done : done(sending.data)}
        </p>
      )}
      {sending.error && <Trouble error={sending.error} />}
    </form>
  );
}
