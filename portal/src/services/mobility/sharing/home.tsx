import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { Empty, Loaded, Panel } from "~/design/page";
import { useHere } from "~/me/here";
import { useWords } from "~/words/language";
import { rentalQuery, vehiclesQuery } from "./queries";
import styles from "./sharing.module.css";
import { VehicleFacts } from "./vehicle-facts";
import { sharingWords } from "./words";

const NEAR_M = 600;
const SHOWN = 2;

/** On the home page: the ride in progress, else what could be ridden now. */
export default function SharingHome() {
  const t = useWords(sharingWords);
  const here = useHere();
  const rental = useQuery(rentalQuery);
  const vehicles = useQuery({
    ...vehiclesQuery(here?.at ?? [0, 0], NEAR_M),
    enabled: here !== undefined,
  });
  if (rental.data) {
    return (
      <section className={styles.riding} aria-label={t("homeRiding")}>
        <h2>{t("homeRiding")}</h2>
        <Button component={Link} to="/me/sharing">
          {t("toReturn")}
        </Button>
      </section>
    );
  }
  return (
    <Panel label={t("homeTitle")}>
      <div className={styles.head}>
        <h2>{t("homeTitle")}</h2>
        <Link to="/me/sharing">{t("homeAll")}</Link>
      </div>
      <Loaded from={vehicles} lines={2}>
        {(found) =>
          found.length === 0 ? (
            <Empty icon="scooter" title={t("none")} detail={t("noneDetail")} />
          ) : (
            <ul className={styles.short}>
              {found.slice(0, SHOWN).map((vehicle) => (
                <li key={vehicle.vehicle}>
                  <VehicleFacts vehicle={vehicle} />
                  <Button
                    component={Link}
                    variant="light"
                    to={`/me/sharing?vehicle=${encodeURIComponent(vehicle.vehicle)}`}
                  >
                    {t("choose")}
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Panel>
  );
}
