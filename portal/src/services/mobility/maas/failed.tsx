import { Button } from "@mantine/core";
import { Icon } from "~/design/icons";
import { Panel } from "~/design/page";
import { useSay, useWords } from "~/words/language";
import { Book } from "./book";
import { LineStrip } from "./line-strip";
import card from "./journey.module.css";
import styles from "./maas.module.css";
import { Facts, Span, WayOf } from "./option-card";
import type { Journey } from "./queries";
import { maasWords } from "./words";

/** A journey that cannot go on: why, that the money is back, and another way to take. */
export function Failed({
  journey: { reason, instead },
  onBooked,
  onPlanAgain,
}: {
  journey: Journey;
  onBooked: (journey: Journey) => void;
  onPlanAgain: () => void;
}) {
  const t = useWords(maasWords);
  const say = useSay();
  return (
    <div className={styles.journey}>
      <section className={card.failed} aria-label={t("failed")}>
        <Icon name="warning" size={24} />
        <h2>{t("failed")}</h2>
        <p role="alert">
          {reason && say(reason)} {t("failedBack")} {!instead && t("noInstead")}
        </p>
      </section>
      {instead && (
        <Panel label={t("instead")}>
          <div className={styles.details}>
            <h2>{t("instead")}</h2>
            <Span legs={instead.legs} />
            <LineStrip legs={instead.legs} />
            <Facts option={instead} />
            <Book again option={instead} onBooked={onBooked} onPlanAgain={onPlanAgain} />
            <WayOf legs={instead.legs} />
          </div>
        </Panel>
      )}
      <Button variant="default" size="lg" onClick={onPlanAgain}>
        {t("planAgain")}
      </Button>
    </div>
  );
}
