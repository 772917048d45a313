import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, city } from "~/api/client";
import { Panel, Trouble } from "~/design/page";
import { useSignOut } from "~/shell/sign-out";
import { useWords } from "~/words/language";
import { shellWords } from "~/words/shell";
import styles from "./me.module.css";
import { myselfQuery } from "./queries";
import { settingsWords } from "./settings-words";

/** Sign out; a visitor without an account is forgotten, and so asked once more. */
export function Leave() {
  const s = useWords(settingsWords);
  const shell = useWords(shellWords);
  const signOut = useSignOut();
  const visits = useQuery(myselfQuery).data?.until != null;
  return (
    <Panel label={s("leave")}>
      <div className={styles.options}>
        <h2>{s("leave")}</h2>
        {visits ? (
          <EndVisit onEnded={signOut} />
        ) : (
          <>
            <p className={styles.source}>{s("signOutHelp")}</p>
            <div>
              <Button variant="default" onClick={signOut}>
                {shell("signOut")}
              </Button>
            </div>
          </>
        )}
      </div>
    </Panel>
  );
}

function EndVisit({ onEnded }: { onEnded: () => void }) {
  const s = useWords(settingsWords);
  const [asked, setAsked] = useState(false);
  const end = useMutation({
    mutationFn: () => answer(city.DELETE("/api/me")),
    onSuccess: onEnded,
  });
  return (
    <>
      <p className={styles.source}>{s("endVisitHelp")}</p>
      {end.error && <Trouble error={end.error} />}
      <div className={styles.buttons}>
        {asked ? (
          <>
            <Button color="red" loading={end.isPending} onClick={() => end.mutate()}>
              {s("endNow")}
            </Button>
            <Button variant="default" onClick={() => setAsked(false)}>
              {s("keepOn")}
            </Button>
          </>
        ) : (
          <Button variant="default" onClick={() => setAsked(true)}>
            {s("endVisit")}
          </Button>
        )}
      </div>
    </>
  );
}
