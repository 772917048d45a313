import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { cityQuery } from "~/api/queries";
import { Empty, Loaded, Panel, Trouble } from "~/design/page";
import type { Here } from "~/me/here";
import { dateTime } from "~/design/figures";
import { useLanguage, useWords } from "~/words/language";
import { useRent, useReserve, vehiclesQuery } from "./queries";
import styles from "./sharing.module.css";
import { VehicleFacts } from "./vehicle-facts";
import { sharingWords } from "./words";

const FARTHEST_M = 1_500;

/** One vehicle before it is rented: what it is, what it costs, and the button. */
export function Check({ id, here, onBack }: { id: string; here: Here; onBack: () => void }) {
  const t = useWords(sharingWords);
  const vehicles = useQuery(vehiclesQuery(here.at, FARTHEST_M));
  const rent = useRent();
  return (
    <Loaded from={vehicles} lines={2} height={140}>
      {(found) => {
        const vehicle = found.find((one) => one.id === id);
        if (!vehicle) {
          return (
            <>
              {rent.error && <Trouble error={rent.error} />}
              <Empty icon="scooter" title={t("checkGone")} detail={t("checkGoneDetail")}>
                <Button onClick={onBack}>{t("back")}</Button>
              </Empty>
            </>
          );
        }
        return (
          <div className={styles.one}>
            <Panel label={t("checkTitle")}>
              <h2>{t("checkTitle")}</h2>
              <VehicleFacts vehicle={vehicle} />
              <p className={styles.help}>
                {t(vehicle.kind === "closed" ? "closedHelp" : "openHelp")} {t("checkHold")}
              </p>
            </Panel>
            {rent.error && <Trouble error={rent.error} />}
            <div className={styles.buttons}>
              <Button size="lg" loading={rent.isPending} onClick={() => rent.mutate(id)}>
                {t("rent")}
              </Button>
              <Button size="lg" variant="default" onClick={onBack}>
                {t("back")}
              </Button>
            </div>
            <Reserve id={id} />
          </div>
        );
      }}
    </Loaded>
  );
}

/** Keep it for the walk there. */
function Reserve({ id }: { id: string }) {
  const t = useWords(sharingWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  const reserve = useReserve();
  if (reserve.data) {
    const until = dateTime(reserve.data.until, language, zone);
    return (
      <p className={styles.help} role="status">
        {t("reserved", { until })}
      </p>
    );
  }
  return (
    <>
      <Button variant="subtle" loading={reserve.isPending} onClick={() => reserve.mutate(id)}>
        {t("reserve")}
      </Button>
      {reserve.error && <Trouble error={reserve.error} />}
    </>
  );
}
