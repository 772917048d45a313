/** One's devices, open sessions, printed codes, and what to do when a phone is gone. */
import { useSession } from "~/api/session";
import { Page, Panel } from "~/design/page";
import { useWords } from "~/words/language";
import { NotWhileActing } from "../acting";
import styles from "../identity.module.css";
import { IdentityTabs } from "../tabs";
import { Devices } from "./devices";
import { Lost } from "./lost";
import { RecoveryCodes } from "./recovery";
import { Sessions } from "./sessions";
import { securityWords } from "./words";

export default function SecurityPage() {
  const t = useWords(securityWords);
  const role = useSession()?.role;
  const hasKeys = role !== undefined && role !== "visitor"; // a visitor signs in by nothing
  return (
    <Page narrow title={t("title")} lead={t("lead")}>
      <IdentityTabs />
      <NotWhileActing>
        <div className={styles.page}>
          {hasKeys && (
            <Panel label={t("devices")}>
              <Devices />
            </Panel>
          )}
          <Panel label={t("sessions")}>
            <Sessions />
          </Panel>
          {hasKeys && (
            <>
              <Panel label={t("codes")}>
                <RecoveryCodes />
              </Panel>
              <Panel label={t("lost")}>
                <Lost />
              </Panel>
            </>
          )}
        </div>
      </NotWhileActing>
    </Page>
  );
}
