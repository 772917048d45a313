/**
 * A booth on a device that many share: whoever votes types a desk's pass, or signs in; nothing is
 * kept on the device, and it forgets who was there when they finish or walk away.
 */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useParams } from "react-router";
import { Loaded, useTitle } from "~/design/page";
import { LanguageButton } from "~/shell/tools";
import { useSay, useWords } from "~/words/language";
import { shellWords } from "~/words/shell";
import { NotOpen } from "./booth/booth";
import { Visitor } from "./kiosk/visitor";
import styles from "./kiosk.module.css";
import { kioskWords } from "./kiosk-words";
import { Label } from "./label";
import { fixedOf, pollQuery } from "./queries";
import votes from "./votes.module.css";
import { When } from "./when";

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
                {fixed ? <Visitor view={found} fixed={fixed} /> : <NotOpen poll={name} />}
              </>
            );
          }}
        </Loaded>
      </div>
    </main>
  );
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
