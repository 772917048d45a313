/** Before the first ballot: the right is taken on this device, or brought back by its code. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Empty, Loaded, Panel, Trouble } from "~/design/page";
import { useWords } from "~/words/language";
import { myPollQuery } from "../queries";
import styles from "../votes.module.css";
import { Restore } from "./backup";
import type { Booth } from "./use-booth";
import { boothWords } from "./words";

export function Right({ poll, print, booth }: { poll: string; print: string; booth: Booth }) {
  const t = useWords(boothWords);
  const mine = useQuery(myPollQuery(poll));
  const { take, kept } = booth;
  const restore = (
    <Restore print={print} isBusy={take.isPending} onSeed={(seed) => take.mutate(seed)} />
  );
  return (
    <Loaded from={mine} lines={2}>
      {({ has_token, is_paper }) => {
        if (is_paper) return <Empty icon="vote" title={t("onPaper")} detail={t("onPaperDetail")} />;
        const isElsewhere = has_token && !kept.data;
        return (
          <Panel label={t(isElsewhere ? "takenElsewhere" : "takeTitle")}>
            <div className={styles.stack}>
              <h2>{t(isElsewhere ? "takenElsewhere" : "takeTitle")}</h2>
              <p>{t(isElsewhere ? "takenElsewhereDetail" : "takeDetail")}</p>
              {!isElsewhere && (
                <>
                  <div className={styles.row}>
                    <Button size="md" loading={take.isPending} onClick={() => take.mutate(null)}>
                      {t("take")}
                    </Button>
                  </div>
                  <p className={styles.fine}>{t("takeLater")}</p>
                </>
              )}
              {take.error && <Trouble error={take.error} />}
              {isElsewhere ? (
                restore
              ) : (
                <details className={styles.more}>
                  <summary>{t("restore")}</summary>
                  {restore}
                </details>
              )}
            </div>
          </Panel>
        );
      }}
    </Loaded>
  );
}
