import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useLocation, useNavigate } from "react-router";
import { answer, city } from "~/api/client";
import { cityQuery, identitiesQuery } from "~/api/queries";
import { isPerson, keepSession } from "~/api/session";
import type { Identity } from "~/api/shapes";
import { Icon } from "~/design/icons";
import { Empty, Loaded, Trouble, useTitle } from "~/design/page";
import { useSay, useWords } from "~/words/language";
import { shellWords } from "~/words/shell";
import { Rivers } from "./rivers";
import styles from "./sign-in.module.css";
import { VisitOffer } from "./visit";
import visiting from "./visit.module.css";

/** Pick one of the demonstration's people and enter with their rights. */
export function SignIn() {
  const t = useWords(shellWords);
  const identities = useQuery(identitiesQuery);
  useTitle(t("signIn"));
  return (
    <div className={styles.scene}>
      <div className={styles.sheet}>
        <Rivers />
        <h1>{t("signInTitle")}</h1>
        <p>{t("signInLead")}</p>
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
  if (people.length === 0) {
    return <Empty icon="person" title={t("noIdentities")} detail={t("noIdentitiesDetail")} />;
  }
  const groups = [
    { title: t("signInResidents"), members: people.filter(isPerson) },
    { title: t("signInStaff"), members: people.filter((one) => !isPerson(one)) },
  ];
  return (
    <>
      {enter.error && <Trouble error={enter.error} />}
      {groups
        .filter(({ members }) => members.length > 0)
        .map(({ title, members }) => (
          <section key={title} aria-label={title}>
            <h2 className={styles.group}>{title}</h2>
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
    </>
  );
}

function signIn(identity: string) {
  return answer(city.POST("/api/sign-in", { body: { identity } as never }));
}

/** Sign in, then go where one wanted to go, else to the face that fits the role. */
function useEntry() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const from = (useLocation().state as { from?: string } | null)?.from;
  return useMutation({
    mutationFn: signIn,
    onSuccess: (session) => {
      queries.removeQueries({ queryKey: ["me"] });
      keepSession(session);
      void navigate(from ?? (isPerson(session) ? "/me" : "/city"), { replace: true });
    },
  });
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
