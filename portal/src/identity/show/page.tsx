/** Answering a question: who asks, for what, what would be told and what not; agree or decline. */
import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useLocation } from "react-router";
import { useSession } from "~/api/session";
import { Empty, Page, Panel, Trouble } from "~/design/page";
import { CodeField } from "~/me/pay/scan";
import { useWords } from "~/words/language";
import { NotWhileActing } from "../acting";
import { cardsQuery } from "../cards/queries";
import styles from "../identity.module.css";
import { IdentityTabs } from "../tabs";
import { readQuestion, type Question } from "../wallet/asking";
import { listCards } from "../wallet/store";
import { Consent } from "./consent";
import { Showings } from "./showings";
import { showWords } from "./words";

const MOST_LETTERS = 4_096;

export default function ShowPage() {
  const t = useWords(showWords);
  const person = useSession()?.id ?? "";
  const { hash } = useLocation();
  const [link, setLink] = useState(hash.includes("request_uri") ? hash : "");
  const read = useMutation({
    mutationFn: async (text: string) => readQuestion(text, await listCards(person)),
  });
  useQuery(cardsQuery(person)); // there by the time that they are chosen from
  const reset = () => {
    setLink("");
    read.reset();
  };
  return (
    <Page narrow title={t("title")} lead={t("lead")}>
      <IdentityTabs />
      <NotWhileActing>
        <div className={styles.page}>
          <Panel label={t("read")}>
            {read.data ? (
              <Answering question={read.data} person={person} onDone={reset} />
            ) : (
              <form
                className={styles.stack}
                onSubmit={(event) => {
                  event.preventDefault();
                  if (link.trim()) read.mutate(link);
                }}
              >
                <h2>{t("read")}</h2>
                <p className={styles.fine}>{t("readHelp")}</p>
                <CodeField
                  value={link}
                  onChange={setLink}
                  label={t("codeText")}
                  most={MOST_LETTERS}
                />
                <div className={styles.row}>
                  <Button type="submit" loading={read.isPending} disabled={!link.trim()}>
                    {t("look")}
                  </Button>
                </div>
                {read.error && <Trouble error={read.error} />}
              </form>
            )}
          </Panel>
          <Showings person={person} />
        </div>
      </NotWhileActing>
    </Page>
  );
}

function Answering({
  question,
  person,
  onDone,
}: {
  question: Question;
  person: string;
  onDone: () => void;
}) {
  const t = useWords(showWords);
  if (question.answer) return <Consent question={question} person={person} onDone={onDone} />;
  return (
    <Empty icon="key" title={t("cannot")} detail={t("cannotDetail")}>
      <div className={styles.row}>
        <Button component={Link} to="/me/credentials">
          {t("toCredentials")}
        </Button>
        <Button variant="subtle" onClick={onDone}>
          {t("another")}
        </Button>
      </div>
    </Empty>
  );
}
