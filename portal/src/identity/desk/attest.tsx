/** What the counter attests of somebody: a licence, a registered disability. */
import { Button, Chip, SegmentedControl, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Trouble } from "~/design/page";
import { useWords } from "~/words/language";
import { attest } from "../api";
import styles from "../identity.module.css";
import { Done } from "../parts";
import { valueWords } from "../words";
import { CATEGORIES } from "./needs";
import { counterWords } from "./words";

export function Attest({ person }: { person: string }) {
  const t = useWords(counterWords);
  return (
    <div className={styles.stack}>
      <h2>{t("attest")}</h2>
      <Licence person={person} />
      <Disability person={person} />
    </div>
  );
}

function Licence({ person }: { person: string }) {
  const t = useWords(counterWords);
  const [categories, setCategories] = useState<string[]>(["B"]);
  const [until, setUntil] = useState("");
  const say = useMutation({
    mutationFn: () => attest(person, "driving_licence", { categories, valid_until: until }),
  });
  const isWhole = categories.length > 0 && until !== "";
  return (
    <form
      className={styles.stack}
      onSubmit={(event) => {
        event.preventDefault();
        if (isWhole) say.mutate();
      }}
    >
      <h3>{t("licence")}</h3>
      <div className={styles.row} role="group" aria-label={t("categories")}>
        <Chip.Group multiple value={categories} onChange={setCategories}>
          {CATEGORIES.map((one) => (
            <Chip key={one} value={one} color="river">
              {one}
            </Chip>
          ))}
        </Chip.Group>
      </div>
      <TextInput
        type="date"
        label={t("validUntil")}
        value={until}
        onChange={({ currentTarget }) => setUntil(currentTarget.value)}
      />
      <div className={styles.row}>
        <Button type="submit" variant="default" loading={say.isPending} disabled={!isWhole}>
          {t("attestLicence")}
        </Button>
      </div>
      {say.isSuccess && <Done>{t("attested")}</Done>}
      {say.error && <Trouble error={say.error} />}
    </form>
  );
}

function Disability({ person }: { person: string }) {
  const t = useWords(counterWords);
  const v = useWords(valueWords);
  const [degree, setDegree] = useState("severe");
  const say = useMutation({
    mutationFn: () => attest(person, "disability", { disabled: true, degree }),
  });
  return (
    <div className={styles.stack}>
      <h3>{t("disability")}</h3>
      <SegmentedControl
        aria-label={t("degree")}
        value={degree}
        onChange={setDegree}
        data={(["severe", "not_severe"] as const).map((one) => ({ value: one, label: v(one) }))}
      />
      <div className={styles.row}>
        <Button variant="default" loading={say.isPending} onClick={() => say.mutate()}>
          {t("attestDisability")}
        </Button>
      </div>
      {say.isSuccess && <Done>{t("attested")}</Done>}
      {say.error && <Trouble error={say.error} />}
    </div>
  );
}
