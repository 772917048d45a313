/** The desk: whose papers it has seen is given paper, or a pass that is shown here and nowhere else. */
import { Button, TextInput } from "@mantine/core";
import {
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
} from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { answer, city } from "~/api/client";
import { cityQuery } from "~/api/queries";
import { dateTime, number } from "~/design/figures";
import { Panel, Trouble } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import kiosk from "../kiosk.module.css";
import styles from "../votes.module.css";
import { agencyWords } from "./words";

const PREFIX = "urn:ngsi-ld:";

/** The name of a person whose id the desk typed, in full or by its last part. */
function personOf(typed: string): string {
  const named = typed.trim();
  return named.startsWith(PREFIX) ? named : `${PREFIX}Person:${named}`;
}

/** Crossed off the roll first, then the paper is given. */
export function Desk({ poll }: { poll: string }) {
  const t = useWords(agencyWords);
  const { language } = useLanguage();
  const queries = useQueryClient();
  const [struck, setStruck] = useState("");
  const give = useMutation({
    mutationFn: (person: string) => {
      const pseudonym = struck.trim().toLowerCase() || null;
      const path = { poll };
      return answer(
        city.POST("/api/polls/{poll}/paper", { params: { path }, body: { person, pseudonym } }),
      );
    },
    onSuccess: () => {
      setStruck("");
      return queries.invalidateQueries({ queryKey: ["polls", poll] });
    },
  });
  return (
    <Giving
      name={t("desk")}
      help={t("deskHelp")}
      word={t("give")}
      give={give}
      field={<Typed label={t("struck")} value={struck} most={70} onType={setStruck} />}
    >
      {({ paper }) => <p role="status">{t("given", { count: number(paper, language) })}</p>}
    </Giving>
  );
}

export function KioskPass({ poll }: { poll: string }) {
  const t = useWords(agencyWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  const give = useMutation({
    mutationFn: (person: string) => {
      const path = { poll };
      return answer(
        city.POST("/api/polls/{poll}/kiosk-passes", { params: { path }, body: { person } }),
      );
    },
    gcTime: 0,
  });
  return (
    <Giving name={t("kioskPass")} help={t("kioskPassHelp")} word={t("kioskPassGive")} give={give}>
      {({ pass, until }) => (
        <div role="status" className={styles.stack}>
          <code className={kiosk.pass}>{pass}</code>
          <p>{t("kioskPassUntil", { at: dateTime(until, language, zone) })}</p>
          <div className={styles.row}>
            <Button variant="default" onClick={give.reset}>
              {t("kioskPassHide")}
            </Button>
          </div>
        </div>
      )}
    </Giving>
  );
}

function Giving<T>({
  name,
  help,
  word,
  give,
  field,
  children,
}: {
  name: string;
  help: string;
  word: string;
  give: UseMutationResult<T, Error, string>;
  field?: ReactNode;
  children: (given: T) => ReactNode;
}) {
  const t = useWords(agencyWords);
  const [who, setWho] = useState("");
  return (
    <Panel label={name}>
      <form
        className={styles.stack}
        onSubmit={(event) => {
          event.preventDefault();
          if (who.trim()) give.mutate(personOf(who), { onSuccess: () => setWho("") });
        }}
      >
        <h2>{name}</h2>
        <p className={styles.fine}>{help}</p>
        <Typed label={t("person")} value={who} most={200} onType={setWho} />
        {field}
        <div className={styles.row}>
          <Button type="submit" loading={give.isPending} disabled={who.trim() === ""}>
            {word}
          </Button>
        </div>
        {give.data !== undefined && children(give.data)}
        {give.error && <Trouble error={give.error} />}
      </form>
    </Panel>
  );
}

function Typed(of: { label: string; value: string; most: number; onType: (text: string) => void }) {
  return (
    <TextInput
      label={of.label}
      value={of.value}
      maxLength={of.most}
      spellCheck={false}
      autoComplete="off"
      onChange={({ currentTarget }) => of.onType(currentTarget.value)}
    />
  );
}
