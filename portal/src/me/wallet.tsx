/** The wallet: what one has, what is held, and every line of the statement. */
import { Button, NumberInput } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, city, newKey, once } from "~/api/client";
import { useSession } from "~/api/session";
import { cityQuery, walletQuery, type Transfer } from "~/api/queries";
import { dateTime, day, signedWon, won } from "~/design/figures";
import { Empty, Loaded, Page, Panel, Trouble } from "~/design/page";
import { ProveButton } from "~/ledger/prove-button";
import { StatementFile } from "~/money/statement-file";
import { useNameOf } from "~/money/use-names";
import { useLanguage, useWords } from "~/words/language";
import { abroadWords } from "./abroad/words";
import { CardLink } from "./card-link";
import styles from "./me.module.css";
import { memoWord, stepWord } from "./memos";
import { flat, More } from "./more";
import { transfersQuery } from "./queries";
import { meWords } from "./words";

const ACCOUNT = /^urn:ngsi-ld:Account:/; // the same in front of every account
const CLEARING = "clearing:"; // what is owed between this city and another
const LEAST_WON = 1_000;
const MOST_WON = 500_000;

export default function WalletPage() {
  const t = useWords(meWords);
  const a = useWords(abroadWords);
  const { language } = useLanguage();
  const session = useSession();
  const wallet = useQuery(walletQuery);
  const transfers = useInfiniteQuery(transfersQuery);
  return (
    <Page narrow title={t("wallet")} lead={t("walletLead")}>
      <Loaded from={wallet} lines={1} height={140}>
        {({ account, balance_won, held_won }) => (
          <section className={styles.balance} aria-label={t("balance")}>
            <span>{t("balance")}</span>
            <strong>{won(balance_won - held_won, language)}</strong>
            {held_won > 0 && <span>{t("heldNow", { amount: won(held_won, language) })}</span>}
            <code>
              {t("account")} {account.replace(ACCOUNT, "")}
            </code>
          </section>
        )}
      </Loaded>
      <div className={styles.ways}>
        <CardLink to="/me/pay" icon="ticket" title={t("payByCode")} detail={t("payByCodeDetail")} />
        <CardLink to="/me/abroad" icon="gate" title={a("title")} detail={a("detail")} />
        <CardLink to="/me/money" icon="change" title={t("money")} detail={t("moneyDetail")} />
        {session?.role === "resident" && (
          <CardLink to="/me/shops" icon="grid" title={t("myShops")} detail={t("myShopsDetail")} />
        )}
      </div>
      <TopUp />
      <section className={styles.section} aria-label={t("statement")}>
        <h2>{t("statement")}</h2>
        <p className={styles.source}>{t("statementSource")}</p>
        <Loaded from={{ ...transfers, data: flat(transfers) }} lines={4}>
          {(lines) =>
            lines.length === 0 ? (
              <Empty icon="wallet" title={t("noTransfers")} detail={t("noTransfersDetail")} />
            ) : (
              <>
                <ul className={styles.rows}>
                  {lines.map((line) => (
                    <Line key={`${line.id} ${line.step}`} line={line} />
                  ))}
                </ul>
                <More from={transfers} shown={lines.length} />
                <StatementFile />
              </>
            )
          }
        </Loaded>
      </section>
    </Page>
  );
}

function Line({ line }: { line: Transfer }) {
  const t = useWords(meWords);
  const a = useWords(abroadWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  const incoming = line.amount_won > 0;
  const moves = line.step === "posted" || line.step === "captured"; // else only set aside
  const other = line.other.replace(ACCOUNT, "");
  const whom = useNameOf()(other.replace(CLEARING, ""));
  const told = (word: ReturnType<typeof memoWord>, written: string) => (word ? t(word) : written);
  const isAcross = other.startsWith(CLEARING); // its memo is a proof's number
  const what = isAcross
    ? a(incoming ? "cameFrom" : "tookTo")
    : told(memoWord(line.memo, other), line.memo) || whom;
  const amount = moves
    ? signedWon(line.amount_won, language)
    : won(Math.abs(line.amount_won), language);
  return (
    <li>
      <span>{what}</span>
      <span className={styles.amount} data-in={moves && incoming} data-moves={moves}>
        {amount}
      </span>
      <small>
        {dateTime(line.at, language, zone)}
        {whom !== what && ` · ${t(incoming ? "fromWhom" : "toWhom", { other: whom })}`}
      </small>
      <small className={styles.step}>{told(stepWord(line.step), line.step)}</small>
      <div className={styles.proof}>
        <ProveButton wanted={{ kind: "transfer", id: line.id }} what={`${what}, ${amount}`} />
      </div>
    </li>
  );
}

function TopUp() {
  const t = useWords(meWords);
  const { language } = useLanguage();
  const queries = useQueryClient();
  const [amount, setAmount] = useState<number | string>(10_000);
  const [key, setKey] = useState(newKey);
  const topUp = useMutation({
    mutationFn: (amount_won: number) =>
      answer(city.POST("/api/me/top-up", { body: { amount_won }, ...once(key) })),
    onSuccess: () => {
      setKey(newKey());
      return queries.invalidateQueries({ queryKey: ["me"] });
    },
  });
  const wallet = useQuery(walletQuery).data;
  const most = Math.min(MOST_WON, wallet?.top_up_left_won ?? MOST_WON);
  const value = Number(amount);
  const possible = Number.isInteger(value) && value >= LEAST_WON && value <= most;
  return (
    <section className={styles.section} aria-label={t("topUp")}>
      <Panel>
        <form
          className={styles.topUp}
          onSubmit={(event) => {
            event.preventDefault();
            if (possible) topUp.mutate(value);
          }}
        >
          <NumberInput
            label={t("topUpAmount")}
            value={amount}
            onChange={(typed) => {
              setAmount(typed);
              setKey(newKey());
            }}
            min={LEAST_WON}
            max={most}
            step={LEAST_WON}
            thousandSeparator=","
            allowDecimal={false}
            allowNegative={false}
            hideControls
            inputMode="numeric"
            aria-describedby="top-up-help"
          />
          <Button type="submit" loading={topUp.isPending} disabled={!possible}>
            {t("topUp")}
          </Button>
          <p id="top-up-help" className={styles.source}>
            {wallet &&
              (most < LEAST_WON
                ? t("topUpNone", { renews: day(wallet.top_up_renews_on, language) })
                : t("topUpLeft", {
                    left: won(most, language),
                    renews: day(wallet.top_up_renews_on, language),
                  }))}{" "}
            {t("topUpHelp")}
          </p>
          {topUp.isSuccess && (
            <p className={styles.done} role="status">
              {t("toppedUp", { amount: won(topUp.variables, language) })}
            </p>
          )}
        </form>
        {topUp.error && <Trouble error={topUp.error} />}
      </Panel>
    </section>
  );
}
