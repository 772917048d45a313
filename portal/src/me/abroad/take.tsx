import { Button, Select, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { newKey } from "~/api/client";
import { won } from "~/design/figures";
import { Trouble } from "~/design/page";
import { AmountInput, wonOf } from "~/me/pay/amount";
import proof from "~/ledger/ledger.module.css";
import { useLanguage, useWords } from "~/words/language";
import { takeAlong, type Place } from "./queries";
import { abroadWords } from "./words";

const CODE = /^[0-9a-f]{32}$/;

/** Pay here what is to be had there; the same name, however often the button is pressed. */
export function Take({ places }: { places: Place[] }) {
  const t = useWords(abroadWords);
  const { language } = useLanguage();
  const queries = useQueryClient();
  const [name, setName] = useState(newKey);
  const [agreement, setAgreement] = useState(places[0]?.agreement ?? "");
  const [typed, setTyped] = useState<number | string>("");
  const [code, setCode] = useState("");
  const amount_won = wonOf(typed);
  const asked = code.trim().toLowerCase();
  const take = useMutation({
    mutationFn: takeAlong,
    onSuccess: () => {
      setName(newKey());
      setTyped("");
      setCode("");
      return queries.invalidateQueries({ queryKey: ["me"] });
    },
  });
  return (
    <form
      className={proof.proof}
      onSubmit={(event) => {
        event.preventDefault();
        if (amount_won) take.mutate({ name, agreement, amount_won, code: asked });
      }}
    >
      <Select
        label={t("city")}
        data={places.map((place) => ({
          value: place.agreement,
          label: language === "ko" ? place.title_ko : place.title_en,
        }))}
        value={agreement}
        onChange={(chosen) => setAgreement(chosen ?? agreement)}
        allowDeselect={false}
      />
      <AmountInput label={t("amount")} value={typed} onChange={setTyped} />
      <TextInput
        label={t("code")}
        description={t("codeHelp")}
        value={code}
        maxLength={40}
        autoComplete="off"
        spellCheck={false}
        onChange={({ currentTarget }) => setCode(currentTarget.value)}
      />
      <div className={proof.row}>
        <Button type="submit" loading={take.isPending} disabled={!amount_won || !CODE.test(asked)}>
          {t("send", { amount: won(amount_won ?? 0, language) })}
        </Button>
      </div>
      {take.data && (
        <p role="status">{t("sent", { amount: won(take.data.amount_won, language) })}</p>
      )}
      {take.error && <Trouble error={take.error} />}
    </form>
  );
}
