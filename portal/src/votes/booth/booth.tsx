/** The booth: a right, a choice, a seal, a receipt. Nothing of the choice leaves the device. */
import { useState, type ReactNode } from "react";
import { Link } from "react-router";
import { Empty, Loaded } from "~/design/page";
import { useWords } from "~/words/language";
import type { Store } from "../kept";
import type { PollView } from "../queries";
import type { Sealed } from "../sealing/ballot";
import type { Fixed } from "../sealing/jobs";
import { Choosing, useFocusOn } from "./choosing";
import type { Draft } from "./draft";
import { Right } from "./right";
import { SealedView } from "./sealed";
import { Standing } from "./standing";
import { useBooth, type Booth, type Guest } from "./use-booth";
import { boothWords } from "./words";
import styles from "../votes.module.css";

type Stage =
  | { at: "standing" }
  | { at: "choosing"; first: readonly Draft[] | null }
  | { at: "sealed"; sealed: Sealed; drafts: readonly Draft[] };

/** At a kiosk: who votes by a pass, and where they type it in. */
export interface ByPass extends Guest {
  entry: (booth: Booth) => ReactNode;
}

export function BoothView({
  view,
  fixed,
  store,
  byPass,
}: {
  view: PollView;
  fixed: Fixed;
  store: Store;
  byPass?: ByPass;
}) {
  const { poll } = view;
  const booth = useBooth(poll.name, fixed, store, byPass);
  const [stage, setStage] = useState<Stage>({ at: "standing" });
  const place = useFocusOn(stage.at);
  const isOpen = poll.state === "open";
  const standing = () => setStage({ at: "standing" });
  const voter = booth.kept.data;
  return (
    <Loaded from={{ ...booth.kept, data: booth.kept.data === undefined ? undefined : true }}>
      {() => (
        <div ref={place} tabIndex={-1} className={styles.flow}>
          {!voter?.token ? (
            isOpen ? (
              (byPass?.entry(booth) ?? <Right poll={poll.name} print={fixed.print} booth={booth} />)
            ) : (
              <NotOpen poll={poll.name} />
            )
          ) : stage.at === "choosing" && isOpen ? (
            <Choosing
              contests={fixed.poll.contests}
              first={stage.first}
              booth={booth}
              onCancel={standing}
              onSealed={(sealed, drafts) => setStage({ at: "sealed", sealed, drafts })}
            />
          ) : stage.at === "sealed" && isOpen ? (
            <SealedView
              fixed={fixed}
              sealed={stage.sealed}
              booth={booth}
              onCast={standing}
              onAgain={() => setStage({ at: "choosing", first: stage.drafts })}
            />
          ) : (
            <Standing
              fixed={fixed}
              voter={voter}
              booth={booth}
              isOpen={isOpen}
              onVote={() => setStage({ at: "choosing", first: null })}
            />
          )}
        </div>
      )}
    </Loaded>
  );
}

export function NotOpen({ poll }: { poll: string }) {
  const t = useWords(boothWords);
  return (
    <Empty icon="clock" title={t("notOpen")} detail={t("notOpenDetail")}>
      <Link to={`/votes/${poll}`}>{t("toPoll")}</Link>
    </Empty>
  );
}
