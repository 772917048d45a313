/** Input that did not fit: from whom, why, and the way to mend it. */
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { dateTime } from "~/design/figures";
import { Trouble } from "~/design/page";
import { Problem } from "~/api/problem";
import { useLanguage, useWords } from "~/words/language";
import { Correction } from "./correction";
import { Failed } from "./failed";
import { dropKept, quarantineQuery, replayKept, type Kept } from "./queries";
import styles from "./trouble.module.css";
import { troubleWords } from "./words";

const STILL = new Problem(
  409,
  { ko: "아직 맞지 않아요", en: "It still does not fit" },
  { ko: "까닭을 읽고 고쳐 주세요.", en: "Read the reason and correct it." },
);

/** Replay as it came; in bulk, what is not taken counts as not done. */
async function replayOrThrow(id: string): Promise<void> {
  if (!(await replayKept(id))) throw STILL;
}

export function Quarantine({ timeZone }: { timeZone: string | undefined }) {
  const t = useWords(troubleWords);
  const words = {
    title: t("quarantine"),
    lead: t("quarantineLead"),
    none: t("noQuarantine"),
    noneDetail: t("noQuarantineDetail"),
  };
  return (
    <Failed
      words={words}
      query={quarantineQuery}
      nameOf={({ type, origin, id }) => `${type ?? origin} ${id.slice(-6)}`}
      replay={replayOrThrow}
      drop={dropKept}
    >
      {(one, onDone) => <OneRecord kept={one} timeZone={timeZone} onDone={onDone} />}
    </Failed>
  );
}

function OneRecord({
  kept,
  timeZone,
  onDone,
}: {
  kept: Kept;
  timeZone: string | undefined;
  onDone: () => Promise<unknown>;
}) {
  const t = useWords(troubleWords);
  const { language } = useLanguage();
  const [isOpen, setOpen] = useState(false);
  const drop = useMutation({ mutationFn: () => dropKept(kept.id), onSuccess: onDone });
  return (
    <>
      <strong className={styles.name}>{kept.type ?? kept.origin}</strong>{" "}
      {kept.is_personal && <span className={styles.personal}>{t("personal")}</span>}
      <p className={kept.is_personal ? styles.soft : styles.reason}>
        {kept.is_personal ? t("personalHidden") : kept.reason}
      </p>
      <p className={styles.soft}>
        {t("origin")} {kept.origin} · {t("sender")} {kept.caller ?? kept.role} ·{" "}
        {t("since", { when: dateTime(kept.at, language, timeZone) })}
      </p>
      <div className={styles.buttons}>
        <Button size="compact-sm" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {t("read")}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          loading={drop.isPending}
          onClick={() => drop.mutate()}
        >
          {t("drop")}
        </Button>
        {kept.is_personal && <small className={styles.soft}>{t("readLogged")}</small>}
      </div>
      {drop.error && <Trouble error={drop.error} />}
      {isOpen && (
        <Correction
          record={kept.id}
          isPersonal={kept.is_personal}
          onTaken={onDone}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}
