/** The desk for paper: crossed off the roll first, then the paper is given. */
import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, city } from "~/api/client";
import { number } from "~/design/figures";
import { Panel, Trouble } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import styles from "../votes.module.css";
import { personOf } from "./person";
import { agencyWords } from "./words";

export function Desk({ poll }: { poll: string }) {
  const t = useWords(agencyWords);
  const { language } = useLanguage();
  const queries = useQueryClient();
  const [who, setWho] = useState("");
  const [struck, setStruck] = useState("");
  const give = useMutation({
    mutationFn: () => {
      const pseudonym = struck.trim().toLowerCase() || null;
      return answer(
        city.POST("/api/polls/{poll}/paper", {
          params: { path: { poll } },
          body: { person: personOf(who), pseudonym },
        }),
      );
    },
    onSuccess: () => {
      setWho("");
      setStruck("");
      return queries.invalidateQueries({ queryKey: ["polls", poll] });
    },
  });
  return (
    <Panel label={t("desk")}>
      <form
        className={styles.stack}
        onSubmit={(event) => {
          event.preventDefault();
          if (who.trim()) give.mutate();
        }}
      >
        <h2>{t("desk")}</h2>
        <p className={styles.fine}>{t("deskHelp")}</p>
        <TextInput
          label={t("person")}
          value={who}
          maxLength={200}
          spellCheck={false}
          autoComplete="off"
          onChange={({ currentTarget }) => setWho(currentTarget.value)}
        />
        <TextInput
          label={t("struck")}
          value={struck}
          maxLength={70}
          spellCheck={false}
          autoComplete="off"
          onChange={({ currentTarget }) => setStruck(currentTarget.value)}
        />
        <div className={styles.row}>
          <Button type="submit" loading={give.isPending} disabled={who.trim() === ""}>
            {t("give")}
          </Button>
        </div>
        {give.data && (
          <p role="status">{t("given", { count: number(give.data.paper, language) })}</p>
        )}
        {give.error && <Trouble error={give.error} />}
      </form>
    </Panel>
  );
}
