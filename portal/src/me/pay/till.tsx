/** A shop's till: take by the payer's code, show a bill, the code to hang up, give back. */
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { Link, useParams } from "react-router";
import { newKey } from "~/api/client";
import { won } from "~/design/figures";
import { Empty, Loaded, Page, Panel, Trouble } from "~/design/page";
import { CardLink } from "~/me/card-link";
import { LIVE_MS } from "~/money/queries";
import { shopWords } from "~/money/shop/words";
import { moneyWords } from "~/money/words";
import { useLanguage, useWords } from "~/words/language";
import { AmountInput, wonOf } from "./amount";
import { JustTaken, useTakenToday } from "./just-taken";
import { isPaidBy } from "./paid";
import styles from "./pay.module.css";
import { CodePicture, RunningCode } from "./qr";
import { charge, makeBill, shopsQuery, signQuery } from "./queries";
import { CodeField } from "./scan";
import { payWords } from "./words";

export default function TillPage() {
  const t = useWords(payWords);
  const b = useWords(shopWords);
  const m = useWords(moneyWords);
  const { language } = useLanguage();
  const { shop = "" } = useParams();
  const shops = useQuery({ ...shopsQuery, refetchInterval: LIVE_MS });
  const mine = shops.data?.find((one) => one.shop.id === shop);
  return (
    <Page
      narrow
      title={mine ? mine.shop.name : t("till")}
      lead={mine ? `${t("inTill")}: ${won(mine.balance_won, language)}` : ""}
      beside={<Link to="/me/shops">{m("toShops")}</Link>}
    >
      <Loaded from={shops} lines={3}>
        {() =>
          mine ? (
            <div className={styles.form}>
              <CardLink
                to={`/me/shops/${encodeURIComponent(shop)}/books`}
                icon="chart"
                title={b("books")}
                detail={b("booksDetail")}
              />
              <Panel label={t("charge")}>
                <Charge shop={shop} />
              </Panel>
              <Panel label={t("justTaken")}>
                <JustTaken shop={shop} />
              </Panel>
              <Panel label={t("bill")}>
                <Bill shop={shop} />
              </Panel>
              <Panel label={t("sign")}>
                <Sign shop={shop} />
              </Panel>
            </div>
          ) : (
            <Empty icon="wallet" title={t("noSuchShop")} detail={t("noSuchShopDetail")} />
          )
        }
      </Loaded>
    </Page>
  );
}

function AmountForm({
  title,
  help,
  verb,
  isBusy,
  isReady = true,
  onAmount,
  children,
}: {
  title: string;
  help?: string;
  verb: (amount: string) => string;
  isBusy: boolean;
  isReady?: boolean;
  onAmount: (won: number) => void;
  children?: ReactNode;
}) {
  const t = useWords(payWords);
  const { language } = useLanguage();
  const [typed, setTyped] = useState<number | string>("");
  const amount = wonOf(typed);
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (amount && isReady) onAmount(amount);
      }}
    >
      <h2>{title}</h2>
      {help && <p className={styles.fine}>{help}</p>}
      <AmountInput label={t("amount")} value={typed} onChange={setTyped} />
      {children}
      <Button type="submit" loading={isBusy} disabled={!amount || !isReady}>
        {verb(won(amount ?? 0, language))}
      </Button>
    </form>
  );
}

function Charge({ shop }: { shop: string }) {
  const t = useWords(payWords);
  const { language } = useLanguage();
  const queries = useQueryClient();
  const [payload, setPayload] = useState("");
  const [key, setKey] = useState(newKey);
  const take = useMutation({
    mutationFn: (amount: number) => charge(shop, payload.trim(), amount, `${key}-${amount}`),
    onSuccess: () => {
      setPayload(""); // it was good once
      setKey(newKey());
      return queries.invalidateQueries({ queryKey: shopsQuery.queryKey });
    },
  });
  return (
    <div className={styles.form}>
      <AmountForm
        key={take.data?.transfer} // the next one pays another amount
        title={t("charge")}
        verb={(amount) => t("take", { amount })}
        isBusy={take.isPending}
        isReady={payload.trim() !== ""}
        onAmount={(amount) => take.mutate(amount)}
      >
        <CodeField
          value={payload}
          onChange={(text) => {
            setPayload(text);
            setKey(newKey());
          }}
        />
      </AmountForm>
      {take.data && (
        <p className={styles.whom} role="status">
          {t("taken", { amount: won(take.data.amount_won, language) })}
        </p>
      )}
      {take.error && <Trouble error={take.error} />}
    </div>
  );
}

function Bill({ shop }: { shop: string }) {
  const t = useWords(payWords);
  const { language } = useLanguage();
  const bill = useMutation({ mutationFn: (amount: number) => makeBill(shop, amount) });
  const shown = bill.data;
  const today = useTakenToday(shop).data?.newest ?? [];
  const paid = shown && today.find(({ transfer }) => isPaidBy(shown.payload, transfer));
  return (
    <div className={styles.form}>
      <AmountForm
        title={t("bill")}
        help={t("billHelp")}
        verb={() => t("makeBill")}
        isBusy={bill.isPending}
        onAmount={(amount) => bill.mutate(amount)}
      />
      {shown && !paid && (
        <RunningCode key={shown.payload} payload={shown.payload} until={shown.until} />
      )}
      <p className={styles.whom} role="status">
        {paid && t("billPaid", { amount: won(paid.amount_won, language) })}
      </p>
      {bill.error && <Trouble error={bill.error} />}
    </div>
  );
}

function Sign({ shop }: { shop: string }) {
  const t = useWords(payWords);
  const sign = useQuery(signQuery(shop));
  return (
    <div className={styles.form}>
      <h2>{t("sign")}</h2>
      <p className={styles.fine}>{t("signHelp")}</p>
      <Loaded from={sign} lines={1} height={200}>
        {({ payload }) => <CodePicture payload={payload} />}
      </Loaded>
    </div>
  );
}
