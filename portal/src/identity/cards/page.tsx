/** The wallet in the browser: credentials that are here, those elsewhere, and how to get more. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useLocation } from "react-router";
import { useSession } from "~/api/session";
import { Empty, Loaded, Page, Panel } from "~/design/page";
import { useSay, useWords } from "~/words/language";
import { issuedQuery, type IssuedCredential } from "../api";
import { NotWhileActing } from "../acting";
import styles from "../identity.module.css";
import { Twice, useWhen } from "../parts";
import { IdentityTabs } from "../tabs";
import { dropEverything, type Card } from "../wallet/store";
import { ByCode } from "./by-code";
import { Changes, CredentialCard } from "./card";
import { Get } from "./get";
import { cardsQuery } from "./queries";
import { cardWords } from "./words";

export default function CredentialsPage() {
  const t = useWords(cardWords);
  const session = useSession();
  const person = session?.id ?? "";
  const cards = useQuery(cardsQuery(person));
  const issued = useQuery({ ...issuedQuery, enabled: !session?.actor });
  const isOffered = useLocation().hash.includes("credential_offer"); // it is what one came for
  const byCode = (
    <Panel label={t("byCode")}>
      <ByCode person={person} />
    </Panel>
  );
  return (
    <Page narrow title={t("title")} lead={t("lead")}>
      <IdentityTabs />
      <NotWhileActing>
        <div className={styles.page}>
          <Loaded from={cards} lines={2} height={160}>
            {(here) => (
              <>
                {isOffered && byCode}
                <Cards cards={here} issued={issued.data ?? []} />
                <Panel label={t("get")}>
                  <Get person={person} />
                </Panel>
                {!isOffered && byCode}
                <Elsewhere cards={here} issued={issued.data ?? []} />
                <About person={person} />
              </>
            )}
          </Loaded>
        </div>
      </NotWhileActing>
    </Page>
  );
}

function Cards({ cards, issued }: { cards: Card[]; issued: IssuedCredential[] }) {
  const t = useWords(cardWords);
  if (cards.length === 0) {
    return <Empty icon="stamp" title={t("none")} detail={t("noneDetail")} />;
  }
  const byId = new Map(issued.map((one) => [one.id, one]));
  const newest = [...cards].sort((one, other) => other.gotAt.localeCompare(one.gotAt));
  return (
    <section className={styles.stack} aria-label={t("here")}>
      <h2>{t("here")}</h2>
      <p className={styles.fine}>{t("standingHelp")}</p>
      {newest.map((card) => {
        const known = byId.get(card.issued ?? "");
        return <CredentialCard key={card.id} card={card} {...(known ? { issued: known } : {})} />;
      })}
    </section>
  );
}

function Elsewhere({ cards, issued }: { cards: Card[]; issued: IssuedCredential[] }) {
  const t = useWords(cardWords);
  const say = useSay();
  const when = useWhen();
  const here = new Set(cards.map((card) => card.issued));
  const elsewhere = issued.filter(
    ({ id, status }) => !here.has(id) && (status === "valid" || status === "suspended"),
  );
  if (elsewhere.length === 0) return null;
  return (
    <Panel label={t("elsewhere")}>
      <div className={styles.stack}>
        <h2>{t("elsewhere")}</h2>
        <p className={styles.fine}>{t("elsewhereHelp")}</p>
        <ul className={styles.list}>
          {elsewhere.map((one) => (
            <li key={one.id}>
              <div>
                <span>
                  <strong>{say(one.title)}</strong> · {t(`standing_${one.status}`)}
                </span>
                <small>{t("issuedAt", { at: when(one.issued_at), until: when(one.until) })}</small>
              </div>
              <div className={styles.row}>
                <Changes issued={one} title={say(one.title)} />
              </div>
            </li>
          ))}
        </ul>
      </div>
    </Panel>
  );
}

function About({ person }: { person: string }) {
  const t = useWords(cardWords);
  const queries = useQueryClient();
  const drop = useMutation({
    mutationFn: () => dropEverything(person),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["me"] }),
  });
  return (
    <Panel label={t("kept")}>
      <div className={styles.stack}>
        <h2>{t("kept")}</h2>
        <p>{t("keptHelp")}</p>
        <div className={styles.row}>
          <Twice verb={t("dropAll")} warning={t("dropAllHelp")} doing={drop} />
        </div>
      </div>
    </Panel>
  );
}
