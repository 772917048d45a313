/** Entering somebody in a role. */
import { Button, Select, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Trouble } from "~/design/page";
import styles from "~/identity/identity.module.css";
import { Done } from "~/identity/parts";
import { useWords } from "~/words/language";
import { enterStaff, ROLES, staffQuery, type StaffRole } from "./api";
import { roleWords, staffWords } from "./words";

export function Enter() {
  const t = useWords(staffWords);
  const r = useWords(roleWords);
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [shownAs, setShownAs] = useState("");
  const [role, setRole] = useState<StaffRole>("planner");
  const [last, setLast] = useState("");
  const enter = useMutation({
    mutationFn: () => enterStaff(name.trim(), shownAs.trim(), role, last),
    onSuccess: () => {
      setName("");
      setShownAs("");
      return queries.invalidateQueries({ queryKey: staffQuery.queryKey });
    },
  });
  return (
    <form
      className={styles.stack}
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim()) enter.mutate();
      }}
    >
      <h2>{t("enter")}</h2>
      <p className={styles.fine}>{t("enterHelp")}</p>
      <TextInput
        label={t("name")}
        value={name}
        maxLength={40}
        pattern="[a-z0-9]([a-z0-9.\-]*[a-z0-9])?"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <TextInput
        label={t("shownAs")}
        value={shownAs}
        maxLength={60}
        autoComplete="off"
        onChange={({ currentTarget }) => setShownAs(currentTarget.value)}
      />
      <Select
        label={t("role")}
        value={role}
        allowDeselect={false}
        data={ROLES.map((one) => ({ value: one, label: r(one) }))}
        onChange={(chosen) => setRole(chosen ?? "planner")}
      />
      <TextInput
        type="date"
        label={t("last")}
        value={last}
        onChange={({ currentTarget }) => setLast(currentTarget.value)}
      />
      <div className={styles.row}>
        <Button type="submit" loading={enter.isPending} disabled={!name.trim()}>
          {t("add")}
        </Button>
      </div>
      {enter.isSuccess && <Done>{t("added", { name: enter.data.name })}</Done>}
      {enter.error && <Trouble error={enter.error} />}
    </form>
  );
}
