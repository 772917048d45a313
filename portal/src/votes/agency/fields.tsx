/** Fields that the form repeats: a text in both languages, a whole number. */
import { NumberInput, TextInput } from "@mantine/core";
import type { Text } from "~/words/language";
import styles from "./agency.module.css";

const MOST_LETTERS = 400;

export function BothLanguages({
  ko,
  en,
  value,
  onChange,
}: {
  ko: string;
  en: string;
  value: Text;
  onChange: (value: Text) => void;
}) {
  return (
    <div className={styles.pair}>
      <TextInput
        label={ko}
        value={value.ko}
        maxLength={MOST_LETTERS}
        onChange={({ currentTarget }) => onChange({ ...value, ko: currentTarget.value })}
      />
      <TextInput
        label={en}
        value={value.en}
        maxLength={MOST_LETTERS}
        onChange={({ currentTarget }) => onChange({ ...value, en: currentTarget.value })}
      />
    </div>
  );
}

export function Whole({
  label,
  description,
  value,
  least = 0,
  most = 1_000_000,
  onChange,
}: {
  label: string;
  description?: string;
  value: number;
  least?: number;
  most?: number;
  onChange: (value: number) => void;
}) {
  return (
    <NumberInput
      label={label}
      description={description}
      value={value}
      min={least}
      max={most}
      allowDecimal={false}
      allowNegative={false}
      hideControls
      inputMode="numeric"
      onChange={(typed) => onChange(Number(typed) || 0)}
    />
  );
}
