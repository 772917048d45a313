/** Money in other cities: taken along from here, brought here from there. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { cityQuery } from "~/api/queries";
import { dateTime, won } from "~/design/figures";
import { Empty, Loaded, Page, Panel } from "~/design/page";
import styles from "~/me/me.module.css";
import { moneyWords } from "~/money/words";
import { useLanguage, useWords } from "~/words/language";
import { Bring } from "./bring";
import { placesQuery, type Place } from "./queries";
import { Slips } from "./slips";
import { Take } from "./take";
import { abroadWords } from "./words";

export default function AbroadPage() {
  const t = useWords(abroadWords);
  const m = useWords(moneyWords);
  const places = useQuery(placesQuery);
  return (
    <Page
      narrow
      title={t("title")}
      lead={t("lead")}
      beside={<Link to="/me/wallet">{m("toWallet")}</Link>}
    >
      <Loaded from={places} lines={2}>
        {(all) =>
          all.length === 0 ? (
            <Empty icon="gate" title={t("none")} detail={t("noneDetail")} />
          ) : (
            <>
              <section className={styles.section} aria-label={t("cities")}>
                <h2>{t("cities")}</h2>
                <ul className={styles.rows}>
                  {all.map((place) => (
                    <Line key={place.agreement} place={place} />
                  ))}
                </ul>
              </section>
              <section className={styles.section} aria-label={t("take")}>
                <h2>{t("take")}</h2>
                <p className={styles.source}>{t("takeHelp")}</p>
                <Panel>
                  <Take places={all} />
                </Panel>
              </section>
              <section className={styles.section} aria-label={t("bring")}>
                <h2>{t("bring")}</h2>
                <Panel>
                  <Bring />
                </Panel>
              </section>
            </>
          )
        }
      </Loaded>
      <Slips />
    </Page>
  );
}

function Line({ place }: { place: Place }) {
  const t = useWords(abroadWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  return (
    <li>
      <span>{language === "ko" ? place.title_ko : place.title_en}</span>
      <small className={styles.step}>{place.origin}</small>
      <small className={styles.whole}>
        {t("left", {
          out: won(place.out_left_won, language),
          in: won(place.in_left_won, language),
          until: dateTime(place.until, language, zone),
        })}
      </small>
    </li>
  );
}
