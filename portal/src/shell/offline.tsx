import { useQuery } from "@tanstack/react-query";
import { useLine } from "~/api/kept";
import { cityQuery } from "~/api/queries";
import { Icon } from "~/design/icons";
import { timeOfDay } from "~/design/figures";
import { useLanguage, useWords } from "~/words/language";
import { shellWords } from "~/words/shell";
import styles from "./offline.module.css";

/** Whether the city can be asked now; if not, of when what is on screen is. */
export function OfflineBar() {
  const t = useWords(shellWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  const { offline, asOf } = useLine();
  return (
    <div role="status" className={offline ? styles.bar : "unseen"}>
      {offline && (
        <>
          <Icon name="cloud" size={18} />
          <span>
            <strong>
              {asOf ? t("offlineAsOf", { time: timeOfDay(asOf, language, zone) }) : t("offline")}
            </strong>{" "}
            {t("offlineHelp")}
          </span>
        </>
      )}
    </div>
  );
}
