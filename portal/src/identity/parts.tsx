/** Small parts that the pages of identity share. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { cityQuery } from "~/api/queries";
import { dateTime } from "~/design/figures";
import { Trouble } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import styles from "./identity.module.css";
import { identityWords } from "./words";

/** A time in the city's own zone. */
export function useWhen(): (iso: string) => string {
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  return (iso) => dateTime(iso, language, zone);
}

export function CopyButton({ text }: { text: string }) {
  const t = useWords(identityWords);
  const [isCopied, setCopied] = useState(false);
  return (
    <Button
      variant="default"
      onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
    >
      <span aria-live="polite">{t(isCopied ? "copied" : "copy")}</span>
    </Button>
  );
}

/** Where one goes on by keyboard when what one pressed has given way to it. */
const focusOn = (next: HTMLElement | null) => next?.focus();

/** What is done by a second press only; the first says what it will do. */
export function Twice({
  verb,
  warning,
  doing,
  label,
}: {
  verb: string;
  warning: string;
  doing: { mutate: () => void; isPending: boolean; error: Error | null };
  label?: string;
}) {
  const t = useWords(identityWords);
  const [step, setStep] = useState<"idle" | "asked" | "back">("idle");
  if (step !== "asked") {
    return (
      <div>
        <Button
          ref={step === "back" ? focusOn : null}
          variant="default"
          size="compact-md"
          {...(label ? { "aria-label": label } : {})}
          onClick={() => setStep("asked")}
        >
          {verb}
        </Button>
      </div>
    );
  }
  return (
    <div ref={focusOn} tabIndex={-1} className={styles.stack} role="group" aria-label={verb}>
      <p>{warning}</p>
      {doing.error && <Trouble error={doing.error} />}
      <div className={styles.row}>
        <Button color="red" loading={doing.isPending} onClick={() => doing.mutate()}>
          {verb}
        </Button>
        <Button variant="subtle" onClick={() => setStep("back")}>
          {t("cancel")}
        </Button>
      </div>
    </div>
  );
}

/** What was just done, said aloud. */
export function Done({ children }: { children: ReactNode }) {
  return (
    <p role="status" className={styles.told}>
      {children}
    </p>
  );
}
