import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { elapsed, number, won } from "~/design/figures";
import type { Here } from "~/me/here";
import { useLanguage, useWords } from "~/words/language";
import { fareSoFar } from "./fare";
import { GiveBack } from "./give-back";
import { tariffQuery, type Rental } from "./queries";
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

function Meter({ rental }: { rental: Rental }) {
  const t = useWords(sharingWords);
  const { language } = useLanguage();
  const tariff = useQuery(tariffQuery).data;
  const seconds = useSecondsSince(rental.rented_at);
  const overdue = rental.state === "overdue";
  const title = t(overdue ? "overdue" : "riding");
  return (
    <section className={styles.meter} aria-label={title}>
      <h2>{title}</h2>
      <dl>
        <div>
          <dt>{t("elapsed")}</dt>
          <dd role="timer">{elapsed(seconds)}</dd>
        </div>
        <div>
          <dt>{t("costSoFar")}</dt>
          <dd>{tariff && won(fareSoFar(tariff, seconds), language)}</dd>
        </div>
        <div>
          <dt>{t("held")}</dt>
          <dd>{won(rental.held_won, language)}</dd>
        </div>
        <div>
          <dt>{t("heldTo")}</dt>
          <dd>{t("kmh", { speed: number(rental.max_speed_kmh, language) })}</dd>
        </div>
      </dl>
      <p>{t(overdue ? "overdueHelp" : "costSource")}</p>
    </section>
  );
}

function useSecondsSince(iso: string | null): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return iso ? Math.max(0, (now - Date.parse(iso)) / 1000) : 0;
}
