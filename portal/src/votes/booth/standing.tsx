/** Somebody with a right: their receipt, another ballot, paper instead, or nothing kept here. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { cityQuery } from "~/api/queries";
import { dateTime, number } from "~/design/figures";
import { Icon } from "~/design/icons";
import { Panel, Trouble } from "~/design/page";
import { saveFile } from "~/design/save-file";
import { useLanguage, useWords } from "~/words/language";
import type { KeptVoter } from "../kept";
import { Qr } from "../qr";
import { receiptCode, type Receipt } from "../receipt";
import type { Fixed } from "../sealing/jobs";
import styles from "../votes.module.css";
import { ShowBackup } from "./backup";
import { SureButton } from "./sure";
import type { Booth } from "./use-booth";
import { boothWords } from "./words";

export function Standing({
  fixed,
  voter,
  booth,
  isOpen,
  onVote,
}: {
  fixed: Fixed;
  voter: KeptVoter;
  booth: Booth;
  isOpen: boolean;
  onVote: () => void;
}) {
  const t = useWords(boothWords);
  const { receipt, castAt } = voter;
  if (voter.isStruck) return <Struck pseudonym={voter.pseudonym} />;
  const hasVoted = voter.revision > 0;
  return (
    <div className={styles.stack}>
      <div className={styles.outcome} role="status">
        <Icon name="check" size={24} />
        <strong>{t(hasVoted ? "done" : "ready")}</strong>
        {receipt && castAt && <DoneAt at={castAt} index={receipt.index} />}
      </div>
      {isOpen && (
        <div className={styles.row}>
          <Button size="md" variant={hasVoted ? "default" : "filled"} onClick={onVote}>
            {t(hasVoted ? "mind" : "start")}
          </Button>
        </div>
      )}
      {isOpen && hasVoted && <p className={styles.fine}>{t("mindDetail")}</p>}
      {receipt && <ReceiptPanel poll={voter.poll} receipt={receipt} isShared={booth.isShared} />}
      <Panel label={t("backup")}>
        <ShowBackup
          poll={voter.poll}
          print={fixed.print}
          seed={voter.seed}
          isShared={booth.isShared}
        />
        <Forget booth={booth} />
        {isOpen && <ToPaper booth={booth} />}
      </Panel>
    </div>
  );
}

function DoneAt({ at, index }: { at: string; index: number }) {
  const t = useWords(boothWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  return <p>{t("doneAt", { at: dateTime(at, language, zone), index: number(index, language) })}</p>;
}

export function ReceiptPanel({
  poll,
  receipt,
  isShared,
}: {
  poll: string;
  receipt: Receipt;
  isShared: boolean;
}) {
  const t = useWords(boothWords);
  const code = receiptCode(receipt);
  const way = `/votes/${poll}/check#${code}`;
  const save = () => {
    const text = `${JSON.stringify(receipt, null, 2)}\n`;
    saveFile(new Blob([text], { type: "application/json" }), `receipt-${poll}.json`);
  };
  return (
    <Panel label={t("receipt")}>
      <div className={styles.stack}>
        <h2>{t("receipt")}</h2>
        <p>{t("receiptDetail")}</p>
        <Qr text={`${window.location.origin}${way}`} label={t("receiptQr")} />
        <div className={styles.tight}>
          <p className={styles.fine}>{t("receiptCode")}</p>
          <code className={styles.code}>{code}</code>
        </div>
        {!isShared && (
          <div className={styles.row}>
            <Button component={Link} to={way} variant="default">
              {t("checkNow")}
            </Button>
            <Button variant="default" onClick={save}>
              {t("receiptSave")}
            </Button>
          </div>
        )}
      </div>
    </Panel>
  );
}

function ToPaper({ booth: { strike } }: { booth: Booth }) {
  const t = useWords(boothWords);
  return (
    <details className={styles.more}>
      <summary>{t("paper")}</summary>
      <div className={styles.stack}>
        <p className={styles.fine}>{t("paperDetail")}</p>
        <SureButton
          name={t("strike")}
          sure={t("strikeSure")}
          isBusy={strike.isPending}
          onSure={() => strike.mutate()}
        />
        {strike.error && <Trouble error={strike.error} />}
      </div>
    </details>
  );
}

function Forget({ booth: { forget } }: { booth: Booth }) {
  const t = useWords(boothWords);
  return (
    <details className={styles.more}>
      <summary>{t("forget")}</summary>
      <div className={styles.stack}>
        <p className={styles.fine}>{t("forgetDetail")}</p>
        <SureButton
          name={t("forget")}
          sure={t("forgetSure")}
          isBusy={forget.isPending}
          onSure={() => forget.mutate()}
        />
      </div>
    </details>
  );
}

function Struck({ pseudonym }: { pseudonym: string }) {
  const t = useWords(boothWords);
  return (
    <Panel label={t("struck")}>
      <div className={styles.stack} role="status">
        <h2>{t("struck")}</h2>
        <p>{t("struckDetail")}</p>
        <Qr text={pseudonym} label={t("struckQr")} />
        <code className={styles.code}>{pseudonym}</code>
      </div>
    </Panel>
  );
}
