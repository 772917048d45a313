/** What is asked, in words; nothing leaves the browser before somebody agrees. */
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { cityQuery } from "~/api/queries";
import { Trouble } from "~/design/page";
import { useSay, useWords, type Text } from "~/words/language";
import { standingQuery } from "../cards/queries";
import { cardWords } from "../cards/words";
import { sayingOf, sayings, type Saying } from "../cards/saying";
import styles from "../identity.module.css";
import { Done } from "../parts";
import { agree, decline, purposeOf, type Question } from "../wallet/asking";
import { isObject, type Json } from "../wallet/jose";
import type { Card } from "../wallet/store";
import { identityWords } from "../words";
import { showWords } from "./words";

export function Consent({
  question,
  person,
  onDone,
}: {
  question: Question;
  person: string;
  onDone: () => void;
}) {
  const t = useWords(showWords);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [outcome, setOutcome] = useState<"agreed" | "declined" | null>(null);
  const note = (what: "agreed" | "declined") => {
    setOutcome(what);
    return queries.invalidateQueries({ queryKey: ["me", "wallet-showings"] });
  };
  const yes = useMutation({
    mutationFn: () => agree(question, person),
    onSuccess: async (next) => {
      await note("agreed");
      if (next) void navigate(next);
    },
  });
  const no = useMutation({
    mutationFn: () => decline(question, person),
    onSuccess: () => note("declined"),
  });
  if (outcome) {
    return (
      <div className={styles.stack}>
        <Done>{t(outcome)}</Done>
        <div className={styles.row}>
          <Button variant="default" onClick={onDone}>
            {t("another")}
          </Button>
        </div>
      </div>
    );
  }
  return (
    <div className={styles.stack}>
      <Asker question={question} />
      <Claims question={question} />
      {[...(question.answer?.values() ?? [])].map(({ held }) => {
        const card = question.cards.get(held);
        return card && <Standing key={held} card={card} />;
      })}
      {yes.error && <Trouble error={yes.error} />}
      <div className={styles.row}>
        <Button loading={yes.isPending} disabled={no.isPending} onClick={() => yes.mutate()}>
          {t("agree")}
        </Button>
        <Button
          variant="default"
          loading={no.isPending}
          disabled={yes.isPending}
          onClick={() => no.mutate()}
        >
          {t("decline")}
        </Button>
      </div>
    </div>
  );
}

function Asker({ question }: { question: Question }) {
  const t = useWords(showWords);
  const say = useSay();
  const title = useQuery(cityQuery).data?.title;
  const purpose = purposeOf(question.request);
  const isCity = question.whom === question.home.did;
  return (
    <div className={styles.stack}>
      <h2>{t("asks", { who: isCity && title ? say(title) : question.whom })}</h2>
      <p className={styles.fine}>{t("signed", { did: question.whom })}</p>
      <p>{purpose ? t("purpose", { purpose: say(purpose) }) : t("noPurpose")}</p>
    </div>
  );
}

/** A credential that no longer stands: said before somebody finds out at the desk. */
function Standing({ card }: { card: Card }) {
  const t = useWords(showWords);
  const c = useWords(cardWords);
  const say = useSay();
  const standing = useQuery(standingQuery(card)).data?.standing ?? "valid";
  if (standing === "valid") return null;
  const what = say(card.title);
  return (
    <p className={styles.warning} role="status">
      {t("notStanding", { what, standing: c(`standing_${standing}`) })}
    </p>
  );
}

function Claims({ question }: { question: Question }) {
  const t = useWords(showWords);
  const { told, untold } = split(question);
  return (
    <>
      <div className={styles.told}>
        <strong>{t("tell")}</strong>
        <Lines all={told} />
      </div>
      <div className={styles.untold}>
        <strong>{t("hide")}</strong>
        <Lines all={untold} />
        <p className={styles.fine}>{t("always")}</p>
      </div>
    </>
  );
}

interface Line extends Saying {
  title: Text;
}

function Lines({ all }: { all: readonly Line[] }) {
  const t = useWords(showWords);
  const say = useSay();
  if (all.length === 0) return <p>{t("nothing")}</p>;
  return (
    <ul>
      {all.map(({ title, name, value }) => (
        <li key={`${title.en} ${name.en}`}>
          {say(title)} · {say(name)}: {say(value)}
        </li>
      ))}
    </ul>
  );
}

/** What is told, and what the same credentials say besides. */
function split({ answer, cards, kept }: Question): { told: Line[]; untold: Line[] } {
  const told: Line[] = [];
  const untold: Line[] = [];
  for (const { held, values } of answer?.values() ?? []) {
    const card = cards.get(held);
    const claims = kept.get(held)?.revealed.claims;
    if (!card || !claims) continue;
    const { title, names } = card;
    const nameOf = (name: string) => names[name] ?? { ko: name, en: name };
    for (const [path, value] of values) {
      told.push({ title, ...sayingOf(nameOf(String(path[0])), path, value) });
    }
    const shown = values.map(([path]) => JSON.stringify(path));
    for (const line of besides(claims, shown, names)) untold.push({ title, ...line });
  }
  return { told, untold };
}

/** Each claim, and each part of one that is told in parts, that nobody is shown. */
function besides(
  claims: Json,
  shown: readonly string[],
  names: Readonly<Record<string, Text>>,
): Saying[] {
  const isShown = (...path: readonly (string | number)[]) => shown.includes(JSON.stringify(path));
  return Object.entries(claims).flatMap(([name, value]): Saying[] => {
    if (isShown(name)) return [];
    const parts: [string | number, unknown][] = isObject(value)
      ? Object.entries(value)
      : Array.isArray(value)
        ? [...(value as unknown[]).entries()]
        : [];
    const [line] = sayings({ [name]: value }, names);
    if (!line) return []; // always shown, or none of anybody's business: listed beside
    if (!parts.some(([part]) => isShown(name, part))) return [line];
    const called = names[name] ?? identityWords.identity;
    return parts
      .filter(([part]) => !isShown(name, part))
      .map(([part, one]) => sayingOf(called, [name, part], one));
  });
}
