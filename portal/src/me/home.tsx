/** What matters now: the ride in progress, unread messages, money, what is near. */
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { Link } from "react-router";
import { inboxQuery, walletQuery } from "~/api/queries";
import { useSession } from "~/api/session";
import { won } from "~/design/figures";
import { Icon } from "~/design/icons";
import { Loaded, Page, Waiting } from "~/design/page";
import { servicePages } from "~/services/pages";
import { useLanguage, useSay, useWords } from "~/words/language";
import { HerePicker } from "./here-picker";
import styles from "./me.module.css";
import { meWords } from "./words";

const serviceCards = servicePages.flatMap(({ service, home }) =>
  home ? [{ service, Card: lazy(home) }] : [],
);

export default function HomePage() {
  const t = useWords(meWords);
  const say = useSay();
  const session = useSession();
  const name = session ? say(session.name) : "";
  return (
    <Page narrow title={t("homeTitle")} lead={name}>
      <div className={styles.home}>
        <HerePicker />
        {serviceCards.map(({ service, Card }) => (
          <Suspense key={service} fallback={<Waiting lines={2} />}>
            <Card />
          </Suspense>
        ))}
        <div className={styles.pair}>
          <InboxCard />
          <WalletCard />
        </div>
      </div>
    </Page>
  );
}

function InboxCard() {
  const t = useWords(meWords);
  const inbox = useQuery(inboxQuery);
  return (
    <Loaded from={inbox} lines={1} height={88}>
      {(messages) => {
        const count = messages.filter(({ read }) => !read).length;
        return (
          <Link className={styles.card} to="/me/inbox">
            <Icon name="inbox" size={26} />
            <strong>{count > 0 ? t("unread", { count }) : t("allRead")}</strong>
            <small>{t("openInbox")}</small>
            <Icon name="arrow" />
          </Link>
        );
      }}
    </Loaded>
  );
}

function WalletCard() {
  const t = useWords(meWords);
  const { language } = useLanguage();
  const wallet = useQuery(walletQuery);
  return (
    <Loaded from={wallet} lines={1} height={88}>
      {({ balance_won }) => (
        <Link className={styles.card} to="/me/wallet">
          <Icon name="wallet" size={26} />
          <strong>{won(balance_won, language)}</strong>
          <small>{t("openWallet")}</small>
          <Icon name="arrow" />
        </Link>
      )}
    </Loaded>
  );
}
