/** A shop's till: take by the payer's code, show a bill, the code to hang up, give back. */
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useParams } from "react-router";
import { won } from "~/design/figures";
import { Empty, Loaded, Page, Panel, Trouble } from "~/design/page";
import { CardLink } from "~/me/card-link";
import { shopWords } from "~/money/shop/words";
import { useLanguage, useWords } from "~/words/language";
import { AmountInput, wonOf } from "./amount";
import { GiveBack } from "./give-back";
import styles from "./pay.module.css";
import { CodePicture, RunningCode } from "./qr";
import { charge, makeBill, shopsQuery, signQuery } from "./queries";
import { CodeField } from "./scan";
import { payWords } from "./words";

type Taken = Awaited<ReturnType<typeof charge>>;

export default function TillPage() {
  const t = useWords(payWords);
  const b = useWords(shopWords);
  const { language } = useLanguage();
  const { shop = "" } = useParams();
  const shops = useQuery(shopsQuery);
  const mine = shops.data?.find((one) => one.shop.id === shop);
  const [taken, setTaken] = useState<readonly Taken[]>([]);
  return (
    <Page
      narrow
      title={mine ? mine.shop.name : t("till")}
      lead={mine ? `${t("inTill")}: ${won(mine.balance_won, language)}` : ""}
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
                <Charge shop={shop} onTaken={(one) => setTaken([one, ...taken])} />
              </Panel>
              {taken.length > 0 && (
                <Panel label={t("justTaken")}>
                  <div className={styles.form}>
                    <h2>{t("justTaken")}</h2>
                    {taken.map((one) => (
                      <GiveBack key={one.transfer} shop={shop} taken={one} />
                    ))}
                  </div>
                </Panel>
              )}
              <Panel label={t("bill")}>
                <Bill shop={shop} />
              </Panel>
              <Panel label={t("sign")}>
                <Sign shop={shop} />
              </Panel>
            </div>
          ) : (
            <Empty icon="wallet" title={t("noShops")} detail={t("noShopsDetail")} />
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

function Charge({ shop, onTaken }: { shop: string; onTaken: (taken: Taken) => void }) {
  const t = useWords(payWords);
  const { language } = useLanguage();
  const queries = useQueryClient();
  const [payload, setPayload] = useState("");
  const take = useMutation({
    mutationFn: (amount: number) => charge(shop, payload.trim(), amount),
    onSuccess: (taken) => {
      setPayload(""); // it was good once
      onTaken(taken);
      return queries.invalidateQueries({ queryKey: shopsQuery.queryKey });
    },
  });
  return (
    <div className={styles.form}>
      <AmountForm
        title={t("charge")}
        verb={(amount) => t("take", { amount })}
        isBusy={take.isPending}
        isReady={payload.trim() !== ""}
        onAmount={(amount) => take.mutate(amount)}
      >
        <CodeField value={payload} onChange={setPayload} />
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
  const bill = useMutation({ mutationFn: (amount: number) => makeBill(shop, amount) });
  return (
    <div className={styles.form}>
      <AmountForm
        title={t("bill")}
        help={t("billHelp")}
        verb={() => t("makeBill")}
        isBusy={bill.isPending}
        onAmount={(amount) => bill.mutate(amount)}
      />
      {bill.data && (
        <RunningCode key={bill.data.payload} payload={bill.data.payload} until={bill.data.until} />
      )}
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
