import { Button, NativeSelect, NumberInput, TextInput } from "@mantine/core";
import { useState } from "react";
import { Trouble } from "~/design/page";
import styles from "~/me/me.module.css";
import { AmountInput } from "~/me/pay/amount";
import pay from "~/me/pay/pay.module.css";
import { moneyWords } from "~/money/words";
import { useWords } from "~/words/language";
import { openEscrow, useStep } from "./queries";
import { BLANK, KINDS, MOST_DAYS, wishOf, type Filled, type Kind } from "./wish";
import { agreementWords } from "./words";

/** Set money aside: for whom, for what, and when it is paid. */
export function SetAside() {
  const t = useWords(agreementWords);
  const m = useWords(moneyWords);
  const [filled, setFilled] = useState<Filled>({ ...BLANK, amount: "", days: 14 });
  const fill = (part: Partial<Filled>) => setFilled((before) => ({ ...before, ...part }));
  const open = useStep(openEscrow);
  const wish = wishOf(filled);
  const text = (name: Exclude<keyof typeof BLANK, "kind">) => ({
    value: filled[name],
    onChange: ({ currentTarget }: { currentTarget: HTMLInputElement }) =>
      fill({ [name]: currentTarget.value }),
  });
  return (
    <form
      className={pay.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (wish) open.mutate(wish, { onSuccess: () => fill({ ...BLANK, amount: "" }) });
      }}
    >
      <NativeSelect
        label={t("kind")}
        value={filled.kind}
        onChange={({ currentTarget }) => fill({ kind: currentTarget.value as Kind })}
        data={KINDS.map((value) => ({ value, label: t(`kind_${value}`) }))}
      />
      <TextInput label={t("what")} maxLength={120} {...text("title")} />
      <TextInput label={t("payee")} description={m("whomHelp")} {...text("payee")} />
      {filled.kind === "confirmed" && (
        <TextInput label={t("confirmer")} description={m("whomHelp")} {...text("confirmer")} />
      )}
      {filled.kind === "happens" && (
        <>
          <TextInput label={t("entity")} {...text("entity")} />
          <TextInput label={t("q")} description={t("qHelp")} {...text("q")} />
        </>
      )}
      <AmountInput
        label={t("amountWon")}
        value={filled.amount}
        onChange={(amount) => fill({ amount })}
      />
      <NumberInput
        label={t("days")}
        value={filled.days}
        min={1}
        max={MOST_DAYS}
        allowDecimal={false}
        onChange={(days) => fill({ days })}
      />
      <Button type="submit" loading={open.isPending} disabled={!wish}>
        {t("setAside")}
      </Button>
      {open.isSuccess && (
        <p className={styles.done} role="status">
          {t("opened")}
        </p>
      )}
      {open.error && <Trouble error={open.error} />}
    </form>
  );
}
