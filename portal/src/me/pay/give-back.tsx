/** A payment goes back, all or part of it, after a second press: there is no other way back. */
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { newKey } from "~/api/client";
import { won } from "~/design/figures";
import { Trouble } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import { AmountInput, wonOf } from "./amount";
import styles from "./pay.module.css";
import { giveBack, shopsQuery } from "./queries";
import { payWords } from "./words";

export function GiveBack({
  shop,
  taken,
}: {
  shop: string;
  taken: { transfer: string; amount_won: number };
}) {
  const t = useWords(payWords);
  const { language } = useLanguage();
  const queries = useQueryClient();
  const [transfer, setTransfer] = useState(newKey); // of this part, however often it is asked for
  const [left, setLeft] = useState(taken.amount_won);
  const [typed, setTyped] = useState<number | string>(taken.amount_won);
  const [isSure, setSure] = useState(false);
  const part = wonOf(typed);
  const isPossible = part !== null && part <= left;
  const amount = won(part ?? 0, language);
  const back = useMutation({
    mutationFn: (part_won: number) => giveBack(shop, taken.transfer, transfer, part_won),
    onSuccess: (_, part_won) => {
      setLeft(left - part_won);
      setTyped(left - part_won);
      setTransfer(newKey());
      return queries.invalidateQueries({ queryKey: shopsQuery.queryKey });
    },
    onSettled: () => setSure(false),
  });
  return (
    <div className={styles.form}>
      <strong>{won(taken.amount_won, language)}</strong>
      {left > 0 && (
        <div className={styles.row}>
          <AmountInput
            label={t("partBack", { left: won(left, language) })}
            value={typed}
            onChange={(value) => {
              setSure(false);
              setTyped(value);
            }}
          />
          <Button
            variant="default"
            size="compact-md"
            loading={back.isPending}
            disabled={!isPossible}
            onClick={() => (isSure && part ? back.mutate(part) : setSure(true))}
          >
            {t(isSure ? "sureGiveBack" : "giveBackWhat", { amount })}
          </Button>
        </div>
      )}
      {back.isSuccess && <span role="status">{t("givenBack")}</span>}
      {back.error && <Trouble error={back.error} />}
    </div>
  );
}
