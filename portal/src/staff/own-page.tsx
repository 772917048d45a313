/** Devices, sessions, recovery codes and notices of whoever of the staff is signed in. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { inboxQuery } from "~/api/queries";
import { isPerson, useSession } from "~/api/session";
import { Empty, Loaded, Page, Panel } from "~/design/page";
import { reportLost } from "~/identity/api";
import styles from "~/identity/identity.module.css";
import { Done, Twice, useWhen } from "~/identity/parts";
import { Devices } from "~/identity/security/devices";
import { RecoveryCodes } from "~/identity/security/recovery";
import { Sessions } from "~/identity/security/sessions";
import { useSay, useWords } from "~/words/language";
import { staffWords } from "./words";

const MOST_TOLD = 10;

export default function OwnPage() {
  const t = useWords(staffWords);
  const session = useSession();
  const isStaff = session !== null && !isPerson(session);
  return (
    <Page narrow title={t("own")} lead={t("ownLead")}>
      {isStaff ? (
        <div className={styles.page}>
          <Panel>
            <Devices />
          </Panel>
          <Panel>
            <Sessions />
          </Panel>
          <Panel>
            <RecoveryCodes />
          </Panel>
          <Panel>
            <LostDevice />
          </Panel>
          <Panel>
            <Told />
          </Panel>
        </div>
      ) : (
        <Empty icon="key" title={t("notStaff")} detail={t("notStaffDetail")} />
      )}
    </Page>
  );
}

function LostDevice() {
  const t = useWords(staffWords);
  const queries = useQueryClient();
  const report = useMutation({
    mutationFn: reportLost,
    onSuccess: () => queries.invalidateQueries({ queryKey: ["me"] }),
  });
  return (
    <div className={styles.stack}>
      <h2>{t("lost")}</h2>
      {report.isSuccess ? (
        <Done>{t("reported")}</Done>
      ) : (
        <Twice verb={t("report")} warning={t("lostHelp")} doing={report} />
      )}
    </div>
  );
}

function Told() {
  const t = useWords(staffWords);
  const say = useSay();
  const when = useWhen();
  const inbox = useQuery(inboxQuery);
  return (
    <div className={styles.stack}>
      <h2>{t("told")}</h2>
      <Loaded from={inbox} lines={2} height={56}>
        {(all) =>
          all.length === 0 ? (
            <p>{t("nothingTold")}</p>
          ) : (
            <ul className={styles.list}>
              {all.slice(0, MOST_TOLD).map(({ id, title, body, sent_at }) => (
                <li key={id}>
                  <div>
                    <strong>{say(title)}</strong>
                    <span>{say(body)}</span>
                    <small>{when(sent_at)}</small>
                  </div>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </div>
  );
}
