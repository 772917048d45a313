/** Narrow a list of entities: by one id, or by a condition on an attribute. */
import { Button, Select, TextInput } from "@mantine/core";
import { useState, type SyntheticEvent } from "react";
import { useWords } from "~/words/language";
import styles from "./data.module.css";
import { qOf, SIGNS, type Sign } from "./filter";
import type { TypeInfo } from "./queries";
import { fullId, unitOf } from "./values";
import { dataWords } from "./words";

export function EntityFilter({
  attributes,
  isNarrowed,
  onFind,
}: {
  attributes: TypeInfo["attributes"];
  isNarrowed: boolean;
  onFind: (words: { id: string; q: string }) => void;
}) {
  const t = useWords(dataWords);
  const [id, setId] = useState("");
  const [attribute, setAttribute] = useState("");
  const [sign, setSign] = useState<Sign>("==");
  const [value, setValue] = useState("");
  const unit = unitOf(attributes.find((one) => one.name === attribute)?.unit, "en").trim();
  const find = (event: SyntheticEvent) => {
    event.preventDefault();
    onFind({ id: fullId(id), q: qOf({ attribute, sign, value }) });
  };
  const clear = () => {
    setId("");
    setAttribute("");
    setValue("");
    onFind({ id: "", q: "" });
  };
  return (
    <form className={styles.filter} onSubmit={find} role="search">
      {attributes.length > 0 && (
        <>
          <Select
            label={t("attribute")}
            value={attribute}
            data={[
              { value: "", label: t("anyAttribute") },
              ...attributes.map(({ name }) => ({ value: name, label: name })),
            ]}
            onChange={(chosen) => setAttribute(chosen ?? "")}
          />
          <Select
            className={styles.sign ?? ""}
            label={t("compare")}
            value={sign}
            data={[...SIGNS]}
            onChange={(chosen) => setSign(SIGNS.find((one) => one === chosen) ?? "==")}
          />
          <TextInput
            label={unit ? `${t("value")} (${unit})` : t("value")}
            value={value}
            onChange={(event) => setValue(event.currentTarget.value)}
          />
        </>
      )}
      <TextInput
        label={t("byId")}
        placeholder="urn:ngsi-ld:…"
        value={id}
        onChange={(event) => setId(event.currentTarget.value)}
      />
      <div className={styles.buttons}>
        <Button type="submit">{t("find")}</Button>
        {isNarrowed && (
          <Button variant="default" onClick={clear}>
            {t("clear")}
          </Button>
        )}
      </div>
    </form>
  );
}
