/** One fact of the log, found by its kind and number, with its proof computed here. */
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { Waiting } from "~/design/page";
import { useWords } from "~/words/language";
import styles from "./ledger.module.css";
import { lookUpWords } from "./look-up-words";
import type { Wanted } from "./queries";

const ProofView = lazy(() => import("./proof"));

const KINDS = [
  "transfer",
  "experiment",
  "document",
  "agreement",
  "asset",
  "poll",
  "recognition",
  "issuer_trust",
  "currency-agreement",
  "credential_status",
  "account",
] as const;
/** What the platform's own service writes has its name in front. */
const OWN_NAMES: ReadonlySet<string> = new Set(["transfer", "account"]);
const SERVICE = "platform/";
/** A number that says itself who wrote it: the platform, or a service such as mobility.sharing. */
const WHOLE = /^(platform|[a-z]+\.[a-z_-]+)\//;
const MOST_LETTERS = 640; // of a fact's id

/** What to ask for, of a number as somebody copied it. */
export function wantedOf(kind: string, typed: string): Wanted | null {
  const id = typed.trim();
  if (!id) return null;
  return { kind, id: OWN_NAMES.has(kind) || WHOLE.test(id) ? id : `${SERVICE}${id}` };
}

export function LookUp() {
  const t = useWords(lookUpWords);
  const [kind, setKind] = useState<string>(KINDS[0]);
  const [typed, setTyped] = useState("");
  const [wanted, setWanted] = useState<Wanted | null>(null);
  return (
    <section className={styles.proof} aria-label={t("title")}>
      <h2>{t("title")}</h2>
      <p className={styles.fine}>{t("lead")}</p>
      <form
        className={styles.part}
        onSubmit={(event) => {
          event.preventDefault();
          setWanted(wantedOf(kind, typed));
        }}
      >
        <NativeSelect
          label={t("kind")}
          value={kind}
          data={KINDS.map((value) => ({ value, label: t(value) }))}
          onChange={({ currentTarget }) => setKind(currentTarget.value)}
        />
        <TextInput
          label={t("number")}
          value={typed}
          maxLength={MOST_LETTERS}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        />
        <div className={styles.row}>
          <Button type="submit" disabled={!typed.trim()}>
            {t("find")}
          </Button>
        </div>
      </form>
      {wanted && (
        <section key={`${wanted.kind} ${wanted.id}`} aria-label={t("found")}>
          <Suspense fallback={<Waiting lines={2} />}>
            <ProofView wanted={wanted} />
          </Suspense>
        </section>
      )}
    </section>
  );
}
