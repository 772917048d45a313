/** Getting what somebody else offers: their link or QR code, and the digits that they told. */
import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "react-router";
import { Trouble } from "~/design/page";
import { CodeField } from "~/me/pay/scan";
import { useSay, useWords } from "~/words/language";
import styles from "../identity.module.css";
import { Done } from "../parts";
import { getByCode } from "./queries";
import { cardWords } from "./words";

const MOST_LETTERS = 4_096;
const MOST_DIGITS = 12;

export function ByCode({ person }: { person: string }) {
  const t = useWords(cardWords);
  const say = useSay();
  const queries = useQueryClient();
  const { hash } = useLocation();
  const [link, setLink] = useState(hash.includes("credential_offer") ? hash : "");
  const [pin, setPin] = useState("");
  const take = useMutation({
    mutationFn: () => getByCode(link, pin.trim(), person),
    onSuccess: () => {
      setLink("");
      setPin("");
      return queries.invalidateQueries({ queryKey: ["me"] });
    },
  });
  return (
    <form
      className={styles.stack}
      onSubmit={(event) => {
        event.preventDefault();
        if (link.trim()) take.mutate();
      }}
    >
      <h2>{t("byCode")}</h2>
      <p className={styles.fine}>{t("byCodeHelp")}</p>
      <CodeField value={link} onChange={setLink} label={t("codeText")} most={MOST_LETTERS} />
      <TextInput
        label={t("pin")}
        value={pin}
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={MOST_DIGITS}
        onChange={({ currentTarget }) => setPin(currentTarget.value)}
      />
      <div className={styles.row}>
        <Button type="submit" loading={take.isPending} disabled={!link.trim()}>
          {t("take")}
        </Button>
      </div>
      {take.data && <Done>{t("gotIt", { what: say(take.data.title) })}</Done>}
      {take.error && <Trouble error={take.error} />}
    </form>
  );
}
