/** What was issued to somebody, and revoking it for them. */
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Loaded } from "~/design/page";
import { useSay, useWords } from "~/words/language";
import { issuedTo, revokeFor, type IssuedCredential } from "../api";
import { cardWords } from "../cards/words";
import styles from "../identity.module.css";
import { Twice, useWhen } from "../parts";
import { counterWords } from "./words";

const REASON = "창구에서 취소했습니다 · revoked at the counter"; // told as it stands, to whoever it is

const issuedToQuery = (person: string) =>
  queryOptions({ queryKey: ["counter", "issued", person], queryFn: () => issuedTo(person) });

export function Issued({ person }: { person: string }) {
  const t = useWords(counterWords);
  const issued = useQuery(issuedToQuery(person));
  return (
    <div className={styles.stack}>
      <h2>{t("issued")}</h2>
      <Loaded from={issued} lines={1} height={56}>
        {(all) =>
          all.length === 0 ? (
            <p>{t("noIssued")}</p>
          ) : (
            <ul className={styles.list}>
              {all.map((one) => (
                <Line key={one.id} issued={one} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </div>
  );
}

function Line({ issued }: { issued: IssuedCredential }) {
  const t = useWords(counterWords);
  const c = useWords(cardWords);
  const say = useSay();
  const when = useWhen();
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => revokeFor(issued.id, REASON),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["counter"] }),
  });
  const { title, status, issued_at, until } = issued;
  const what = say(title);
  return (
    <li>
      <div>
        <span>
          <strong>{what}</strong> · {c(`standing_${status}`)}
        </span>
        <small>{c("issuedAt", { at: when(issued_at), until: when(until) })}</small>
      </div>
      {(status === "valid" || status === "suspended") && (
        <Twice
          verb={t("revoke")}
          label={c("of", { what, verb: t("revoke") })}
          warning={t("revokeHelp")}
          doing={revoke}
        />
      )}
    </li>
  );
}
