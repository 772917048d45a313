/** Writing somebody into the register, or correcting what it says, with their papers in hand. */
import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Trouble } from "~/design/page";
import { fullId } from "~/money/names";
import { useWords } from "~/words/language";
import { register, type Entry, type Registration } from "../api";
import styles from "../identity.module.css";
import { Done } from "../parts";
import { counterWords } from "./words";

const FIELDS = ["name", "born", "zone", "since", "person"] as const;
type Field = (typeof FIELDS)[number];
const DAYS: ReadonlySet<Field> = new Set(["born", "since"]);
const MOST = 120;

const NOTHING: Record<Field, string> = { name: "", born: "", zone: "", since: "", person: "" };

const fieldsOf = ({ name, born, living_zone: zone, since, person }: Registration) => ({
  name,
  born,
  zone,
  since,
  person,
});

export function Register({
  known,
  onEntered,
}: {
  known?: Registration;
  onEntered: (whom: Registration) => void;
}) {
  const t = useWords(counterWords);
  const [typed, setTyped] = useState<Record<Field, string>>(known ? fieldsOf(known) : NOTHING);
  const { name, born, zone, since, person } = typed;
  const entry: Entry = { name: name.trim(), born, living_zone: zone.trim(), since };
  const enter = useMutation({
    mutationFn: () => register(entry, fullId(person) || null),
    onSuccess: (whom) => onEntered(whom),
  });
  const isWhole = Object.values(entry).every((one) => one !== "");
  return (
    <form
      className={styles.stack}
      onSubmit={(event) => {
        event.preventDefault();
        if (isWhole) enter.mutate();
      }}
    >
      <h2>{t(known ? "correct" : "register")}</h2>
      {FIELDS.filter((field) => !known || field !== "person").map((field) => (
        <TextInput
          key={field}
          type={DAYS.has(field) ? "date" : "text"}
          label={t(field)}
          value={typed[field]}
          autoComplete="off"
          {...(field === "person" ? {} : { maxLength: MOST })}
          onChange={({ currentTarget }) => setTyped({ ...typed, [field]: currentTarget.value })}
        />
      ))}
      <div className={styles.row}>
        <Button type="submit" loading={enter.isPending} disabled={!isWhole}>
          {t(known ? "correct" : "enter")}
        </Button>
      </div>
      {enter.data && <Done>{t("entered", { name: enter.data.name })}</Done>}
      {enter.error && <Trouble error={enter.error} />}
    </form>
  );
}
