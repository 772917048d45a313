/** The label that every view of a poll carries, and what else has to be said first. */
import { Icon } from "~/design/icons";
import { useWords } from "~/words/language";
import styles from "./votes.module.css";
import { votesWords } from "./words";

const TRIAL = "trial-";

export const isTrial = (poll: string): boolean => poll.startsWith(TRIAL);

export function Label({ poll = "" }: { poll?: string }) {
  const t = useWords(votesWords);
  return (
    <div className={styles.tight}>
      <div>
        <p className={styles.label}>
          <Icon name="warning" size={18} />
          {t("label")}
        </p>
      </div>
      {isTrial(poll) && <p className={styles.fine}>{t("isTrial")}</p>}
    </div>
  );
}
