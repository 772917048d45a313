/** Sealed: cast it, or have it opened to see whether the device is honest (docs/ballots.md). */
import { Button } from "@mantine/core";
import { useState } from "react";
import { asProblem } from "~/api/problem";
import { Panel, Trouble } from "~/design/page";
import { saveFile } from "~/design/save-file";
import { useWords } from "~/words/language";
import type { Sealed } from "../sealing/ballot";
import type { Fixed } from "../sealing/jobs";
import styles from "../votes.module.css";
import { Answers } from "./answers";
import boothStyles from "./booth.module.css";
import type { Booth } from "./use-booth";
import { boothWords } from "./words";

const grouped = (seal: string) => (seal.match(/.{8}/g) ?? []).join(" ");

export function SealedView({
  fixed,
  sealed,
  booth,
  onCast,
  onAgain,
}: {
  fixed: Fixed;
  sealed: Sealed;
  booth: Booth;
  onCast: () => void;
  onAgain: () => void;
}) {
  const t = useWords(boothWords);
  const [isTest, setTest] = useState(false);
  const { send } = booth;
  if (isTest) return <Tested fixed={fixed} sealed={sealed} onAgain={onAgain} />;
  return (
    <Panel label={t("sealed")}>
      <div className={styles.stack}>
        <h2>{t("sealed")}</h2>
        <p>{t("sealedDetail")}</p>
        <Seal seal={sealed.opening.seal} />
        <div className={styles.row}>
          <Button
            size="md"
            loading={send.isPending}
            onClick={() => send.mutate(sealed.ballot, { onSuccess: onCast })}
          >
            {t("cast")}
          </Button>
          <Button variant="default" disabled={send.isPending} onClick={() => setTest(true)}>
            {t("test")}
          </Button>
        </div>
        {send.error && <Trouble error={send.error} />}
        {send.error && asProblem(send.error).status === 409 && (
          <div className={styles.row}>
            <Button variant="default" onClick={onAgain}>
              {t("sealAgain")}
            </Button>
          </div>
        )}
      </div>
    </Panel>
  );
}

function Seal({ seal }: { seal: string }) {
  const t = useWords(boothWords);
  return (
    <div className={styles.tight}>
      <p className={styles.fine}>{t("sealNumber")}</p>
      <code className={`${styles.code ?? ""} ${boothStyles.seal ?? ""}`}>{grouped(seal)}</code>
    </div>
  );
}

/** A ballot that was opened is never cast: nobody can tell afterwards which one it was. */
function Tested({ fixed, sealed, onAgain }: { fixed: Fixed; sealed: Sealed; onAgain: () => void }) {
  const t = useWords(boothWords);
  const { ballot, opening } = sealed;
  const { poll } = fixed;
  const values = opening.cells.map((told) => told.map(([value]) => value));
  const save = () => {
    const text = `${JSON.stringify({ poll, ballot, opening })}\n`;
    saveFile(new Blob([text], { type: "application/json" }), `test-${poll.id}.json`);
  };
  return (
    <Panel label={t("testTitle")}>
      <div className={styles.stack}>
        <h2>{t("testTitle")}</h2>
        <p>{t("testDetail")}</p>
        <Seal seal={opening.seal} />
        <Answers contests={poll.contests} choices={values} />
        <code className={styles.code}>{`python ballots.py spoiled test-${poll.id}.json`}</code>
        <div className={styles.row}>
          <Button variant="default" onClick={save}>
            {t("testSave")}
          </Button>
          <Button onClick={onAgain}>{t("sealAgain")}</Button>
        </div>
      </div>
    </Panel>
  );
}
