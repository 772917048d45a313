/** Whom the register has, by a whole name or an id; that somebody looked is noted for them. */
import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Trouble } from "~/design/page";
import { fullId } from "~/money/names";
import { useWords } from "~/words/language";
import { findRegistered, type Registration } from "../api";
import styles from "../identity.module.css";
import { Lines } from "./counter-page";
import { counterWords } from "./words";

export function Find({ onFound }: { onFound: (whom: Registration) => void }) {
  const t = useWords(counterWords);
  const [name, setName] = useState("");
  const [person, setPerson] = useState("");
  const find = useMutation({
    mutationFn: () =>
      findRegistered({
        ...(name.trim() ? { name: name.trim() } : {}),
        ...(person.trim() ? { person: fullId(person) } : {}),
      }),
  });
  return (
    <form
      className={styles.stack}
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() || person.trim()) find.mutate();
      }}
    >
      <h2>{t("who")}</h2>
      <p className={styles.fine}>{t("findHelp")}</p>
      <TextInput
        label={t("findName")}
        value={name}
        autoComplete="off"
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <TextInput
        label={t("findId")}
        value={person}
        autoComplete="off"
        spellCheck={false}
        onChange={({ currentTarget }) => setPerson(currentTarget.value)}
      />
      <div className={styles.row}>
        <Button type="submit" loading={find.isPending} disabled={!name.trim() && !person.trim()}>
          {t("find")}
        </Button>
      </div>
      {find.error && <Trouble error={find.error} />}
      {find.data?.length === 0 && <p role="status">{t("none")}</p>}
      {find.data && find.data.length > 0 && (
        <ul className={styles.list}>
          {find.data.map((one) => (
            <li key={one.id}>
              <div>
                <strong>{one.name}</strong>
                <Lines whom={one} />
              </div>
              <Button
                size="compact-md"
                aria-label={t("choose", { name: one.name })}
                onClick={() => onFound(one)}
              >
                {t("choose", { name: one.name })}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </form>
  );
}
