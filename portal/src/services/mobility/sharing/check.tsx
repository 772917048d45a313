import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "react-router";
import { isPerson, useSession } from "~/api/session";
import { won } from "~/design/figures";
import { Empty, Loaded, Panel, Trouble } from "~/design/page";
import type { Here } from "~/me/here";
import { useLanguage, useWords } from "~/words/language";
import { visitWords } from "~/words/visit";
import { tariffQuery, useRent, useReserve, vehiclesQuery, type Vehicle } from "./queries";
import styles from "./sharing.module.css";
import { VehicleFacts } from "./vehicle-facts";
import { sharingWords } from "./words";

const FARTHEST_M = 1_500;

/** One vehicle before it is rented: what it is, what it costs, and the button. */
export function Check({ id, here, onBack }: { id: string; here: Here; onBack: () => void }) {
  const t = useWords(sharingWords);
  const v = useWords(visitWords);
  const known = isPerson(useSession());
  const vehicles = useQuery(vehiclesQuery(here.at, FARTHEST_M));
  const rent = useRent();
  const reserve = useReserve();
  const error = rent.error ?? reserve.error;
  return (
    <Loaded from={vehicles} lines={2} height={140}>
      {(found) => {
        const vehicle = found.find((one) => one.vehicle === id);
        return (
          <div className={styles.one}>
            {vehicle && <Details vehicle={vehicle} />}
            {error && <Trouble error={error} />}
            {!vehicle && (
              <Empty icon="scooter" title={t("checkGone")} detail={t("checkGoneDetail")} />
            )}
            <div className={styles.buttons}>
              {vehicle && !known && <SignInToRent />}
              {vehicle && known && (
                <Button size="lg" loading={rent.isPending} onClick={() => rent.mutate(id)}>
                  {t("rent")}
                </Button>
              )}
              <Button size="lg" variant="default" onClick={onBack}>
                {t("back")}
              </Button>
            </div>
            {vehicle && !known && <p className={styles.help}>{v("whyRent")}</p>}
            {vehicle && known && (
              <Button
                variant="subtle"
                loading={reserve.isPending}
                onClick={() => reserve.mutate(id)}
              >
                {t("reserve")}
              </Button>
            )}
          </div>
        );
      }}
    </Loaded>
  );
}

function SignInToRent() {
  const t = useWords(sharingWords);
  const { pathname, search } = useLocation();
  return (
    <Button size="lg" component={Link} to="/sign-in" state={{ from: pathname + search }}>
      {t("signIn")}
    </Button>
  );
}

function Details({ vehicle }: { vehicle: Vehicle }) {
  const t = useWords(sharingWords);
  const { language } = useLanguage();
  const tariff = useQuery(tariffQuery).data;
  return (
    <Panel label={t("checkTitle")}>
      <h2>{t("checkTitle")}</h2>
      <VehicleFacts vehicle={vehicle} />
      <p className={styles.help}>
        {t(`${vehicle.kind}Help`)}{" "}
        {tariff && t("checkHold", { most: won(tariff.most_won, language) })}
      </p>
    </Panel>
  );
}
