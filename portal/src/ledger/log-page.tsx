/** The city's log for everybody: how long it is, its key, and whether it still holds what was seen. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { asProblem } from "~/api/problem";
import { cityQuery } from "~/api/queries";
import { dateTime, number } from "~/design/figures";
import { Empty, Page, Panel, Trouble, Waiting } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import { RightEdge } from "./edge";
import { watchQuery, type Watched } from "./growth";
import styles from "./ledger.module.css";
import { ledgerWords } from "./page-words";
import { Cities, Witnesses } from "./outside";
import { LookUp } from "./look-up";
import { stateQuery } from "./queries";
import { Seen } from "./seen";
import { Theirs } from "./theirs";

export default function LogPage() {
  const t = useWords(ledgerWords);
  const watched = useQuery(watchQuery);
  const again = () => void watched.refetch();
  return (
    <Page title={t("title")} lead={t("lead")}>
      {watched.data && <Log watched={watched.data} isAsking={watched.isFetching} onAgain={again} />}
      {watched.error &&
        (asProblem(watched.error).status === 404 ? (
          <Empty icon="table" title={t("none")} detail={t("noneDetail")} />
        ) : (
          <Trouble error={watched.error} onRetry={again} />
        ))}
      {watched.isPending && <Waiting lines={3} height={120} />}
    </Page>
  );
}

function Log({
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
  const zone = useQuery(cityQuery).data?.time_zone;
  const { key, sizes, receipt } = watched;
  return (
    <div className={styles.log}>
      <Panel label={t("before")}>
        <Seen watched={watched} isAsking={isAsking} onAgain={onAgain} />
      </Panel>
      <Panel label={t("facts")}>
        <div className={styles.proof}>
          <div className={styles.figures}>
            <p>
              <span>{t("facts")}</span>
              <strong>{t("count", { count: number(Number(sizes.to), language) })}</strong>
            </p>
            <p>
              <span>{t("since")}</span>
              <strong>{key.since ? dateTime(key.since, language, zone) : t("sinceNow")}</strong>
            </p>
          </div>
          <RightEdge size={sizes.to} />
          <Told signed={Number(sizes.to)} />
        </div>
      </Panel>
      <Panel>
        <LookUp />
      </Panel>
      <Panel label={t("checkpoint")}>
        <div className={styles.proof}>
          <Copied title={t("checkpoint")} help={t("checkpointHelp")} text={receipt.to}>
            {t("copyCheckpoint")}
          </Copied>
          <Copied title={t("key")} help={t("keyKeep")} text={key.key}>
            {t("copyKey")}
          </Copied>
          <Link to="/verify">{t("checkReceipt")}</Link>
        </div>
      </Panel>
      <Witnesses />
      <Cities />
      <Panel label={t("theirs")}>
        <Theirs logKey={key.key} />
      </Panel>
    </div>
  );
}

const CHAIN_WORDS = {
  off: "chain_off",
  anchored: "chain_anchored",
  forked: "chain_forked",
  refused: "chain_refused",
  away: "chain_away",
} as const;

/** What the city says of its own log; what of it is proved stands elsewhere. */
function Told({ signed }: { signed: number }) {
  const t = useWords(ledgerWords);
  const { language } = useLanguage();
  const told = useQuery(stateQuery).data;
  if (!told) return null;
  const word = CHAIN_WORDS[told.chain as keyof typeof CHAIN_WORDS] as string | undefined;
  const more = told.facts - signed;
  return (
    <div className={styles.fine}>
      {more > 0 && <p>{t("waiting", { count: number(more, language) })}</p>}
      <p>
        {t("chain")}: {t((word ?? "chain_coming") as "chain_off")}
      </p>
    </div>
  );
}

function Copied({
  title,
  help,
  text,
  children,
}: {
  title: string;
  help: string;
  text: string;
  children: string;
}) {
  const t = useWords(ledgerWords);
  const [isDone, setDone] = useState(false);
  const copy = () => {
    void navigator.clipboard.writeText(text).then(() => setDone(true));
  };
  return (
    <section className={styles.part}>
      <h2>{title}</h2>
      <p className={styles.fine}>{help}</p>
      <code className={styles.code}>{text.trim()}</code>
      <div className={styles.row}>
        <Button variant="default" size="compact-md" onClick={copy}>
          {children}
        </Button>
        <span role="status" className={styles.fine}>
          {isDone && t("copied")}
        </span>
      </div>
    </section>
  );
}
