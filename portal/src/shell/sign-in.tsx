import { useMutation, useQuery } from "@tanstack/react-query";
import { useLocation } from "react-router";
import { answer, city } from "~/api/client";
import { cityQuery, identitiesQuery } from "~/api/queries";
import { isPerson } from "~/api/session";
import type { Identity } from "~/api/shapes";
import { Icon } from "~/design/icons";
import { Loaded, Trouble, useTitle } from "~/design/page";
import { SignInWays, useEntered } from "~/identity/entry/ways";
import { useSay, useWords } from "~/words/language";
import { shellWords } from "~/words/shell";
import { Rivers } from "./rivers";
import styles from "./sign-in.module.css";
import { VisitOffer } from "./visit";
import visiting from "./visit.module.css";

/** Come in by a passkey; in a demonstration, or as one of its people. */
export function SignIn() {
  const t = useWords(shellWords);
  const identities = useQuery(identitiesQuery);
  useTitle(t("signIn"));
  return (
    <div className={styles.scene}>
      <div className={styles.sheet}>
        <Rivers />
        <h1>{t("signIn")}</h1>
        <div className={styles.ways}>
          <SignInWays />
        </div>
        <Visiting />
        <Loaded from={identities} lines={4}>
          {(people) => <People people={people} />}
        </Loaded>
      </div>
    </div>
  );
}

/** On in front of the people: whoever has no account need not pretend to be somebody. */
function Visiting() {
  const from = (useLocation().state as { from?: string } | null)?.from;
  const visitors = useQuery(cityQuery).data?.visitors ?? false;
  if (!visitors) return null;
  return (
    <div className={visiting.sheet}>
      <VisitOffer from={from ?? "/me"} />
    </div>
  );
}

function People({ people }: { people: Identity[] }) {
  const t = useWords(shellWords);
  const enter = useEntry();
  if (people.length === 0) return null; // not a demonstration
  const groups = [
    { title: t("signInResidents"), members: people.filter(isPerson) },
    { title: t("signInStaff"), members: people.filter((one) => !isPerson(one)) },
  ];
  return (
    <section className={styles.demonstration} aria-label={t("signInTitle")}>
      <h2>{t("signInTitle")}</h2>
      <p>{t("signInLead")}</p>
      {enter.error && <Trouble error={enter.error} />}
      {groups
        .filter(({ members }) => members.length > 0)
        .map(({ title, members }) => (
          <section key={title} aria-label={title}>
            <h3 className={styles.group}>{title}</h3>
            <ul className={styles.people}>
              {members.map((one) => (
                <li key={one.id}>
                  <PersonButton
                    one={one}
                    busy={enter.isPending}
                    onPick={() => enter.mutate(one.id)}
                  />
                </li>
              ))}
            </ul>
          </section>
        ))}
    </section>
  );
}

function signIn(identity: string) {
  return answer(city.POST("/api/sign-in", { body: { identity } as never }));
}

function useEntry() {
  return useMutation({ mutationFn: signIn, onSuccess: useEntered() });
}

function PersonButton({ one, busy, onPick }: { one: Identity; busy: boolean; onPick: () => void }) {
  const say = useSay();
  const name = say(one.name);
  return (
    <button type="button" className={styles.person} disabled={busy} onClick={onPick}>
      <span className={styles.initial} aria-hidden="true">
        {Array.from(name)[0]}
      </span>
      <span>
        <strong>{name}</strong>
        <br />
        <span className={styles.about}>{say(one.about)}</span>
      </span>
      <Icon name="arrow" />
    </button>
  );
}
