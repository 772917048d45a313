/** Invite an operator, or change what is known of one. */
import { Button, Checkbox, Group, NumberInput, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type SyntheticEvent } from "react";
import { Trouble } from "~/design/page";
import { useSay, useWords } from "~/words/language";
import styles from "./operators.module.css";
import { nameOf, operatorsQuery, useRegister, type Operator, type Registration } from "./queries";
import { operatorWords } from "./words";

const MODES = ["pm", "bicycle", "car", "shuttle"] as const;
const MOST_FEE_PERCENT = 50;
const MOST_CREDIT_WON = 1_000_000_000;
const NOBODY: Registration = {
  name: "",
  title_ko: "",
  title_en: "",
  base_url: "",
  modes: [],
  area: null,
  prices: null,
  active: true,
  fee_permille: 0,
  credit_won: 0,
};

type Field = "name" | "title_ko" | "title_en" | "base_url";
const TITLE = /^.{1,80}$/;
const SHAPES: readonly (readonly [Field, RegExp, "wrongName" | "wrongTitle" | "wrongUrl"])[] = [
  ["name", /^[a-z][a-z0-9-]{1,39}$/, "wrongName"],
  ["title_ko", TITLE, "wrongTitle"],
  ["title_en", TITLE, "wrongTitle"],
  ["base_url", /^https?:\/\/[^\s?#@]{1,280}$/, "wrongUrl"],
];
const shapeless = (draft: Registration) =>
  SHAPES.filter(([field, shape]) => !shape.test(draft[field]));

export function Invite() {
  const t = useWords(operatorWords);
  const [isOpen, setOpen] = useState(false);
  const [invited, setInvited] = useState<Operator | null>(null);
  const toggle = () => setOpen(!isOpen);
  return (
    <>
      <div className={styles.buttons}>
        <Button variant={isOpen ? "default" : "filled"} aria-expanded={isOpen} onClick={toggle}>
          {t("invite")}
        </Button>
      </div>
      {isOpen && <Form known={null} onSaved={setInvited} onClose={() => setOpen(false)} />}
      {invited && !isOpen && <NextStep operator={invited} />}
    </>
  );
}

/** What the city's keeper has to write before anything is sent to whoever was invited. */
function NextStep({ operator }: { operator: Operator }) {
  const t = useWords(operatorWords);
  const say = useSay();
  const name = nameOf(operator.id);
  const lines = `[${name}]\nurl = "${operator.base_url}"\ntoken = "${t("theirToken")}"`;
  return (
    <div role="status" className={styles.next}>
      <p>
        <strong>{t("saved", { name: say(operator.title) })}</strong> {t("nextStep")}
      </p>
      <pre>{lines}</pre>
    </div>
  );
}

export function Form({
  known,
  onSaved,
  onClose,
}: {
  /** Who is changed; null for somebody new. */
  known: Registration | null;
  onSaved?: (operator: Operator) => void;
  onClose: () => void;
}) {
  const t = useWords(operatorWords);
  const [draft, setDraft] = useState(known ?? NOBODY);
  const [isTold, setTold] = useState(false);
  const register = useRegister();
  const others = useQuery(operatorsQuery).data ?? [];
  const isTaken = !known && others.some(({ operator }) => nameOf(operator.id) === draft.name);
  const wrong = new Map(shapeless(draft).map(([field, , word]) => [field, t(word)]));
  if (isTaken) wrong.set("name", t("wrongTaken"));
  const put = (change: Partial<Registration>) => setDraft({ ...draft, ...change });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setTold(true);
    if (wrong.size > 0) return;
    register.mutate(draft, {
      onSuccess: (operator) => {
        onSaved?.(operator);
        onClose();
      },
    });
  };
  const text = (field: Field, label: string, isFixed = false) => (
    <TextInput
      label={label}
      value={draft[field]}
      disabled={isFixed}
      error={isTold && wrong.get(field)}
      onChange={({ currentTarget }) => put({ [field]: currentTarget.value.trimStart() })}
    />
  );
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      {text("name", t("name"), known !== null)}
      {text("base_url", t("url"))}
      {text("title_ko", t("titleKo"))}
      {text("title_en", t("titleEn"))}
      <NumberInput
        label={t("feeField")}
        value={draft.fee_permille / 10}
        min={0}
        max={MOST_FEE_PERCENT}
        decimalScale={1}
        onChange={(fee) => put({ fee_permille: Math.round(10 * Number(fee)) })}
      />
      <NumberInput
        label={t("creditField")}
        description={t("creditHelp")}
        disabled={known !== null}
        inputWrapperOrder={["label", "input", "description", "error"]}
        value={draft.credit_won}
        min={0}
        max={MOST_CREDIT_WON}
        allowDecimal={false}
        thousandSeparator=","
        onChange={(credit) => put({ credit_won: Number(credit) })}
      />
      <Checkbox.Group
        className={styles.wide ?? ""}
        label={t("modes")}
        description={t("modesHelp")}
        value={draft.modes}
        onChange={(modes) => put({ modes: MODES.filter((mode) => modes.includes(mode)) })}
      >
        <Group mt="xs">
          {MODES.map((mode) => (
            <Checkbox key={mode} value={mode} label={t(mode)} />
          ))}
        </Group>
      </Checkbox.Group>
      {register.error && <Trouble error={register.error} />}
      <div className={styles.buttons}>
        <Button type="submit" size="sm" loading={register.isPending}>
          {t("save")}
        </Button>
        <Button size="sm" variant="default" onClick={onClose}>
          {t("close")}
        </Button>
      </div>
    </form>
  );
}
