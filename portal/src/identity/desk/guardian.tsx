/** Entering who acts for somebody, as an office that has seen the papers. */
import { Button, Select, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Trouble } from "~/design/page";
import { fullId } from "~/money/names";
import { useWords } from "~/words/language";
import { enterGuardian } from "../api";
import styles from "../identity.module.css";
import { Done } from "../parts";
import { EVERYTHING, useDelegable } from "../powers/actions";
import { valueWords } from "../words";
import { Guardians } from "./guardians";
import { counterWords } from "./words";

const RELATIONS = ["parent", "guardian", "carer"] as const;
type Entered = (typeof RELATIONS)[number];

export function Guardian({ person }: { person: string }) {
  const t = useWords(counterWords);
  const v = useWords(valueWords);
  const delegable = useDelegable();
  const queries = useQueryClient();
  const [guardian, setGuardian] = useState("");
  const [relation, setRelation] = useState<Entered>("parent");
  const [action, setAction] = useState(EVERYTHING);
  const [until, setUntil] = useState("");
  const enter = useMutation({
    mutationFn: () => enterGuardian(person, fullId(guardian), relation, [action], until),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["counter"] }),
  });
  const isWhole = guardian.trim() !== "" && until !== "";
  return (
    <form
      className={styles.stack}
      onSubmit={(event) => {
        event.preventDefault();
        if (isWhole) enter.mutate();
      }}
    >
      <h2>{t("guardian")}</h2>
      <Guardians person={person} />
      <TextInput
        label={t("guardianId")}
        value={guardian}
        autoComplete="off"
        spellCheck={false}
        onChange={({ currentTarget }) => setGuardian(currentTarget.value)}
      />
      <Select
        label={t("relation")}
        value={relation}
        allowDeselect={false}
        data={RELATIONS.map((one) => ({ value: one, label: v(one) }))}
        onChange={(chosen) => setRelation(chosen ?? "parent")}
      />
      <Select
        label={t("actions")}
        value={action}
        allowDeselect={false}
        data={delegable}
        onChange={(chosen) => setAction(chosen ?? EVERYTHING)}
      />
      <TextInput
        type="date"
        label={t("last")}
        value={until}
        onChange={({ currentTarget }) => setUntil(currentTarget.value)}
      />
      <div className={styles.row}>
        <Button type="submit" variant="default" loading={enter.isPending} disabled={!isWhole}>
          {t("enterGuardian")}
        </Button>
      </div>
      {enter.isSuccess && <Done>{t("guardianEntered")}</Done>}
      {enter.error && <Trouble error={enter.error} />}
    </form>
  );
}
