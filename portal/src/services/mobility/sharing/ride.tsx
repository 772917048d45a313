import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import { elapsed, won } from "~/design/figures";
import type { Here } from "~/me/here";
import { useLanguage, useWords } from "~/words/language";
import { GiveBack } from "./give-back";
import type { Rental } from "./queries";
import styles from "./sharing.module.css";
import { Steps } from "./steps";
import { sharingWords } from "./words";

/** The ride in progress; then the place where it ends. */
export function Ride({
  rental,
  here,
  onDone,
}: {
  rental: Rental;
  here: Here | undefined;
  onDone: (rental: Rental) => void;
}) {
  const t = useWords(sharingWords);
  const [returning, setReturning] = useState(false);
  return (
    <>
      <Steps at={returning ? 3 : 2} />
      <div className={styles.one}>
        <Meter rental={rental} />
        {returning && here ? (
          <GiveBack
            rental={rental.id}
            here={here}
            onDone={onDone}
            onKeep={() => setReturning(false)}
          />
        ) : (
          <Button size="lg" onClick={() => setReturning(true)}>
            {t("toReturn")}
          </Button>
        )}
      </div>
    </>
  );
}

/** Fare of so many seconds: the start, and every minute begun. */
export function fareSoFar(rental: Rental, seconds: number): number {
  return rental.unlock_won + rental.per_minute_won * Math.max(1, Math.ceil(seconds / 60));
}

function Meter({ rental }: { rental: Rental }) {
  const t = useWords(sharingWords);
  const { language } = useLanguage();
  const seconds = useSecondsSince(rental.started_at);
  return (
    <section className={styles.meter} aria-label={t("riding")}>
      <h2>{t("riding")}</h2>
      <dl>
        <div>
          <dt>{t("elapsed")}</dt>
          <dd role="timer">{elapsed(seconds)}</dd>
        </div>
        <div>
          <dt>{t("costSoFar")}</dt>
          <dd>{won(fareSoFar(rental, seconds), language)}</dd>
        </div>
        <div>
          <dt>{t("held")}</dt>
          <dd>{won(rental.held_won, language)}</dd>
        </div>
      </dl>
      <p>{t("costSource")}</p>
    </section>
  );
}

function useSecondsSince(iso: string): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return Math.max(0, (now - Date.parse(iso)) / 1000);
}
