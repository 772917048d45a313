/** The proof of one fact: fetched, verified in this browser, and given to be kept. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { cityQuery } from "~/api/queries";
import { dateTime } from "~/design/figures";
import { Icon } from "~/design/icons";
import { Trouble, Waiting } from "~/design/page";
import { saveFile } from "~/design/save-file";
import { useLanguage, useWords } from "~/words/language";
import styles from "./ledger.module.css";
import { isUnsigned, proofQuery, type Proof, type Wanted } from "./queries";
import { ReceiptView } from "./verdict";
import { proofWords } from "./words";

export default function ProofView({ wanted }: { wanted: Wanted }) {
  const t = useWords(proofWords);
  const proof = useQuery(proofQuery(wanted));
  if (proof.data) return <Proved proof={proof.data} wanted={wanted} />;
  if (proof.error) return <Trouble error={proof.error} onRetry={() => void proof.refetch()} />;
  return (
    <div className={styles.proof}>
      <p role="status">{t(isUnsigned(proof.failureReason) ? "notSigned" : "checking")}</p>
      <Waiting lines={2} height={48} />
    </div>
  );
}

function Proved({ proof, wanted }: { proof: Proof; wanted: Wanted }) {
  const t = useWords(proofWords);
  const { receipt, verdict, key } = proof;
  const name = `receipt-${wanted.kind}-${wanted.id.replace(/[^\w-]+/g, "-").slice(-16)}.json`;
  const save = () => {
    const text = `${JSON.stringify(receipt, null, 2)}\n`;
    saveFile(new Blob([text], { type: "application/json" }), name);
  };
  return (
    <div className={styles.proof}>
      {key.changed && <KeyChanged since={key.since} />}
      <ReceiptView verdict={verdict} keyFrom={key.since ? { since: key.since } : "city"} />
      <div className={styles.part}>
        <div className={styles.row}>
          <Button variant="default" onClick={save}>
            {t("save")}
          </Button>
          <Link to="/verify">{t("elsewhere")}</Link>
        </div>
        <p className={styles.fine}>{t("keepHelp")}</p>
        <code className={styles.code}>
          python verify.py {name} --key {key.key}
        </code>
        <p className={styles.fine}>{t("keepCode")}</p>
      </div>
    </div>
  );
}

export function KeyChanged({ since }: { since: string | null }) {
  const t = useWords(proofWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  const at = since ? dateTime(since, language, zone) : "";
  return (
    <div className={styles.outcome} data-outcome="failed" role="alert">
      <Icon name="warning" size={24} />
      <strong>{t("keyChanged")}</strong>
      <p>{t("keyChangedDetail", { at })}</p>
    </div>
  );
}
