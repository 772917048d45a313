/** A street that was pressed: what it is, and what may be done with it. */
import { Button, Checkbox, NumberInput, Radio } from "@mantine/core";
import { useState } from "react";
import { distance, number } from "~/design/figures";
import { Icon } from "~/design/icons";
import { useLanguage, useWords } from "~/words/language";
import { shellWords } from "~/words/shell";
import {
  allowing,
  closing,
  compassOf,
  linksOf,
  piecesOf,
  reopening,
  speeding,
  STREET_MODES,
} from "./changes";
import type { States } from "./selection";
import { useHalf, useModeName } from "./names";
import type { Change, Draft, Street, StudioModel } from "./queries";
import styles from "./studio.module.css";
import { studioWords } from "./words";

export type Extent = "piece" | "whole";
type Direction = "both" | "there" | "back";

interface Props {
  street: Street | undefined;
  model: StudioModel;
  states: States;
  draft: Draft;
  saving: boolean;
  extent: Extent;
  onExtent: (extent: Extent) => void;
  onSave: (changes: Change[]) => void;
  onClose: () => void;
}

export function StreetCard(props: Props) {
  return props.street ? <Known {...props} street={props.street} /> : null;
}

function Known(props: Props & { street: Street }) {
  const { street, model, states, draft, extent, onExtent } = props;
  const t = useWords(studioWords);
  const s = useWords(shellWords);
  const { language } = useLanguage();
  const nameOf = useHalf();
  const modeName = useModeName();
  const [direction, setDirection] = useState<Direction>("both");
  const pieces = extent === "whole" ? piecesOf(street, model.streets) : [street];
  const all = piecesOf(street, model.streets);
  const links = linksOf(pieces, direction);
  const now = states.get(linksOf([street], direction)[0] ?? "") ?? street;
  const facts = (modes: readonly string[], speed_kmh: number) =>
    [
      modes.length > 0 ? modes.map(modeName).join(", ") : t("closed"),
      t("speedNow", { speed: number(speed_kmh, language, 1) }),
    ].join(" · ");
  const total = (some: readonly Street[]) =>
    distance(
      some.reduce((sum, { length_m }) => sum + length_m, 0),
      language,
    );
  return (
    <section className={styles.card} aria-label={nameOf(street.name)} aria-live="polite">
      <div className={styles.cardTop}>
        <h2>{nameOf(street.name)}</h2>
        <button type="button" aria-label={s("close")} onClick={props.onClose}>
          <Icon name="cross" size={18} />
        </button>
      </div>
      <p>
        {t("lanes", { count: number(street.lanes, language, 1) })} ·{" "}
        {facts(now.modes, now.speed_kmh)}
      </p>
      {now !== street && (
        <p className={styles.facts}>
          {t("asBuilt", { what: facts(street.modes, street.speed_kmh) })}
        </p>
      )}
      {draft.mine && (
        <>
          <Radio.Group label={t("extent")} value={extent} onChange={(v) => onExtent(v)}>
            <Radio value="piece" label={t("piece", { length: total([street]) })} />
            {all.length > 1 && (
              <Radio
                value="whole"
                label={t("whole", {
                  name: nameOf(street.name),
                  length: total(all),
                  count: all.length,
                })}
              />
            )}
          </Radio.Group>
          <Ways street={street} value={direction} onChange={setDirection} />
          <Edits
            key={`${links.join()} ${now.modes.join()} ${now.speed_kmh}`}
            {...props}
            links={links}
            now={now}
          />
        </>
      )}
    </section>
  );
}

function Ways({
  street,
  value,
  onChange,
}: {
  street: Street;
  value: Direction;
  onChange: (direction: Direction) => void;
}) {
  const t = useWords(studioWords);
  if (street.links.length < 2) return <p className={styles.facts}>{t("oneWay")}</p>;
  const compass = (turned: number) => t(compassOf(street.heading_deg + turned));
  return (
    <Radio.Group label={t("direction")} value={value} onChange={(chosen) => onChange(chosen)}>
      <Radio value="both" label={t("bothWays")} />
      <Radio value="there" label={t("towards", { compass: compass(0) })} />
      <Radio value="back" label={t("towards", { compass: compass(180) })} />
    </Radio.Group>
  );
}

function Edits({
  street,
  draft,
  links,
  now,
  saving,
  onSave,
}: Props & {
  street: Street;
  links: string[];
  now: { modes: readonly string[]; speed_kmh: number };
}) {
  const t = useWords(studioWords);
  const modeName = useModeName();
  const [speed, setSpeed] = useState<number | string>(now.speed_kmh);
  const [modes, setModes] = useState<string[]>([...now.modes]);
  const { changes } = draft;
  const isClosed = now.modes.length === 0;
  const isSame = modes.length === now.modes.length && modes.every((m) => now.modes.includes(m));
  return (
    <>
      <div className={styles.ways}>
        {isClosed ? (
          <Button
            size="sm"
            loading={saving}
            onClick={() => onSave(reopening(changes, links, street.modes))}
          >
            {t("reopen")}
          </Button>
        ) : (
          <Button size="sm" loading={saving} onClick={() => onSave(closing(changes, links))}>
            {t("close")}
          </Button>
        )}
      </div>
      <div className={styles.rename}>
        <NumberInput
          label={t("speed")}
          suffix=" km/h"
          min={1}
          max={200}
          allowDecimal={false}
          value={speed}
          onChange={setSpeed}
        />
        <Button
          variant="default"
          disabled={saving || typeof speed !== "number" || speed === now.speed_kmh}
          onClick={() => onSave(speeding(changes, links, Number(speed)))}
        >
          {t("saveSpeed")}
        </Button>
      </div>
      <Checkbox.Group label={t("whoMay")} value={modes} onChange={setModes}>
        <div className={styles.modes}>
          {STREET_MODES.map((mode) => (
            <Checkbox key={mode} value={mode} label={modeName(mode)} />
          ))}
        </div>
      </Checkbox.Group>
      <div className={styles.ways}>
        <Button
          size="sm"
          variant="default"
          disabled={saving || isSame || modes.length === 0}
          onClick={() => onSave(allowing(changes, links, now.modes, modes))}
        >
          {t("saveModes")}
        </Button>
      </div>
    </>
  );
}
