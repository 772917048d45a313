/** Whoever stands at the kiosk now; what is known of them is theirs alone and goes with them. */
import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState, type ReactNode } from "react";
import { newKey } from "~/api/client";
import { endSession, useSession } from "~/api/session";
import { Icon } from "~/design/icons";
import { endSessionsHere } from "~/identity/acting-for";
import { useWords } from "~/words/language";
import { BoothView } from "../booth/booth";
import { ReceiptPanel } from "../booth/standing";
import { boothWords } from "../booth/words";
import { memory, type Store } from "../kept";
import styles from "../kiosk.module.css";
import { kioskWords } from "../kiosk-words";
import type { PollView } from "../queries";
import type { Receipt } from "../receipt";
import type { Fixed } from "../sealing/jobs";
import { signByPass } from "../stranger";
import votes from "../votes.module.css";
import { PassEntry } from "./pass-entry";
import { useIdle } from "./use-idle";

/** While somebody votes; and where nothing of theirs is lost when they are taken to have left. */
const [VOTING_S, DONE_S, WARNED_S] = [180, 60, 30];

interface Here {
  view: PollView;
  fixed: Fixed;
}

export function Visitor(here: Here) {
  const session = useSession();
  const [visit, setVisit] = useState(newKey);
  const left = useCallback(() => setVisit(newKey()), []);
  return session?.role === "resident" ? (
    <SignedIn key={session.id} {...here} />
  ) : (
    <ByPass key={visit} visit={visit} onLeft={left} isOther={session !== null} {...here} />
  );
}

function SignedIn({ view, fixed }: Here) {
  const t = useWords(kioskWords);
  const queries = useQueryClient();
  const [store] = useState(memory);
  const finish = useCallback(() => {
    endSessionsHere();
    endSession();
    queries.removeQueries({ queryKey: ["votes"] });
    queries.removeQueries({ queryKey: ["me"] });
    queries.getMutationCache().clear();
  }, [queries]);
  const left = useIdle(VOTING_S, finish);
  return (
    <Booth
      finish={finish}
      finishWord={t("finish")}
      warning={left <= WARNED_S && t("leaving", { left })}
    >
      <BoothView view={view} fixed={fixed} store={store} />
    </Booth>
  );
}

/** A store that lets go of seed and right once a ballot is cast; its receipt is all that is left. */
function untilCast(onCast: (receipt: Receipt) => void): Store {
  const inner = memory();
  return {
    ...inner,
    put: (voter) => {
      if (!voter.receipt) return inner.put(voter);
      onCast(voter.receipt);
      return inner.drop(voter.id);
    },
  };
}

/** Nobody is signed in: the pass, the seed and the right are in this component's memory only. */
function ByPass({
  view,
  fixed,
  visit,
  onLeft,
  isOther,
}: Here & { visit: string; onLeft: () => void; isOther: boolean }) {
  const t = useWords(kioskWords);
  const b = useWords(boothWords);
  const queries = useQueryClient();
  const [receipt, setReceipt] = useState<Receipt | null>(null);
  const [store] = useState(() => untilCast(setReceipt));
  const [pass, setPass] = useState("");
  const [hasBegun, setBegun] = useState(false);
  const left = useIdle(hasBegun && !receipt ? VOTING_S : DONE_S, onLeft);
  useEffect(() => {
    if (!receipt) return;
    queries.removeQueries({ queryKey: ["votes"] });
    queries.getMutationCache().clear();
  }, [receipt, queries]);
  useEffect(
    () => () => {
      queries.removeQueries({ queryKey: ["votes"] });
      queries.getMutationCache().clear(); // they hold what was chosen
    },
    [queries],
  );
  const warning = left <= WARNED_S && (hasBegun || pass !== "") && t("forgetting", { left });
  return (
    <Booth finish={onLeft} finishWord={t("forget")} warning={warning} hasBegun={hasBegun}>
      {receipt ? (
        <div role="status" className={votes.stack}>
          <div className={votes.outcome}>
            <Icon name="check" size={24} />
            <strong>{b("done")}</strong>
          </div>
          <ReceiptPanel poll={view.poll.name} receipt={receipt} isShared />
        </div>
      ) : (
        <BoothView
          view={view}
          fixed={fixed}
          store={store}
          byPass={{
            id: visit,
            sign: async (poll, blinded) => {
              const signed = await signByPass(poll, pass, blinded);
              setPass("");
              setBegun(true);
              return signed;
            },
            entry: (known) => (
              <PassEntry booth={known} pass={pass} onPass={setPass} isOther={isOther} />
            ),
          }}
        />
      )}
    </Booth>
  );
}

function Booth({
  children,
  finish,
  finishWord,
  warning,
  hasBegun = true,
}: {
  children: ReactNode;
  finish: () => void;
  finishWord: string;
  warning: string | false;
  hasBegun?: boolean;
}) {
  const t = useWords(kioskWords);
  return (
    <div className={votes.stack}>
      {hasBegun && <p className={votes.fine}>{t("keepsNothing")}</p>}
      {children}
      {warning && (
        <p role="alert" className={styles.warned}>
          {warning}
        </p>
      )}
      {hasBegun && (
        <Button size="lg" variant="default" onClick={finish}>
          {finishWord}
        </Button>
      )}
    </div>
  );
}
