/** Notifications that subscribers did not take: whose, why, and sending them again. */
import { dateTime, number } from "~/design/figures";
import { useLanguage, useWords } from "~/words/language";
import { deadQuery, dropDelivery, replayDelivery } from "./delivery-queries";
import { deliveryWords } from "./delivery-words";
import { Failed, OneFailed } from "./failed";
import { troubleWords } from "./words";

export function Deliveries({ timeZone }: { timeZone: string | undefined }) {
  const t = useWords(deliveryWords);
  const common = useWords(troubleWords);
  const { language } = useLanguage();
  const words = {
    title: t("deliveries"),
    lead: t("deliveriesLead"),
    none: t("noDeliveries"),
    noneDetail: t("noDeliveriesDetail"),
  };
  return (
    <Failed
      words={words}
      query={deadQuery}
      nameOf={({ subscription, notice }) => `${subscription} ${notice}`}
      replay={replayDelivery}
      drop={dropDelivery}
    >
      {({ id, subscription, reason, attempts, at, notice }, onDone) => (
        <OneFailed
          id={id}
          name={subscription}
          reason={reason}
          facts={[
            common("tries", { count: number(attempts, language) }),
            dateTime(at, language, timeZone),
            t("change", { notice: number(notice, language) }),
          ]}
          replay={replayDelivery}
          drop={dropDelivery}
          onDone={onDone}
        />
      )}
    </Failed>
  );
}
