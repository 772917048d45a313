/** Who looks at the log from outside, and whose logs count here. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import { answer, city } from "~/api/client";
import { cityQuery } from "~/api/queries";
import type { components } from "~/api/schema";
import { dateTime, number, won } from "~/design/figures";
import { Loaded, Panel } from "~/design/page";
import me from "~/me/me.module.css";
import { useLanguage, useWords } from "~/words/language";
import styles from "./ledger.module.css";
import { outsideWords } from "./outside-words";
import { stateQuery } from "./queries";

type Schemas = components["schemas"];
type Witness = Schemas["WitnessState"];
type City = Schemas["RecognisedCity"];
type Agreement = Schemas["CurrencyAgreement"];

const citiesQuery = queryOptions({
  queryKey: ["recognised-cities"],
  queryFn: ({ signal }) => answer(city.GET("/api/recognised-cities", { signal })),
});

const agreementsQuery = queryOptions({
  queryKey: ["currency-agreements"],
  queryFn: ({ signal }) => answer(city.GET("/api/currency-agreements", { signal })),
});

export function Witnesses() {
  const t = useWords(outsideWords);
  const told = useQuery(stateQuery);
  return (
    <Panel label={t("witnesses")}>
      <section className={styles.part}>
        <h2>{t("witnesses")}</h2>
        <p className={styles.fine}>{t("witnessesHelp")}</p>
        <Loaded from={told} lines={1}>
          {({ witnesses }) =>
            witnesses.length === 0 ? (
              <p>{t("noWitnesses")}</p>
            ) : (
              <ul className={me.rows}>
                {witnesses.map((one) => (
                  <WitnessLine key={one.host} witness={one} />
                ))}
              </ul>
            )
          }
        </Loaded>
      </section>
    </Panel>
  );
}

const STATES = { away: "away", refused: "refused", forked: "forked" } as const;

function WitnessLine({ witness }: { witness: Witness }) {
  const t = useWords(outsideWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  const wrong = STATES[witness.state as keyof typeof STATES] as "away" | undefined;
  const count = number(witness.size, language);
  const state = wrong ? t(wrong) : t(witness.size > 0 ? "signed" : "notAsked", { count });
  return (
    <li>
      <span>{witness.host}</span>
      <small className={me.step}>{state}</small>
      {witness.at && <small>{dateTime(witness.at, language, zone)}</small>}
    </li>
  );
}

export function Cities() {
  const t = useWords(outsideWords);
  const cities = useQuery(citiesQuery);
  const agreements = useQuery(agreementsQuery).data ?? [];
  return (
    <Panel label={t("cities")}>
      <section className={styles.part}>
        <h2>{t("cities")}</h2>
        <p className={styles.fine}>{t("citiesHelp")}</p>
        <Loaded from={cities} lines={1}>
          {(all) =>
            all.length === 0 ? (
              <p>{t("noCities")}</p>
            ) : (
              <ul className={me.rows}>
                {all.map((one) => (
                  <CityLine
                    key={one.id}
                    known={one}
                    agreement={agreements.find(
                      (each) => each.city === one.id && each.state === "in force",
                    )}
                  />
                ))}
              </ul>
            )
          }
        </Loaded>
      </section>
    </Panel>
  );
}

function CityLine({ known, agreement }: { known: City; agreement: Agreement | undefined }) {
  const t = useWords(outsideWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  const since = known.since ? dateTime(known.since, language, zone) : "";
  const state = known.state === "forked" ? "twoLogs" : known.state;
  return (
    <li>
      <span>{language === "ko" ? known.title_ko : known.title_en}</span>
      <small className={me.step}>{t(state as "recognised", { since })}</small>
      <small>{known.origin}</small>
      {agreement && (
        <small className={me.whole}>
          {t("money", {
            until: dateTime(agreement.until, language, zone),
            day: won(agreement.day_won, language),
            most: won(agreement.outstanding_won, language),
          })}
        </small>
      )}
    </li>
  );
}
