import { useQuery } from "@tanstack/react-query";
import { distance, number, walkingMinutes, won } from "~/design/figures";
import { Icon } from "~/design/icons";
import { useLanguage, useWords } from "~/words/language";
import { tariffQuery, type Vehicle } from "./queries";
import { shortId } from "./short-id";
import styles from "./sharing.module.css";
import { sharingWords } from "./words";

/** Kind, way there, battery and price of one vehicle. */
export function VehicleFacts({ vehicle }: { vehicle: Vehicle }) {
  const t = useWords(sharingWords);
  const { language } = useLanguage();
  const tariff = useQuery(tariffQuery).data;
  const minutes = walkingMinutes(vehicle.distance_m);
  const range = distance(vehicle.range_m, language);
  return (
    <div className={styles.facts}>
      <strong>{t(vehicle.kind)}</strong>
      <small>{t("vehicle", { id: shortId(vehicle.vehicle) })}</small>
      <span>
        <Icon name="place" size={16} />
        {t("away", { distance: distance(vehicle.distance_m, language), minutes })}
      </span>
      <span>
        <Icon name="battery" size={16} />
        {t("battery", { percent: number(vehicle.battery_pct, language), range })}
      </span>
      {tariff && (
        <span>
          <Icon name="wallet" size={16} />
          {t("price", {
            unlock: won(tariff.unlock_won, language),
            included: tariff.included_min,
            minute: won(tariff.per_min_won, language),
          })}
        </span>
      )}
    </div>
  );
}
