/** Paying by a code: the shop's, which is read here, or one's own, which the shop reads. */
import { Button, SegmentedControl } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { answer, city } from "~/api/client";
import { won } from "~/design/figures";
import { Page, Panel, Trouble } from "~/design/page";
import { accountQuery, limitQuery, myTransfersQuery } from "~/money/queries";
import { useNameOf } from "~/money/use-names";
import { moneyWords } from "~/money/words";
import { useLanguage, useWords } from "~/words/language";
import { AmountInput, wonOf } from "./amount";
import { isPaidBy } from "./paid";
import styles from "./pay.module.css";
import { RunningCode } from "./qr";
import { ReadAndPay } from "./read-and-pay";
import { payWords } from "./words";

const SOON_MS = 3_000; // a shop and who pays stand before each other
const LATE_MS = 60_000; // after a code's end: clocks differ, answers take their time

export default function PayPage() {
  const t = useWords(payWords);
  const m = useWords(moneyWords);
  const [way, setWay] = useState("read");
  return (
    <Page
      narrow
      title={t("title")}
      lead={t("lead")}
      beside={<Link to="/me/wallet">{m("toWallet")}</Link>}
    >
      <div className={styles.form}>
        <SegmentedControl
          aria-label={t("way")}
          fullWidth
          value={way}
          onChange={setWay}
          data={[
            { value: "read", label: t("readShop") },
            { value: "show", label: t("showMine") },
          ]}
        />
        <Panel label={t(way === "read" ? "readShop" : "showMine")}>
          {way === "read" ? <ReadAndPay /> : <ShowMine />}
        </Panel>
      </div>
    </Page>
  );
}

function ShowMine() {
  const t = useWords(payWords);
  const [most, setMost] = useState<number | string>(30_000);
  const show = useMutation({
    mutationFn: (most_won: number) => answer(city.POST("/api/me/codes", { body: { most_won } })),
  });
  const amount = wonOf(most);
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (amount) show.mutate(amount);
      }}
    >
      <AmountInput label={t("most")} description={t("mostHelp")} value={most} onChange={setMost} />
      <Button type="submit" loading={show.isPending} disabled={!amount}>
        {t(show.data ? "showNew" : "show")}
      </Button>
      {show.error && <Trouble error={show.error} />}
      {show.data && <Mine key={show.data.payload} {...show.data} />}
    </form>
  );
}

const isAwaited = (until: string | null) =>
  until === null || Date.parse(until) + LATE_MS > Date.now();

/** One's own code until somebody took by it, and why nobody might: shops are not told that. */
function Mine({ payload, until }: { payload: string; until: string | null }) {
  const t = useWords(payWords);
  const { language } = useLanguage();
  const nameOf = useNameOf();
  const isMine = ({ id }: { id: string }) => isPaidBy(payload, id);
  const transfers = useQuery({
    ...myTransfersQuery,
    refetchInterval: ({ state }) =>
      isAwaited(until) && !state.data?.some(isMine) ? SOON_MS : false,
  });
  const paid = transfers.data?.find(isMine);
  return (
    <>
      {!paid && <RunningCode payload={payload} until={until} />}
      <p role="status" className={styles.whom}>
        {paid &&
          t("minePaid", {
            shop: nameOf(paid.other),
            amount: won(Math.abs(paid.amount_won), language),
          })}
      </p>
      {!paid && <CanPay />}
    </>
  );
}

function CanPay() {
  const t = useWords(payWords);
  const { language } = useLanguage();
  const account = useQuery(accountQuery).data;
  const limit = useQuery(limitQuery).data;
  if (!account) return null;
  if (account.state === "frozen") return <p>{t("frozen")}</p>;
  const { balance_won, held_won } = account;
  return (
    <>
      <p>{t("canPay", { amount: won(balance_won - held_won, language) })}</p>
      {limit?.most_won != null && (
        <p>
          {t("leftToday", {
            amount: won(Math.max(0, limit.most_won - limit.spent_won), language),
          })}
        </p>
      )}
    </>
  );
}
