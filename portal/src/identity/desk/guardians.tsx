/** Who acts for somebody already, as the counter sees it, with the way to end it. */
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { day } from "~/design/figures";
import { Loaded } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import { guardiansOf, takeBack, type Delegation } from "../api";
import styles from "../identity.module.css";
import { Twice } from "../parts";
import { useActionNames } from "../powers/actions";
import { powerWords } from "../powers/words";
import { valueWords } from "../words";

const guardiansQuery = (person: string) =>
  queryOptions({
    queryKey: ["counter", "guardians", person],
    queryFn: () => guardiansOf(person),
  });

export function Guardians({ person }: { person: string }) {
  const guardians = useQuery(guardiansQuery(person));
  return (
    <Loaded from={guardians} lines={1} height={56}>
      {(all) =>
        all.length > 0 && (
          <ul className={styles.list}>
            {all.map((one) => (
              <Line key={one.id} delegation={one} />
            ))}
          </ul>
        )
      }
    </Loaded>
  );
}

function Line({ delegation }: { delegation: Delegation }) {
  const t = useWords(powerWords);
  const v = useWords(valueWords);
  const { language } = useLanguage();
  const namesOf = useActionNames();
  const queries = useQueryClient();
  const ending = useMutation({
    mutationFn: () => takeBack(delegation.id),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["counter"] }),
  });
  const { delegate, delegate_name, relation, until, actions } = delegation;
  const who = delegate_name ?? delegate;
  return (
    <li>
      <div>
        <strong>{who}</strong>
        <small>{t("line", { relation: v(relation), until: day(until, language) })}</small>
        <small>{namesOf(actions)}</small>
      </div>
      <Twice
        verb={t("takeBack")}
        label={t("of", { who, verb: t("takeBack") })}
        warning={t("takeBackHelp")}
        doing={ending}
      />
    </li>
  );
}
