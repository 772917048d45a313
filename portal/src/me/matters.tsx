/** What matters to everybody: a message that was not read, money that runs out. */
import { useQuery } from "@tanstack/react-query";
import { inboxQuery, walletQuery } from "~/api/queries";
import { won } from "~/design/figures";
import { useLanguage, useSay, useWords } from "~/words/language";
import { CardLink } from "./card-link";
import { meWords } from "./words";

const SHORT_WON = 3_000; // there and back by bus, 1,400 won each way; an assumption

export function InboxCard() {
  const t = useWords(meWords);
  const say = useSay();
  const unread = (useQuery(inboxQuery).data ?? []).filter(({ read }) => !read);
  const [newest] = unread;
  if (!newest) return null;
  return (
    <CardLink
      to="/me/inbox"
      icon="inbox"
      title={t("unread", { count: unread.length })}
      detail={say(newest.title)}
    />
  );
}

export function MoneyCard() {
  const t = useWords(meWords);
  const { language } = useLanguage();
  const wallet = useQuery(walletQuery).data;
  if (!wallet) return null;
  const free = wallet.balance_won - wallet.held_won;
  if (free >= SHORT_WON) return null;
  const canFill = wallet.top_up_left_won > 0;
  return (
    <CardLink
      to="/me/wallet"
      icon="wallet"
      title={t("short", { amount: won(free, language) })}
      detail={t(canFill ? "shortFill" : "shortUsed")}
    />
  );
}
