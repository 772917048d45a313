/** Making the first passkey of a device, with a code that is good once. */
import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Trouble } from "~/design/page";
import { useWords } from "~/words/language";
import { beginByCode, endByCode, type Way } from "../api";
import styles from "../identity.module.css";
import { makePasskey, thisDevice } from "../passkeys";
import { useEntered } from "./ways";
import { entryWords } from "./words";

const MOST_LABEL = 60;

export function CodeEntry({ way, given }: { way: Way; given: string }) {
  const t = useWords(entryWords);
  const entered = useEntered();
  const [code, setCode] = useState(given);
  const [label, setLabel] = useState(thisDevice);
  const make = useMutation({
    mutationFn: async () => {
      const { attempt, options } = await beginByCode(way, code.trim());
      return endByCode(way, {
        attempt,
        code: code.trim(),
        answer: await makePasskey(options),
        label: label.trim(),
      });
    },
    onSuccess: entered,
  });
  return (
    <form
      className={styles.stack}
      onSubmit={(event) => {
        event.preventDefault();
        if (code.trim() && label.trim()) make.mutate();
      }}
    >
      <h2>{t(way === "enrol" ? "enrolTitle" : "recoveryTitle")}</h2>
      <p>{t(way === "enrol" ? "enrolHelp" : "recoveryHelp")}</p>
      {way === "recovery" && <p className={styles.fine}>{t("recoveryThen")}</p>}
      <TextInput
        label={t("code")}
        value={code}
        autoComplete="one-time-code webauthn"
        spellCheck={false}
        onChange={({ currentTarget }) => setCode(currentTarget.value)}
      />
      <TextInput
        label={t("label")}
        value={label}
        maxLength={MOST_LABEL}
        onChange={({ currentTarget }) => setLabel(currentTarget.value)}
      />
      <Button type="submit" loading={make.isPending} disabled={!code.trim() || !label.trim()}>
        {t("makePasskey")}
      </Button>
      {make.error && <Trouble error={make.error} />}
    </form>
  );
}
