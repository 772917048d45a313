/** Anybody checks a receipt: dropped or pasted, with a key of their own or the city's. */
import { Button, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { cityQuery } from "~/api/queries";
import { bytes, dateTime } from "~/design/figures";
import { Page, Trouble } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import { DropFile } from "./drop";
import styles from "./ledger.module.css";
import { ledgerWords } from "./page-words";
import { KeyChanged } from "./proof";
import { askKey } from "./queries";
import { remembered } from "./remembered";
import { OutcomeView, ReceiptView, Steps, type KeyFrom } from "./verdict";
import { verifyGrowth, verifyReceipt } from "./verify";
import { VerifyWays } from "./verify-ways";

const MOST_BYTES = 262_144; // a fact has at most 64 kB

const isGrowth = (text: string) => /"from"\s*:/.test(text) && /"to"\s*:/.test(text);

export default function VerifyPage() {
  const t = useWords(ledgerWords);
  const { language } = useLanguage();
  const [text, setText] = useState("");
  const [fault, setFault] = useState("");
  const [key, setKey] = useState(keyAtFirst);
  const read = async (file: File) => {
    setText("");
    if (file.size > MOST_BYTES) {
      setFault(t("tooLarge", { most: bytes(MOST_BYTES, language) }));
      return;
    }
    const content = await file.text().catch(() => null);
    setFault(content === null ? t("unreadable") : "");
    setText(content ?? "");
  };
  return (
    <Page narrow title={t("verifyTitle")} lead={t("verifyLead")}>
      <VerifyWays />
      <div className={styles.proof}>
        <DropFile
          prompt={t("drop")}
          accept="application/json,.json"
          onFile={(file) => void read(file)}
        />
        {fault && <p role="alert">{fault}</p>}
        <Textarea
          label={t("paste")}
          value={text}
          maxLength={MOST_BYTES}
          rows={4}
          spellCheck={false}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
        <KeyField chosen={key} onChange={setKey} />
        {text.trim() !== "" && <Checked text={text} chosen={key} />}
      </div>
    </Page>
  );
}

interface Chosen {
  key: string;
  from: KeyFrom;
}

function keyAtFirst(): Chosen {
  const known = remembered();
  return known ? { key: known.key, from: { since: known.since } } : { key: "", from: "typed" };
}

function KeyField({ chosen, onChange }: { chosen: Chosen; onChange: (next: Chosen) => void }) {
  const t = useWords(ledgerWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  const ask = useMutation({
    mutationFn: () => askKey(),
    onSuccess: (key) => onChange({ key, from: "city" }),
  });
  const { key, from } = chosen;
  const known = remembered();
  const whence =
    from === "city"
      ? t("keyCity")
      : from === "typed"
        ? t("keyTyped")
        : t("keySince", { at: dateTime(from.since, language, zone) });
  return (
    <section className={styles.part}>
      <TextInput
        label={t("key")}
        description={t("keyHelp")}
        value={key}
        spellCheck={false}
        autoComplete="off"
        maxLength={500}
        onChange={({ currentTarget }) => onChange({ key: currentTarget.value, from: "typed" })}
      />
      <div className={styles.row}>
        <Button variant="default" loading={ask.isPending} onClick={() => ask.mutate()}>
          {t("takeKey")}
        </Button>
      </div>
      {key && <p className={styles.fine}>{whence}</p>}
      {ask.error && <Trouble error={ask.error} />}
      {from === "city" && known && known.key !== key && <KeyChanged since={known.since} />}
    </section>
  );
}

function Checked({ text, chosen }: { text: string; chosen: Chosen }) {
  const t = useWords(ledgerWords);
  const verdict = useQuery({
    queryKey: ["verified", text, chosen.key],
    queryFn: async () =>
      isGrowth(text)
        ? { growth: await verifyGrowth(text, chosen.key) }
        : { receipt: await verifyReceipt(text, chosen.key) },
    gcTime: 0,
    retry: false,
  }).data;
  if (!verdict) return null;
  if (verdict.receipt) {
    return (
      <section className={styles.proof} aria-label={t("result")}>
        <h2>{t("result")}</h2>
        <ReceiptView verdict={verdict.receipt} keyFrom={chosen.from} />
      </section>
    );
  }
  return (
    <div className={styles.proof}>
      <h2>{t("growthReceipt")}</h2>
      <OutcomeView outcome={verdict.growth.outcome} />
      <Steps steps={verdict.growth.steps} isOpen />
    </div>
  );
}
