/** One question of a poll that is being written. */
import { Button, NativeSelect } from "@mantine/core";
import { useWords } from "~/words/language";
import styles from "../votes.module.css";
import { votesWords } from "../words";
import agency from "./agency.module.css";
import { BothLanguages, Whole } from "./fields";
import { emptyOption, KINDS, type ContestPlan, type OptionPlan } from "./plan";
import { agencyWords } from "./words";

const MOST_OPTIONS = 100;

export function ContestForm({
  at,
  plan,
  onChange,
}: {
  at: number;
  plan: ContestPlan;
  onChange: (plan: ContestPlan) => void;
}) {
  const t = useWords(agencyWords);
  const v = useWords(votesWords);
  const put = (place: number, option: OptionPlan) =>
    onChange({ ...plan, options: plan.options.map((one, i) => (i === place ? option : one)) });
  return (
    <div className={styles.stack}>
      <h2>{t("contest", { at: at + 1 })}</h2>
      <BothLanguages
        ko={t("titleKo")}
        en={t("titleEn")}
        value={plan.title}
        onChange={(title) => onChange({ ...plan, title })}
      />
      <NativeSelect
        label={t("kind")}
        value={plan.kind}
        data={KINDS.map((kind) => ({ value: kind, label: v(`kind_${kind}`) }))}
        onChange={({ currentTarget }) => {
          const kind = KINDS.find((one) => one === currentTarget.value);
          if (kind) onChange({ ...plan, kind });
        }}
      />
      <Limits plan={plan} onChange={onChange} />
      {plan.options.map((option, place) => (
        // Options have no name of their own before they are sent.
        <div key={place} className={agency.option}>
          <BothLanguages
            ko={t("optionKo", { at: place + 1 })}
            en={t("optionEn", { at: place + 1 })}
            value={option.title}
            onChange={(title) => put(place, { ...option, title })}
          />
          {plan.kind === "budget" && (
            <Whole
              label={t("optionCost", { at: place + 1 })}
              value={option.cost}
              least={1}
              onChange={(cost) => put(place, { ...option, cost })}
            />
          )}
          {plan.options.length > 1 && (
            <div className={styles.row}>
              <Button
                size="compact-sm"
                variant="subtle"
                onClick={() =>
                  onChange({ ...plan, options: plan.options.filter((_, i) => i !== place) })
                }
              >
                {t("removeOption", { at: place + 1 })}
              </Button>
            </div>
          )}
        </div>
      ))}
      <div className={styles.row}>
        <Button
          variant="default"
          size="sm"
          disabled={plan.options.length === MOST_OPTIONS}
          onClick={() => onChange({ ...plan, options: [...plan.options, emptyOption()] })}
        >
          {t("addOption")}
        </Button>
      </div>
    </div>
  );
}

function Limits({ plan, onChange }: { plan: ContestPlan; onChange: (plan: ContestPlan) => void }) {
  const t = useWords(agencyWords);
  const { kind, top, least, most } = plan;
  if (kind === "approve") return null;
  return (
    <div className={agency.pair}>
      {(kind === "choose" || kind === "score") && (
        <Whole
          label={t("least")}
          value={least}
          onChange={(value) => onChange({ ...plan, least: value })}
        />
      )}
      <Whole
        label={t(`most_${kind}`)}
        value={most}
        least={1}
        onChange={(value) => onChange({ ...plan, most: value })}
      />
      {kind === "score" && (
        <Whole
          label={t("top")}
          value={top}
          least={1}
          most={20}
          onChange={(value) => onChange({ ...plan, top: value })}
        />
      )}
    </div>
  );
}
