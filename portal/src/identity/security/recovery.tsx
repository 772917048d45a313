/** Ten codes for when every device is gone: shown once, to be printed. */
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useWords } from "~/words/language";
import { makeRecoveryCodes } from "../api";
import styles from "../identity.module.css";
import { CopyButton, Twice, useWhen } from "../parts";
import { identityWords } from "../words";
import { securityWords } from "./words";

export function RecoveryCodes() {
  const t = useWords(securityWords);
  const i = useWords(identityWords);
  const when = useWhen();
  const [madeAt, setMadeAt] = useState("");
  const make = useMutation({
    mutationFn: makeRecoveryCodes,
    onSuccess: () => setMadeAt(new Date().toISOString()),
  });
  const codes = make.data?.codes ?? [];
  return (
    <div className={styles.stack}>
      <h2>{t("codes")}</h2>
      <p>{t("codesHelp")}</p>
      {codes.length > 0 ? (
        <>
          <p role="status" className={styles.told}>
            {t("codesOnce")}
          </p>
          <div data-print className={styles.stack}>
            <strong>{t("codesFor", { at: when(madeAt) })}</strong>
            <ul className={styles.codes}>
              {codes.map((code) => (
                <li key={code}>{code}</li>
              ))}
            </ul>
          </div>
          <div className={styles.row}>
            <Button onClick={() => print()}>{i("print")}</Button>
            <CopyButton text={codes.join("\n")} />
          </div>
        </>
      ) : (
        <Twice verb={t("makeCodes")} warning={t("codesWarning")} doing={make} />
      )}
    </div>
  );
}
