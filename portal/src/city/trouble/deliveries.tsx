/** Notifications that subscribers did not take: whose, why, and sending them again. */
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { dateTime, number } from "~/design/figures";
import { Empty, Loaded, Panel, Trouble } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import { Bulk } from "./bulk";
import { deadQuery, dropDelivery, replayDelivery, type Delivery } from "./delivery-queries";
import { deliveryWords } from "./delivery-words";
import styles from "./trouble.module.css";
import { troubleWords } from "./words";

export function Deliveries({ timeZone }: { timeZone: string | undefined }) {
  const t = useWords(deliveryWords);
  const queries = useQueryClient();
  const [page, setPage] = useState(0);
  const dead = useQuery(deadQuery(page));
  const refresh = () => queries.invalidateQueries({ queryKey: ["deliveries"] });
  return (
    <Panel label={t("deliveries")}>
      <h2>{t("deliveries")}</h2>
      <p className={styles.lead}>{t("deliveriesLead")}</p>
      <Loaded from={dead} lines={2}>
        {(all) =>
          all.length === 0 && page === 0 ? (
            <Empty icon="check" title={t("noDeliveries")} detail={t("noDeliveriesDetail")} />
          ) : (
            <Bulk
              label={t("deliveries")}
              items={all}
              page={page}
              onPage={setPage}
              nameOf={({ subscription, notice }) => `${subscription} ${notice}`}
              deeds={[
                { kind: "replay", act: replayDelivery },
                { kind: "drop", act: dropDelivery },
              ]}
              onDone={refresh}
            >
              {(one) => <OneDelivery delivery={one} timeZone={timeZone} onDone={refresh} />}
            </Bulk>
          )
        }
      </Loaded>
    </Panel>
  );
}

function OneDelivery({
  delivery,
  timeZone,
  onDone,
}: {
  delivery: Delivery;
  timeZone: string | undefined;
  onDone: () => Promise<unknown>;
}) {
  const t = useWords(deliveryWords);
  const common = useWords(troubleWords);
  const { language } = useLanguage();
  const replay = useMutation({
    mutationFn: () => replayDelivery(delivery.id),
    onSuccess: onDone,
  });
  const drop = useMutation({ mutationFn: () => dropDelivery(delivery.id), onSuccess: onDone });
  const isBusy = replay.isPending || drop.isPending;
  const error = replay.error ?? drop.error;
  return (
    <>
      <strong className={styles.name}>{delivery.subscription}</strong>
      <p className={styles.reason}>{delivery.reason}</p>
      <p className={styles.soft}>
        {common("tries", { count: number(delivery.attempts, language) })} ·{" "}
        {dateTime(delivery.at, language, timeZone)} ·{" "}
        {t("change", { notice: number(delivery.notice, language) })}
      </p>
      <div className={styles.buttons}>
        <Button
          size="compact-sm"
          disabled={isBusy}
          loading={replay.isPending}
          onClick={() => replay.mutate()}
        >
          {common("replay")}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          disabled={isBusy}
          loading={drop.isPending}
          onClick={() => drop.mutate()}
        >
          {common("drop")}
        </Button>
      </div>
      {error && <Trouble error={error} />}
    </>
  );
}
