/** Is my ballot there? Looked at in this browser, without sign-in, by a receipt's code or file. */
import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useLocation, useParams } from "react-router";
import { Loaded, Page, Panel } from "~/design/page";
import { DropFile } from "~/ledger/drop";
import { useSay, useWords } from "~/words/language";
import { checkWords } from "./check-words";
import { Checked } from "./checked";
import { Label } from "./label";
import { fixedOf, pollQuery } from "./queries";
import { placeOf, receiptOf, type Place } from "./receipt";
import type { Fixed } from "./sealing/jobs";
import { Spoiled, testOf, type Test } from "./spoiled";
import styles from "./votes.module.css";

const MOST_BYTES = 200_000; // a ballot has 60 kB at most, and its opening less
const JSON_FILES = "application/json,.json";

type Given = { place: Place } | { test: Test };

export default function CheckPage() {
  const t = useWords(checkWords);
  const say = useSay();
  const { poll: name = "" } = useParams();
  const { hash } = useLocation();
  const view = useQuery(pollQuery(name));
  const title = view.data ? `${t("title")}: ${say(view.data.poll.title)}` : t("title");
  return (
    <Page narrow title={title} lead={t("lead")}>
      <div className={styles.stack}>
        <Label poll={name} />
        <p>
          <Link to={`/votes/${name}`}>{t("backToPoll")}</Link>
        </p>
        <Loaded from={view}>
          {(found) => {
            const fixed = fixedOf(found);
            return fixed ? <Check key={hash} poll={name} fixed={fixed} hash={hash} /> : null;
          }}
        </Loaded>
      </div>
    </Page>
  );
}

function Check({ poll, fixed, hash }: { poll: string; fixed: Fixed; hash: string }) {
  const t = useWords(checkWords);
  const linked = placeOf(hash.slice(1));
  const [given, setGiven] = useState<Given | null>(linked && { place: linked });
  if (!given) return <Ask fixed={fixed} onGiven={setGiven} />;
  return (
    <div className={styles.stack}>
      {"test" in given ? (
        <Spoiled fixed={fixed} test={given.test} />
      ) : (
        <Checked poll={poll} fixed={fixed} place={given.place} />
      )}
      <div className={styles.row}>
        <Button variant="default" onClick={() => setGiven(null)}>
          {t("another")}
        </Button>
      </div>
    </div>
  );
}

function Ask({ fixed, onGiven }: { fixed: Fixed; onGiven: (given: Given) => void }) {
  const t = useWords(checkWords);
  const [typed, setTyped] = useState("");
  const [fault, setFault] = useState<"noCode" | "noFile" | "otherPoll" | null>(null);
  const readCode = () => {
    const place = placeOf(typed);
    if (place) onGiven({ place });
    else setFault("noCode");
  };
  const readFile = async (file: File) => {
    const text = file.size > MOST_BYTES ? "" : await file.text().catch(() => "");
    const [receipt, test] = [receiptOf(text), testOf(text)];
    const poll = receipt?.poll ?? test?.ballot.poll;
    if (poll === undefined) setFault("noFile");
    else if (poll !== fixed.print) setFault("otherPoll");
    else if (receipt) onGiven({ place: { index: receipt.index, begins: receipt.ballot } });
    else if (test) onGiven({ test });
  };
  return (
    <Panel label={t("title")}>
      <form
        className={styles.stack}
        onSubmit={(event) => {
          event.preventDefault();
          readCode();
        }}
      >
        <TextInput
          label={t("code")}
          description={t("codeHelp")}
          value={typed}
          maxLength={100}
          spellCheck={false}
          autoComplete="off"
          error={fault === "noCode" ? t(fault) : null}
          onChange={({ currentTarget }) => {
            setTyped(currentTarget.value);
            setFault(null);
          }}
        />
        <div className={styles.row}>
          <Button type="submit">{t("look")}</Button>
        </div>
        <DropFile prompt={t("drop")} accept={JSON_FILES} onFile={(file) => void readFile(file)} />
        {fault && fault !== "noCode" && <p role="alert">{t(fault)}</p>}
      </form>
    </Panel>
  );
}
