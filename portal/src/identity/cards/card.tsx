/** One credential: what it says, until when, and whether it still stands. */
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Fragment } from "react";
import { day } from "~/design/figures";
import { Trouble } from "~/design/page";
import { ProveButton } from "~/ledger/prove-button";
import { useLanguage, useSay, useWords } from "~/words/language";
import { changeCredential, type Change, type IssuedCredential } from "../api";
import styles from "../identity.module.css";
import { Twice } from "../parts";
import type { Json } from "../wallet/jose";
import { dropCard, type Card } from "../wallet/store";
import { standingQuery } from "./queries";
import { sayings } from "./saying";
import { cardWords } from "./words";

const DAY_LETTERS = 10; // of an ISO time

export function CredentialCard({ card, issued }: { card: Card; issued?: IssuedCredential }) {
  const t = useWords(cardWords);
  const say = useSay();
  const look = useQuery(standingQuery(card));
  const standing = look.data?.standing ?? (look.error ? "unknown" : null);
  const title = say(card.title);
  return (
    <article className={styles.card} data-standing={standing ?? ""} aria-label={title}>
      <div className={styles.top}>
        <h3>{title}</h3>
        <span className={styles.standing} data-standing={standing ?? "unknown"} role="status">
          {t(standing ? `standing_${standing}` : "looking")}
        </span>
      </div>
      <Said card={card} claims={look.data?.kept?.revealed.claims ?? {}} />
      {standing === "unknown" && <Trouble error={look.error} onRetry={() => void look.refetch()} />}
      <div className={styles.row}>
        {issued && <Changes issued={issued} title={title} />}
        <Drop card={card} title={title} />
      </div>
    </article>
  );
}

function Said({ card, claims }: { card: Card; claims: Json }) {
  const t = useWords(cardWords);
  const say = useSay();
  const { language } = useLanguage();
  const end = claims["exp"];
  const until = typeof end === "number" ? new Date(end * 1_000).toISOString() : null;
  return (
    <>
      <dl className={styles.said}>
        {sayings(claims, card.names).map(({ name, value }) => (
          <Fragment key={name.en}>
            <dt>{say(name)}</dt>
            <dd>{say(value)}</dd>
          </Fragment>
        ))}
      </dl>
      {until && (
        <p className={styles.fine}>
          {t("until", { at: day(until.slice(0, DAY_LETTERS), language) })} ·{" "}
          {t("issuer", { who: t("thisCity") })}
        </p>
      )}
    </>
  );
}

/** What its owner may do with it: suspend, let it hold again, revoke; and the proof of the last. */
export function Changes({ issued, title }: { issued: IssuedCredential; title: string }) {
  const t = useWords(cardWords);
  const queries = useQueryClient();
  const changing = useMutation({
    mutationFn: (how: Change) => changeCredential(issued.id, how),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["me"] }),
  });
  const { status, can_resume, fact } = issued;
  const of = (verb: Change) => t("of", { what: title, verb: t(verb) });
  const canSuspend = status === "valid";
  return (
    <>
      {(canSuspend || can_resume) && (
        <Button
          variant="default"
          size="compact-md"
          loading={changing.isPending}
          aria-label={of(canSuspend ? "suspend" : "resume")}
          onClick={() => changing.mutate(canSuspend ? "suspend" : "resume")}
        >
          {t(canSuspend ? "suspend" : "resume")}
        </Button>
      )}
      {(status === "valid" || status === "suspended") && (
        <Twice
          verb={t("revoke")}
          label={of("revoke")}
          warning={t("revokeHelp")}
          doing={{ ...changing, mutate: () => changing.mutate("revoke") }}
        />
      )}
      {fact && <ProveButton wanted={{ kind: "credential_status", id: fact }} what={title} />}
    </>
  );
}

function Drop({ card, title }: { card: Card; title: string }) {
  const t = useWords(cardWords);
  const queries = useQueryClient();
  const drop = useMutation({
    mutationFn: () => dropCard(card.id),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["me", "wallet-cards"] }),
  });
  return (
    <Twice
      verb={t("drop")}
      label={t("of", { what: title, verb: t("drop") })}
      warning={t("dropHelp")}
      doing={drop}
    />
  );
}
