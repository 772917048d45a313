/** A short way round a face: offered once, skippable, by keyboard, and never in the way. */
import { Button } from "@mantine/core";
import { useEffect, useRef, type KeyboardEvent } from "react";
import { useWords } from "~/words/language";
import { STEPS, type Face } from "./tour-steps";
import { endTour, goTo, offerTour, showTour, useTour } from "./tour-state";
import { tourWords } from "./tour-words";
import styles from "./tour.module.css";

export function Tour({ face }: { face: Face }) {
  const shown = useTour();
  useEffect(() => offerTour(face), [face]);
  if (shown?.face !== face) return null;
  return shown.at === "offer" ? <Offer face={face} /> : <Stop face={face} at={shown.at} />;
}

function Offer({ face }: { face: Face }) {
  const t = useWords(tourWords);
  return (
    <aside className={styles.card} aria-label={t("tour")}>
      <strong>{t("offer")}</strong>
      <p>{t("offerDetail")}</p>
      <div className={styles.buttons}>
        <Button size="sm" onClick={() => showTour(face)}>
          {t("start")}
        </Button>
        <Button size="sm" variant="default" onClick={() => endTour(face)}>
          {t("notNow")}
        </Button>
      </div>
    </aside>
  );
}

function Stop({ face, at }: { face: Face; at: number }) {
  const t = useWords(tourWords);
  const heading = useRef<HTMLHeadingElement>(null);
  const steps = STEPS[face];
  const step = steps[at];
  const isLast = at === steps.length - 1;
  useEffect(() => heading.current?.focus(), [at]);
  useMarked(step?.about);
  if (!step) return null;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") endTour(face);
  };
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape leaves it
    <aside className={styles.card} aria-label={t("tour")} onKeyDown={onKeyDown}>
      <small>{t("step", { at: at + 1, all: steps.length })}</small>
      <h2 ref={heading} tabIndex={-1}>
        {t(step.title as "cityMap")}
      </h2>
      <p>{t(step.detail as "cityMapDetail")}</p>
      <div className={styles.buttons}>
        <Button size="sm" onClick={() => (isLast ? endTour(face) : goTo(face, at + 1))}>
          {t(isLast ? "done" : "next")}
        </Button>
        {at > 0 && (
          <Button size="sm" variant="default" onClick={() => goTo(face, at - 1)}>
            {t("back")}
          </Button>
        )}
        {!isLast && (
          <Button size="sm" variant="subtle" onClick={() => endTour(face)}>
            {t("skip")}
          </Button>
        )}
      </div>
    </aside>
  );
}

/** Mark what a step is about, and bring it into view. */
function useMarked(about: string | undefined): void {
  useEffect(() => {
    const element = about ? document.querySelector<HTMLElement>(about) : null;
    element?.setAttribute("data-toured", "");
    element?.scrollIntoView({ block: "nearest", inline: "nearest" });
    return () => element?.removeAttribute("data-toured");
  }, [about]);
}
