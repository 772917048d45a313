import { NumberInput } from "@mantine/core";

const MOST_WON = 1_000_000_000; // as the city takes it

/** Whole won, or null where what was typed is none. */
export const wonOf = (value: number | string): number | null => {
  const amount = Number(value);
  return Number.isInteger(amount) && amount > 0 && amount <= MOST_WON ? amount : null;
};

export function AmountInput({
  label,
  description,
  value,
  onChange,
}: {
  label: string;
  description?: string;
  value: number | string;
  onChange: (value: number | string) => void;
}) {
  return (
    <NumberInput
      label={label}
      description={description}
      value={value}
      onChange={onChange}
      min={1}
      max={MOST_WON}
      thousandSeparator=","
      allowDecimal={false}
      allowNegative={false}
      hideControls
      inputMode="numeric"
    />
  );
}
