/**
 * A booth on a device that many share: whoever votes signs in, nothing is kept on the device, and
 * it forgets who was there when they finish or walk away.
 */
import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { Link, useLocation, useParams } from "react-router";
import { endSession, useSession } from "~/api/session";
import { Empty, Loaded, useTitle } from "~/design/page";
import { endSessionsHere } from "~/identity/acting-for";
import { LanguageButton } from "~/shell/tools";
import { useSay, useWords } from "~/words/language";
import { shellWords } from "~/words/shell";
import { BoothView, NotOpen } from "./booth/booth";
import { memory } from "./kept";
import styles from "./kiosk.module.css";
import { kioskWords } from "./kiosk-words";
import { Label } from "./label";
import { fixedOf, pollQuery } from "./queries";
import votes from "./votes.module.css";
import { When } from "./when";

const [IDLE_S, WARNED_S] = [180, 30];
const SIGNS = ["pointerdown", "keydown", "touchstart"] as const;

export default function KioskPage() {
  const t = useWords(kioskWords);
  const say = useSay();
  const { poll: name = "" } = useParams();
  const view = useQuery(pollQuery(name));
  const title = view.data ? say(view.data.poll.title) : t("title");
  useTitle(title);
  return (
    <main className={styles.kiosk}>
      <header className={styles.bar}>
        <h1>{title}</h1>
        <LanguageButton />
        <FullScreen />
      </header>
      <div className={votes.stack}>
        <Label poll={name} />
        <Loaded from={view}>
          {(found) => {
            const fixed = fixedOf(found);
            return (
              <>
                <When {...found.poll} />
                {fixed && found.poll.state === "open" ? (
                  <Visitor>
                    {(store) => <BoothView view={found} fixed={fixed} store={store} />}
                  </Visitor>
                ) : (
                  <NotOpen poll={name} />
                )}
              </>
            );
          }}
        </Loaded>
      </div>
    </main>
  );
}

/** Whoever stands here now; the store is theirs alone and goes with them. */
function Visitor({
  children,
}: {
  children: (store: ReturnType<typeof memory>) => React.ReactNode;
}) {
  const session = useSession();
  if (session?.role !== "resident") return <Welcome isOther={session !== null} />;
  return <Booth key={session.id}>{children}</Booth>;
}

function Welcome({ isOther }: { isOther: boolean }) {
  const t = useWords(kioskWords);
  const { pathname } = useLocation();
  return (
    <Empty icon="vote" title={t("welcome")} detail={t(isOther ? "welcomeOther" : "welcomeDetail")}>
      <Button
        component={Link}
        to="/sign-in"
        state={{ from: pathname }}
        size="lg"
        onClick={() => {
          if (!isOther) return;
          endSessionsHere();
          endSession();
        }}
      >
        {t("signIn")}
      </Button>
    </Empty>
  );
}

function Booth({ children }: { children: (store: ReturnType<typeof memory>) => React.ReactNode }) {
  const t = useWords(kioskWords);
  const queries = useQueryClient();
  const [store] = useState(memory);
  const finish = useCallback(() => {
    endSessionsHere();
    endSession();
    queries.removeQueries({ queryKey: ["votes"] });
    queries.removeQueries({ queryKey: ["me"] });
  }, [queries]);
  const left = useIdle(finish);
  return (
    <div className={votes.stack}>
      <p className={votes.fine}>{t("keepsNothing")}</p>
      {children(store)}
      {left <= WARNED_S && (
        <p role="alert" className={styles.warned}>
          {t("leaving", { left })}
        </p>
      )}
      <Button size="lg" variant="default" onClick={finish}>
        {t("finish")}
      </Button>
    </div>
  );
}

/** Seconds until somebody who does nothing is taken to have left; then `gone` is called. */
function useIdle(gone: () => void): number {
  const [left, setLeft] = useState(IDLE_S);
  useEffect(() => {
    let until = Date.now() + IDLE_S * 1_000;
    const stay = () => {
      until = Date.now() + IDLE_S * 1_000;
      setLeft(IDLE_S);
    };
    const ticking = setInterval(() => {
      const seconds = Math.max(0, Math.ceil((until - Date.now()) / 1_000));
      setLeft(seconds);
      if (seconds === 0) gone();
    }, 1_000);
    for (const sign of SIGNS) window.addEventListener(sign, stay);
    return () => {
      clearInterval(ticking);
      for (const sign of SIGNS) window.removeEventListener(sign, stay);
    };
  }, [gone]);
  return left;
}

function FullScreen() {
  const t = useWords(kioskWords);
  const s = useWords(shellWords);
  const [isFull, setFull] = useState(() => document.fullscreenElement !== null);
  useEffect(() => {
    const look = () => setFull(document.fullscreenElement !== null);
    document.addEventListener("fullscreenchange", look);
    return () => document.removeEventListener("fullscreenchange", look);
  }, []);
  if (!document.fullscreenEnabled) return null;
  const turn = () =>
    void (isFull ? document.exitFullscreen() : document.documentElement.requestFullscreen());
  return (
    <Button variant="default" size="sm" onClick={turn}>
      {isFull ? s("close") : t("fullScreen")}
    </Button>
  );
}
