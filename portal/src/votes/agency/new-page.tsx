/** Writing a poll: what, when, of whom, and who keeps its key together. */
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { answer, city } from "~/api/client";
import { Page, Panel, Trouble } from "~/design/page";
import { useWords } from "~/words/language";
import { Label } from "../label";
import { Threats } from "../threats";
import styles from "../votes.module.css";
import agency from "./agency.module.css";
import { Cards } from "./cards";
import { ContestForm } from "./contest-form";
import { BothLanguages, Whole } from "./fields";
import { OnlyAgencies } from "./only";
import { AGES, askedOf, emptyContest, emptyPlan, type ContestPlan, type Plan } from "./plan";
import { agencyWords } from "./words";

const MOST_CONTESTS = 20;

export default function NewPollPage() {
  const t = useWords(agencyWords);
  return (
    <Page narrow title={t("make")} lead={t("newLead")}>
      <OnlyAgencies>
        <PlanForm />
      </OnlyAgencies>
    </Page>
  );
}

function PlanForm() {
  const t = useWords(agencyWords);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [plan, setPlan] = useState(emptyPlan);
  const change = (part: Partial<Plan>) => setPlan({ ...plan, ...part });
  const asked = askedOf(plan);
  const prepare = useMutation({
    mutationFn: (body: NonNullable<typeof asked>) =>
      answer(city.POST("/api/polls", { body: body as never })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["polls"] });
      await navigate(`/city/votes/${plan.name}`);
    },
  });
  return (
    <form
      className={styles.stack}
      onSubmit={(event) => {
        event.preventDefault();
        if (asked) prepare.mutate(asked);
      }}
    >
      <Label />
      <Panel label={t("make")}>
        <What plan={plan} onChange={change} />
      </Panel>
      <Contests contests={plan.contests} onChange={(contests) => change({ contests })} />
      <Panel label={t("trustees")}>
        <Cards
          cards={plan.trustees}
          threshold={plan.threshold}
          onCards={(trustees) => change({ trustees })}
          onThreshold={(threshold) => change({ threshold })}
        />
      </Panel>
      <Panel>
        <Threats />
      </Panel>
      {prepare.error && <Trouble error={prepare.error} />}
      <div className={styles.row}>
        <Button type="submit" size="md" loading={prepare.isPending} disabled={!asked}>
          {t("prepare")}
        </Button>
        {!asked && <span className={styles.fine}>{t("incomplete")}</span>}
      </div>
    </form>
  );
}

function What({ plan, onChange }: { plan: Plan; onChange: (part: Partial<Plan>) => void }) {
  const t = useWords(agencyWords);
  return (
    <div className={styles.stack}>
      <BothLanguages
        ko={t("titleKo")}
        en={t("titleEn")}
        value={plan.title}
        onChange={(title) => onChange({ title })}
      />
      <TextInput
        label={t("name")}
        description={t("nameHelp")}
        value={plan.name}
        maxLength={64}
        onChange={({ currentTarget }) => onChange({ name: currentTarget.value })}
      />
      <div className={agency.pair}>
        <TextInput
          type="datetime-local"
          label={t("opens")}
          value={plan.opens}
          onChange={({ currentTarget }) => onChange({ opens: currentTarget.value })}
        />
        <TextInput
          type="datetime-local"
          label={t("closes")}
          value={plan.closes}
          onChange={({ currentTarget }) => onChange({ closes: currentTarget.value })}
        />
        <NativeSelect
          label={t("ageFrom")}
          value={plan.ageFrom}
          data={AGES.map((age) => ({ value: age, label: age.split("-")[0] ?? age }))}
          onChange={({ currentTarget }) => {
            const ageFrom = AGES.find((age) => age === currentTarget.value);
            if (ageFrom) onChange({ ageFrom });
          }}
        />
        <Whole
          label={t("fewest")}
          description={t("fewestHelp")}
          value={plan.fewest}
          least={1}
          onChange={(fewest) => onChange({ fewest })}
        />
      </div>
      <BothLanguages
        ko={t("reasonKo")}
        en={t("reasonEn")}
        value={plan.reason}
        onChange={(reason) => onChange({ reason })}
      />
    </div>
  );
}

function Contests({
  contests,
  onChange,
}: {
  contests: readonly ContestPlan[];
  onChange: (contests: readonly ContestPlan[]) => void;
}) {
  const t = useWords(agencyWords);
  return (
    <>
      {contests.map((contest, at) => (
        // Questions have no name of their own before they are sent.
        <Panel key={at} label={t("contest", { at: at + 1 })}>
          <ContestForm
            at={at}
            plan={contest}
            onChange={(next) => onChange(contests.map((one, i) => (i === at ? next : one)))}
          />
          {contests.length > 1 && (
            <Button
              size="compact-sm"
              variant="subtle"
              onClick={() => onChange(contests.filter((_, i) => i !== at))}
            >
              {t("removeContest", { at: at + 1 })}
            </Button>
          )}
        </Panel>
      ))}
      <div className={styles.row}>
        <Button
          variant="default"
          disabled={contests.length === MOST_CONTESTS}
          onClick={() => onChange([...contests, emptyContest()])}
        >
          {t("addContest")}
        </Button>
      </div>
    </>
  );
}
