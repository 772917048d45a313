/** A shop's code: read, looked at as the city knows it, and only then paid. */
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, city, newKey } from "~/api/client";
import { won } from "~/design/figures";
import { Trouble } from "~/design/page";
import { ProveButton } from "~/ledger/prove-button";
import { useLanguage, useWords } from "~/words/language";
import { AmountInput, wonOf } from "./amount";
import styles from "./pay.module.css";
import { CodeField } from "./scan";
import { payWords } from "./words";

const lookAt = (payload: string) =>
  answer(city.GET("/api/codes", { params: { query: { payload } } }));

type Read = Awaited<ReturnType<typeof lookAt>>;

export function ReadAndPay() {
  const t = useWords(payWords);
  const [payload, setPayload] = useState("");
  const look = useMutation({ mutationFn: lookAt });
  const code = payload.trim();
  const anew = () => {
    look.reset();
    setPayload("");
  };
  if (look.data) return <Pay key={code} payload={code} read={look.data} onEnd={anew} />;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (code) look.mutate(code);
      }}
    >
      <CodeField value={payload} onChange={setPayload} />
      <Button type="submit" loading={look.isPending} disabled={!code}>
        {t("look")}
      </Button>
      {look.error && <Trouble error={look.error} />}
    </form>
  );
}

function Pay({ payload, read, onEnd }: { payload: string; read: Read; onEnd: () => void }) {
  const t = useWords(payWords);
  const { language } = useLanguage();
  const queries = useQueryClient();
  const [transfer] = useState(newKey); // of this payment, however often it is asked for
  const [typed, setTyped] = useState<number | string>("");
  const amount_won = read.amount_won ?? wonOf(typed);
  const pay = useMutation({
    mutationFn: (amount: number) =>
      answer(
        city.POST("/api/me/code-payments", { body: { payload, transfer, amount_won: amount } }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["me"] }),
  });
  if (pay.data) {
    const amount = won(pay.data.amount_won, language);
    return (
      <div className={styles.form}>
        <p className={styles.whom} role="status">
          {t("paid", { shop: pay.data.name, amount })}
        </p>
        {pay.data.points_won > 0 && (
          <p>{t("points", { amount: won(pay.data.points_won, language) })}</p>
        )}
        <div className={styles.row}>
          <ProveButton
            wanted={{ kind: "transfer", id: pay.data.transfer }}
            what={`${pay.data.name}, ${amount}`}
          />
          <Button variant="default" onClick={onEnd}>
            {t("another")}
          </Button>
        </div>
      </div>
    );
  }
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (amount_won) pay.mutate(amount_won);
      }}
    >
      <p className={styles.whom}>{t("payTo", { shop: read.name })}</p>
      {read.reference && <p>{t("reference", { reference: read.reference })}</p>}
      {read.amount_won === null && (
        <AmountInput label={t("amount")} value={typed} onChange={setTyped} />
      )}
      <div className={styles.row}>
        <Button type="submit" loading={pay.isPending} disabled={!amount_won}>
          {t("pay", { amount: won(amount_won ?? 0, language) })}
        </Button>
        <Button variant="default" onClick={onEnd}>
          {t("cancel")}
        </Button>
      </div>
      {pay.error && <Trouble error={pay.error} />}
    </form>
  );
}
