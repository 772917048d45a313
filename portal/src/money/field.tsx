/** One field of a form: its kind says what can be typed, and when it is filled. */
import { Checkbox, Fieldset, NativeSelect, NumberInput, Textarea, TextInput } from "@mantine/core";
import styles from "./money.module.css";

export type Value = string | number | boolean | string[];

export interface Field {
  name: string;
  label: string;
  help?: string;
  kind?: "text" | "lines" | "won" | "number" | "day" | "instant" | "choice" | "several" | "yes";
  options?: readonly { value: string; label: string }[];
  optional?: boolean;
  first?: Value;
  min?: number;
  max?: number;
  /** Whether it is asked for at all, by what was said so far; always where this says nothing. */
  asked?: (said: Readonly<Record<string, Value>>) => boolean;
}

const MOST_WON = 1_000_000_000; // of one payment, as the city takes it
const MOST_LETTERS = 200;

export function firstOf(field: Field): Value {
  if (field.first !== undefined) return field.first;
  if (field.kind === "several") return [];
  if (field.kind === "yes") return false;
  return field.kind === "choice" ? (field.options?.[0]?.value ?? "") : "";
}

function bounds(field: Field): [number, number] {
  const most = field.kind === "won" ? MOST_WON : Number.MAX_SAFE_INTEGER;
  return [field.min ?? (field.kind === "won" ? 1 : 0), field.max ?? most];
}

export function isFilled(field: Field, value: Value | undefined): boolean {
  if (field.kind === "yes") return field.optional !== false || value === true;
  if (field.kind === "several") return field.optional === true || (value as string[]).length > 0;
  if (value === "" || value === undefined) return field.optional === true;
  if (field.kind !== "won" && field.kind !== "number") return String(value).trim() !== "";
  const [least, most] = bounds(field);
  return Number.isInteger(Number(value)) && Number(value) >= least && Number(value) <= most;
}

export function FieldInput({
  field,
  value,
  onChange,
}: {
  field: Field;
  value: Value;
  onChange: (value: Value) => void;
}) {
  const { kind = "text", label, help, options = [] } = field;
  const common = { label, ...(help ? { description: help } : {}) };
  if (kind === "won" || kind === "number") {
    const [min, max] = bounds(field);
    return (
      <NumberInput
        {...common}
        value={value as number | string}
        onChange={onChange}
        min={min}
        max={max}
        thousandSeparator=","
        allowDecimal={false}
        allowNegative={false}
        hideControls
        inputMode="numeric"
      />
    );
  }
  if (kind === "choice") {
    return (
      <NativeSelect
        {...common}
        value={value as string}
        data={[...options]}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
    );
  }
  if (kind === "yes") {
    return (
      <Checkbox
        {...common}
        checked={value === true}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
    );
  }
  if (kind === "several") return <Several field={field} value={value} onChange={onChange} />;
  if (kind === "lines") {
    return (
      <Textarea
        {...common}
        autosize
        minRows={2}
        value={value as string}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
    );
  }
  const types = { day: "date", instant: "datetime-local", text: "text" } as const;
  return (
    <TextInput
      {...common}
      type={types[kind]}
      value={value as string}
      maxLength={field.max ?? MOST_LETTERS}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}

function Several({
  field,
  value,
  onChange,
}: {
  field: Field;
  value: Value;
  onChange: (value: Value) => void;
}) {
  const chosen = value as string[];
  return (
    <Fieldset legend={field.label} className={styles.several ?? ""}>
      {field.help && <p className={styles.fine}>{field.help}</p>}
      {field.options?.map((one) => (
        <Checkbox
          key={one.value}
          label={one.label}
          checked={chosen.includes(one.value)}
          onChange={({ currentTarget }) =>
            onChange(
              currentTarget.checked
                ? [...chosen, one.value]
                : chosen.filter((other) => other !== one.value),
            )
          }
        />
      ))}
    </Fieldset>
  );
}
