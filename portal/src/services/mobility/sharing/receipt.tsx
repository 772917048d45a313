import { Button } from "@mantine/core";
import { useEffect, useRef } from "react";
import { Link } from "react-router";
import { distance, won } from "~/design/figures";
import { Icon } from "~/design/icons";
import { useLanguage, useWords } from "~/words/language";
import type { Rental } from "./queries";
import styles from "./sharing.module.css";
import { sharingWords } from "./words";

/** What the finished ride cost. */
export function Receipt({ rental, onAgain }: { rental: Rental; onAgain: () => void }) {
  const t = useWords(sharingWords);
  const { language } = useLanguage();
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  const count = Math.max(1, Math.ceil(secondsOf(rental) / 60));
  return (
    <div className={styles.one}>
      <section className={styles.receipt} aria-label={t("done")}>
        <Icon name="check" size={28} />
        <h2 ref={title} tabIndex={-1}>
          {t("done")}
        </h2>
        <dl>
          <div>
            <dt>{t("paid")}</dt>
            <dd>{won(rental.fare_won, language)}</dd>
          </div>
          <div>
            <dt>{t("rodeFor")}</dt>
            <dd>{t("minutes", { count })}</dd>
          </div>
          <div>
            <dt>{t("rodeAway")}</dt>
            <dd>{distance(rental.distance_m, language)}</dd>
          </div>
        </dl>
        <p>{rental.doubts.length > 0 ? t("doubts") : t("receiptSource")}</p>
      </section>
      <div className={styles.buttons}>
        <Button size="lg" component={Link} to="/me/wallet">
          {t("toWallet")}
        </Button>
        <Button size="lg" variant="default" onClick={onAgain}>
          {t("again")}
        </Button>
      </div>
    </div>
  );
}

function secondsOf({ rented_at, returned_at }: Rental): number {
  return rented_at && returned_at ? (Date.parse(returned_at) - Date.parse(rented_at)) / 1000 : 0;
}
