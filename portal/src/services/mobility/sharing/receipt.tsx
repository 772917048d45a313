import { Button } from "@mantine/core";
import { useEffect, useRef } from "react";
import { Link } from "react-router";
import { won } from "~/design/figures";
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
  const milliseconds = rental.ended_at
    ? Date.parse(rental.ended_at) - Date.parse(rental.started_at)
    : 0;
  const count = Math.max(1, Math.ceil(milliseconds / 60_000));
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
            <dd>{won(rental.fare_won ?? 0, language)}</dd>
          </div>
          <div>
            <dt>{t("rodeFor")}</dt>
            <dd>{t("minutes", { count })}</dd>
          </div>
        </dl>
        <p>{t("receiptSource")}</p>
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
