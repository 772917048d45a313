/** A test ballot of another device, opened here: what does it really hold? */
import { useQuery } from "@tanstack/react-query";
import { Icon } from "~/design/icons";
import { Loaded, Panel } from "~/design/page";
import { useWords } from "~/words/language";
import { Answers } from "./booth/answers";
import { checkWords } from "./check-words";
import type { Ballot, Opening } from "./sealing/ballot";
import { ask } from "./sealing/desk";
import type { Fixed } from "./sealing/jobs";
import styles from "./votes.module.css";

/** docs/ballots.md, 9. */
export interface Test {
  ballot: Ballot;
  opening: Opening;
}

export function testOf(text: string): Test | null {
  try {
    const read = JSON.parse(text) as Partial<Test> | null;
    return read?.ballot?.kind === "ballot" && read.opening?.kind === "opening"
      ? { ballot: read.ballot, opening: read.opening }
      : null;
  } catch {
    return null;
  }
}

export function Spoiled({ fixed, test }: { fixed: Fixed; test: Test }) {
  const t = useWords(checkWords);
  const opened = useQuery({
    queryKey: ["votes", "spoiled", test.opening.seal],
    queryFn: () => ask("opened", { ...fixed, ...test }),
    gcTime: 0,
    retry: false,
  });
  return (
    <Loaded from={opened} lines={2}>
      {(values) => (
        <div className={styles.stack}>
          <div className={styles.outcome} role="status">
            <Icon name="check" size={24} />
            <strong>{t("spoiled")}</strong>
            <p>{t("spoiledDetail")}</p>
          </div>
          <Panel label={t("spoiled")}>
            <Answers contests={fixed.poll.contests} choices={values} />
            <p className={styles.fine}>{t("seal")}</p>
            <code className={styles.code}>{test.opening.seal}</code>
          </Panel>
        </div>
      )}
    </Loaded>
  );
}
