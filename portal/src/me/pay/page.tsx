/** Paying by a code: the shop's, which is read here, or one's own, which the shop reads. */
import { Button, SegmentedControl } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { answer, city } from "~/api/client";
import { Page, Panel, Trouble } from "~/design/page";
import { useWords } from "~/words/language";
import { AmountInput, wonOf } from "./amount";
import styles from "./pay.module.css";
import { RunningCode } from "./qr";
import { ReadAndPay } from "./read-and-pay";
import { payWords } from "./words";

export default function PayPage() {
  const t = useWords(payWords);
  const [way, setWay] = useState("read");
  return (
    <Page narrow title={t("title")} lead={t("lead")}>
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
      {show.data && (
        <>
          <RunningCode
            key={show.data.payload}
            payload={show.data.payload}
            until={show.data.until}
          />
          <p className={styles.fine}>{t("codeUsed")}</p>
        </>
      )}
    </form>
  );
}
