/** Whether what this browser saw before is the beginning of today's log; loud where it is not. */
import { Button } from "@mantine/core";
import { number } from "~/design/figures";
import { Icon } from "~/design/icons";
import { saveFile } from "~/design/save-file";
import { useLanguage, useWords } from "~/words/language";
import type { Growth, GrowthReceipt, Watched } from "./growth";
import styles from "./ledger.module.css";
import { ledgerWords } from "./page-words";
import { KeyChanged } from "./proof";
import { forgetLog } from "./remembered";
import { Steps } from "./verdict";

export function Seen({
  watched,
  isAsking,
  onAgain,
}: {
  watched: Watched;
  isAsking: boolean;
  onAgain: () => void;
}) {
  const t = useWords(ledgerWords);
  const { language } = useLanguage();
  const { verdict, isFirst, key } = watched;
  const size = number(Number(watched.sizes.to), language);
  const isBroken = verdict.outcome === "failed" || key.changed;
  const anew = () => {
    forgetLog();
    onAgain();
  };
  return (
    <section className={styles.proof}>
      <div className={styles.part}>
        <h2>{t("before")}</h2>
        <p className={styles.fine}>{t("beforeDetail")}</p>
      </div>
      {key.changed && <KeyChanged since={key.since} />}
      {isFirst && verdict.outcome === "proved" ? (
        <p role="status">{t("first", { size })}</p>
      ) : (
        <GrowthView growth={watched} />
      )}
      <div className={styles.row}>
        <Button variant="default" loading={isAsking} onClick={onAgain}>
          {t("checkAgain")}
        </Button>
        {isBroken && (
          <Button variant="subtle" onClick={anew}>
            {t("beginAnew")}
          </Button>
        )}
      </div>
      {isBroken && <p className={styles.fine}>{t("beginAnewHelp")}</p>}
    </section>
  );
}

export function GrowthView({ growth, isTheirs = false }: { growth: Growth; isTheirs?: boolean }) {
  const t = useWords(ledgerWords);
  const { language } = useLanguage();
  const { verdict, sizes, receipt } = growth;
  const [from, to] = [sizes.from, sizes.to].map((size) => number(Number(size), language));
  const isBroken = verdict.outcome === "failed";
  const grown = isTheirs ? "theirsGrew" : sizes.from === sizes.to ? "sameSize" : "grew";
  return (
    <>
      <div
        className={styles.outcome}
        data-outcome={verdict.outcome}
        role={isBroken ? "alert" : "status"}
      >
        <Icon name={verdict.outcome === "proved" ? "check" : "warning"} size={24} />
        <strong>
          {isBroken ? t("broken") : t(grown as "grew", { from: from ?? "", to: to ?? "" })}
        </strong>
        {isBroken && <p>{t("brokenDetail")}</p>}
        {verdict.outcome === "partly" && <p>{t("uncertain")}</p>}
      </div>
      {isBroken && (
        <div className={styles.row}>
          <Button onClick={() => saveEvidence(receipt)}>{t("saveEvidence")}</Button>
        </div>
      )}
      <Steps steps={verdict.steps} isOpen={isBroken} />
    </>
  );
}

function saveEvidence(receipt: GrowthReceipt): void {
  const text = `${JSON.stringify(receipt, null, 2)}\n`;
  saveFile(new Blob([text], { type: "application/json" }), "log-consistency.json");
}
