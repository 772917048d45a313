/** A code for a device, on screen or paper; for a lost phone, what is on it is ended first. */
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Trouble } from "~/design/page";
import { RunningCode } from "~/me/pay/qr";
import { useWords } from "~/words/language";
import { enrol } from "../api";
import styles from "../identity.module.css";
import { Twice } from "../parts";
import { identityWords } from "../words";
import { counterWords } from "./words";

export function DeviceCode({ person, isLost }: { person: string; isLost: boolean }) {
  const t = useWords(counterWords);
  const i = useWords(identityWords);
  const queries = useQueryClient();
  const make = useMutation({
    mutationFn: () => enrol(person, isLost),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["counter"] }),
  });
  return (
    <div className={styles.stack}>
      <h2>{t(isLost ? "lost" : "device")}</h2>
      <p className={styles.fine}>{t(isLost ? "lostHelp" : "deviceHelp")}</p>
      {isLost ? (
        !make.data && <Twice verb={t("lostNow")} warning={t("lostHelp")} doing={make} />
      ) : (
        <div className={styles.row}>
          <Button loading={make.isPending} onClick={() => make.mutate()}>
            {t("giveCode")}
          </Button>
        </div>
      )}
      {make.error && !isLost && <Trouble error={make.error} />}
      {make.data && (
        <>
          <div data-print className={styles.stack}>
            <output className={styles.typed} aria-label={t("codeFor")}>
              {make.data.code}
            </output>
            <RunningCode
              key={make.data.code}
              payload={make.data.link}
              until={make.data.until}
              label={t("codeFor")}
            />
          </div>
          <div className={styles.row}>
            <Button variant="default" onClick={() => print()}>
              {i("print")}
            </Button>
          </div>
        </>
      )}
    </div>
  );
}
