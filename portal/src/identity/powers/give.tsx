/** Letting somebody act for oneself: whom, for what, until when. */
import { Button, Checkbox, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useSession } from "~/api/session";
import { Trouble } from "~/design/page";
import { fullId, shortName } from "~/money/names";
import { useWords } from "~/words/language";
import { delegationsQuery, giveDelegation } from "../api";
import styles from "../identity.module.css";
import { Done } from "../parts";
import { useDelegable } from "./actions";
import { powerWords } from "./words";

export function Give() {
  const t = useWords(powerWords);
  const me = useSession()?.id ?? "";
  const queries = useQueryClient();
  const delegable = useDelegable();
  const [whom, setWhom] = useState("");
  const [actions, setActions] = useState<string[]>([]);
  const [until, setUntil] = useState("");
  const give = useMutation({
    mutationFn: () => giveDelegation(fullId(whom), actions, until),
    onSuccess: () => queries.invalidateQueries({ queryKey: delegationsQuery.queryKey }),
  });
  const isWhole = whom.trim() !== "" && actions.length > 0 && until !== "";
  return (
    <form
      className={styles.stack}
      onSubmit={(event) => {
        event.preventDefault();
        if (isWhole) give.mutate();
      }}
    >
      <h2>{t("give")}</h2>
      <p className={styles.fine}>{t("giveHelp")}</p>
      <TextInput
        label={t("whom")}
        description={t("whomHelp", { id: shortName(me) })}
        value={whom}
        spellCheck={false}
        autoComplete="off"
        onChange={({ currentTarget }) => setWhom(currentTarget.value)}
      />
      <Checkbox.Group
        label={t("what")}
        description={t("whatHelp")}
        value={actions}
        onChange={setActions}
      >
        <div className={styles.choices}>
          {delegable.map(({ value, label }) => (
            <Checkbox key={value} value={value} label={label} />
          ))}
        </div>
      </Checkbox.Group>
      <TextInput
        type="date"
        label={t("last")}
        value={until}
        onChange={({ currentTarget }) => setUntil(currentTarget.value)}
      />
      <div className={styles.row}>
        <Button type="submit" loading={give.isPending} disabled={!isWhole}>
          {t("giveNow")}
        </Button>
      </div>
      {give.isSuccess && <Done>{t("gave")}</Done>}
      {give.error && <Trouble error={give.error} />}
    </form>
  );
}
