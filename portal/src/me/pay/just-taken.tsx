/** What a shop took today, as it comes in: the newest payments, each with its way back. */
import { useQuery } from "@tanstack/react-query";
import { cityQuery } from "~/api/queries";
import { timeOfDay, won } from "~/design/figures";
import { Loaded } from "~/design/page";
import { dayOf } from "~/money/instants";
import { Lines } from "~/money/parts";
import { LIVE_MS, takingsQuery } from "~/money/queries";
import { Payment } from "~/money/shop/takings";
import { Told } from "~/money/told";
import { useLanguage, useWords } from "~/words/language";
import styles from "./pay.module.css";
import { payWords } from "./words";

const SHOWN = 3;

export function useTakenToday(shop: string) {
  const zone = useQuery(cityQuery).data?.time_zone ?? "Asia/Seoul";
  const today = takingsQuery(shop, dayOf(new Date(), zone));
  return useQuery({ ...today, refetchInterval: LIVE_MS });
}

export function JustTaken({ shop }: { shop: string }) {
  const t = useWords(payWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  const takings = useTakenToday(shop);
  const last = takings.data?.newest[0];
  return (
    <div className={styles.form}>
      <h2>{t("justTaken")}</h2>
      <p role="status" className={styles.whom}>
        {last &&
          t("lastTaken", {
            at: timeOfDay(last.at, language, zone),
            amount: won(last.amount_won, language),
          })}
      </p>
      <Told>
        <Loaded from={takings} lines={1}>
          {({ newest }) => (
            <Lines
              of={newest.slice(0, SHOWN)}
              label={t("justTaken")}
              none={t("noneTaken")}
              noneDetail={t("noneTakenDetail")}
            >
              {(one) => <Payment key={one.transfer} shop={shop} one={one} />}
            </Lines>
          )}
        </Loaded>
      </Told>
    </div>
  );
}
