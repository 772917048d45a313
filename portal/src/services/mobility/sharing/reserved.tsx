import { Button } from "@mantine/core";
import { Panel, Trouble } from "~/design/page";
import { useWords } from "~/words/language";
import { useCancel, useRent, type Rental } from "./queries";
import styles from "./sharing.module.css";
import { Steps } from "./steps";
import { sharingWords } from "./words";

/** A vehicle is kept for the walk to it: unlock it there, or give it back. */
export function Reserved({ rental, onCancelled }: { rental: Rental; onCancelled: () => void }) {
  const t = useWords(sharingWords);
  const rent = useRent();
  const cancel = useCancel(onCancelled);
  const error = rent.error ?? cancel.error;
  return (
    <>
      <Steps at={1} />
      <div className={styles.one}>
        <Panel label={t("reserved")}>
          <h2>{t("reserved")}</h2>
          <p>{t(rental.kind)}</p>
          <p className={styles.help}>{t("reservedHelp")}</p>
        </Panel>
        {error && <Trouble error={error} />}
        <div className={styles.buttons}>
          <Button size="lg" loading={rent.isPending} onClick={() => rent.mutate(rental.vehicle)}>
            {t("rent")}
          </Button>
          <Button
            size="lg"
            variant="default"
            loading={cancel.isPending}
            onClick={() => cancel.mutate(rental.id)}
          >
            {t("cancel")}
          </Button>
        </div>
      </div>
    </>
  );
}
