import { Button, NumberInput, TextInput } from "@mantine/core";
import { useState } from "react";
import { Icon } from "~/design/icons";
import { useWords } from "~/words/language";
import { shellWords } from "~/words/shell";
import { Arrows } from "./arrows";
import styles from "./studio.module.css";
import { studioWords } from "./words";

/** A car park that is to be: where, what it is called, how many cars. */
export function ParkCard({
  at,
  saving,
  onMove,
  onSave,
  onClose,
}: {
  at: readonly [number, number];
  saving: boolean;
  onMove: (at: [number, number]) => void;
  onSave: (park: { name: string; capacity: number }) => void;
  onClose: () => void;
}) {
  const t = useWords(studioWords);
  const s = useWords(shellWords);
  const [name, setName] = useState<string>(t("park"));
  const [capacity, setCapacity] = useState<number | string>(200);
  return (
    <section className={styles.card} aria-label={t("park")}>
      <div className={styles.cardTop}>
        <h2>{t("park")}</h2>
        <button type="button" aria-label={s("close")} onClick={onClose}>
          <Icon name="cross" size={18} />
        </button>
      </div>
      <p className={styles.facts}>{t("parkHelp")}</p>
      <Arrows at={at} onMove={onMove} />
      <TextInput
        label={t("parkName")}
        value={name}
        maxLength={60}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <NumberInput
        label={t("capacity")}
        description={t("capacityHelp")}
        min={1}
        max={5000}
        allowDecimal={false}
        value={capacity}
        onChange={setCapacity}
      />
      <div className={styles.ways}>
        <Button
          size="sm"
          loading={saving}
          disabled={!name.trim() || typeof capacity !== "number"}
          onClick={() => onSave({ name: name.trim(), capacity: Number(capacity) })}
        >
          {t("savePark")}
        </Button>
      </div>
    </section>
  );
}
