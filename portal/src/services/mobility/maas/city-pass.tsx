/** The city pass: what is left of it this month, or what it costs and the button that buys it. */
import { Button, Progress } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { won } from "~/design/figures";
import { dateFormat, LOCALES } from "~/design/formats";
import { Panel, Trouble } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import styles from "./maas.module.css";
import { passQuery, useBuyPass, type PassOffer } from "./queries";
import { passWords } from "./pass-words";

export function CityPass() {
  const t = useWords(passWords);
  const offer = useQuery(passQuery).data;
  if (!offer) return null;
  return (
    <section className={styles.pass} aria-label={t("pass")}>
      <Panel>
        <div className={styles.stack}>
          <h2>{t("pass")}</h2>
          {offer.held ? <Held offer={offer} held={offer.held} /> : <Sold offer={offer} />}
          <small>{t("source")}</small>
        </div>
      </Panel>
    </section>
  );
}

function Held({ offer, held }: { offer: PassOffer; held: NonNullable<PassOffer["held"]> }) {
  const t = useWords(passWords);
  const { language } = useLanguage();
  const left = held.covers_won - held.used_won;
  const said = t("left", {
    month: month(held.month, language),
    left: won(left, language),
    covers: won(held.covers_won, language),
  });
  return (
    <div className={styles.stack} role="status">
      <p>{said}</p>
      <Progress value={(100 * left) / Math.max(1, held.covers_won)} aria-label={said} />
      {left < offer.fare_won && <p>{t("short", { fare: won(offer.fare_won, language) })}</p>}
    </div>
  );
}

function Sold({ offer }: { offer: PassOffer }) {
  const t = useWords(passWords);
  const { language } = useLanguage();
  const buy = useBuyPass();
  const words = {
    month: month(offer.month, language),
    price: won(offer.price_won, language),
    covers: won(offer.covers_won, language),
    fare: won(offer.fare_won, language),
    rides: offer.fare_won > 0 ? Math.floor(offer.price_won / offer.fare_won) + 1 : 0,
  };
  const isFree = offer.price_won === 0;
  return (
    <>
      <p>{t(isFree ? "free" : "sold", words)}</p>
      {!isFree && <p>{t("worth", words)}</p>}
      {buy.error && <Trouble error={buy.error} />}
      <Button loading={buy.isPending} onClick={() => buy.mutate(offer.month)}>
        {t(isFree ? "take" : "buy", words)}
      </Button>
    </>
  );
}

/** "2026-11" as people say it. */
function month(name: string, language: "ko" | "en"): string {
  return dateFormat(LOCALES[language], { year: "numeric", month: "long", timeZone: "UTC" }).format(
    new Date(`${name}-01T00:00:00Z`),
  );
}
