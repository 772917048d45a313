/** The ways in for who lives here: a passkey first, else a code from the counter or a printed one. */
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useLocation, useNavigate } from "react-router";
import { isPerson, keepSession } from "~/api/session";
import { Icon } from "~/design/icons";
import { Empty, Panel, Trouble } from "~/design/page";
import { useWords } from "~/words/language";
import { beginPasskey, endPasskey, type SignedIn, type Way } from "../api";
import styles from "../identity.module.css";
import { canSuggest, hindrance, signByPasskey, stopSuggesting, type Hindrance } from "../passkeys";
import { CodeEntry } from "./code";
import { entryWords } from "./words";

/** Go on as somebody: to where one wanted to go, else to the face that fits the role. */
export function useEntered(): (session: SignedIn) => void {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const from = (useLocation().state as { from?: string } | null)?.from;
  return (session) => {
    queries.removeQueries({ queryKey: ["me"] });
    keepSession(session);
    void navigate(from ?? (isPerson(session) ? "/me" : "/city"), { replace: true });
  };
}

export function SignInWays() {
  const t = useWords(entryWords);
  const { pathname, hash } = useLocation();
  const given = pathname === "/enrol" ? hash.slice(1) : ""; // no server sees what is behind the #
  const [way, setWay] = useState<Way | null>(pathname === "/enrol" ? "enrol" : null);
  const obstacle = hindrance();
  if (obstacle) return <Hindered by={obstacle} />;
  return (
    <Panel label={t("passkey")}>
      <div className={styles.stack}>
        <ByPasskey />
        <div className={styles.row}>
          {(["enrol", "recovery"] as const).map((one) => (
            <Button
              key={one}
              variant={way === one ? "light" : "subtle"}
              size="compact-md"
              aria-expanded={way === one}
              onClick={() => setWay(way === one ? null : one)}
            >
              {t(one === "enrol" ? "haveCode" : "lostPhone")}
            </Button>
          ))}
        </div>
        {way && <CodeEntry key={way} way={way} given={way === "enrol" ? given : ""} />}
      </div>
    </Panel>
  );
}

async function byPasskey(isSuggested = false): Promise<SignedIn> {
  const { attempt, options } = await beginPasskey();
  return endPasskey(attempt, await signByPasskey(options, isSuggested));
}

function ByPasskey() {
  const t = useWords(entryWords);
  const entered = useEntered();
  const enter = useMutation({ mutationFn: () => byPasskey(), onSuccess: entered });
  useSuggestion(entered);
  return (
    <>
      <Button
        size="lg"
        leftSection={<Icon name="key" />}
        loading={enter.isPending}
        onClick={() => enter.mutate()}
      >
        {t("passkey")}
      </Button>
      <p className={styles.fine}>{t("passkeyHelp")}</p>
      {enter.error && <Trouble error={enter.error} />}
    </>
  );
}

/** Let the browser offer a passkey by itself, until one is asked for or the page is left. */
function useSuggestion(entered: (session: SignedIn) => void): void {
  const told = useRef(entered);
  useEffect(() => {
    told.current = entered;
  }, [entered]);
  useEffect(() => {
    const ended = new AbortController();
    const isOver = () => ended.signal.aborted;
    const wait = async () => {
      if (!(await canSuggest()) || isOver()) return;
      const session = await byPasskey(true);
      if (!isOver()) told.current(session);
    };
    wait().catch(() => undefined); // nobody asked for it, so nobody is told that it failed
    return () => {
      ended.abort();
      stopSuggesting();
    };
  }, []);
}

function Hindered({ by }: { by: Exclude<Hindrance, null> }) {
  const t = useWords(entryWords);
  const { port, pathname } = globalThis.location;
  const address = `http://localhost${port && `:${port}`}${pathname}`;
  return (
    <Empty icon="key" title={t("hindered")} detail={t(`hindered_${by}`)}>
      {by === "address" && <a href={address}>{t("openAt", { address })}</a>}
    </Empty>
  );
}
