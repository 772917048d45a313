/** A phone is gone: what reporting it does, before it is done. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useSession } from "~/api/session";
import { useWords } from "~/words/language";
import { reportLost } from "../api";
import styles from "../identity.module.css";
import { Done, Twice } from "../parts";
import { securityWords } from "./words";

const STAFFS = ["lost_1", "lost_2", "lost_codes"] as const;
const RESIDENTS = [...STAFFS, "lost_3", "lost_4"] as const; // who have credentials and a wallet

export function Lost() {
  const t = useWords(securityWords);
  const queries = useQueryClient();
  const isResident = useSession()?.role === "resident";
  const report = useMutation({
    mutationFn: reportLost,
    onSuccess: () => queries.invalidateQueries({ queryKey: ["me"] }),
  });
  return (
    <div className={styles.stack}>
      <h2>{t("lost")}</h2>
      <p>{t("lostHelp")}</p>
      <ul className={styles.untold}>
        {(isResident ? RESIDENTS : STAFFS).map((line) => (
          <li key={line}>· {t(line)}</li>
        ))}
      </ul>
      {isResident && <p className={styles.fine}>{t("lostUndo")}</p>}
      {report.isSuccess ? (
        <Done>{t("reported")}</Done>
      ) : (
        <Twice verb={t("report")} warning={t("lostHelp")} doing={report} />
      )}
    </div>
  );
}
