/** Acting for somebody: a banner that says so on every page, and the way back to oneself. */
import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useNavigate } from "react-router";
import { endSession, keepSession, useSession, type Session } from "~/api/session";
import { Icon } from "~/design/icons";
import { Empty } from "~/design/page";
import { useSay, useWords } from "~/words/language";
import { forgetWaiting, waiting } from "./acting-for";
import { signOutOfCity } from "./api";
import { cardWords } from "./cards/words";
import styles from "./identity.module.css";
import { powerWords } from "./powers/words";

export function ActingBanner() {
  const t = useWords(powerWords);
  const say = useSay();
  const session = useSession();
  const back = useBack();
  if (!session?.actor) return null;
  return (
    <aside className={styles.acting} aria-label={t("acting")}>
      <span>
        <Icon name="person" /> {t("actingFor", { who: say(session.name) })}
      </span>
      <Button size="compact-md" variant="default" onClick={() => void back(session)}>
        {t("back")}
      </Button>
    </aside>
  );
}

function useBack(): (session: Session) => Promise<void> {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return async (session) => {
    const own = waiting(session.actor ?? "");
    await signOutOfCity().catch(() => undefined); // it ends by itself, too
    forgetWaiting();
    queries.clear();
    if (own) {
      const expires_in_s = (Date.parse(own.expires_at) - Date.now()) / 1_000;
      keepSession({ ...own, expires_in_s });
    } else {
      endSession();
    }
    void navigate(own ? "/me/powers" : "/sign-in");
  };
}

/** What belongs to one person is not done in another's name. */
export function NotWhileActing({ children }: { children: ReactNode }) {
  const t = useWords(cardWords);
  const session = useSession();
  if (!session?.actor) return children;
  return <Empty icon="person" title={t("acting")} detail={t("actingDetail")} />;
}
