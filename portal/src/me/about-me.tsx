import { SegmentedControl } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, city } from "~/api/client";
import { Loaded, Panel, Trouble } from "~/design/page";
import { useOrientation } from "~/design/reading";
import { useWords } from "~/words/language";
import { useAge } from "./age";
import styles from "./me.module.css";
import { myselfQuery, type Myself, type Walking } from "./queries";
import { settingsWords } from "./settings-words";
import { meWords } from "./words";

const WALKING: readonly Walking[] = ["well", "badly", "wheelchair"];

/** What somebody may say about themselves, and what only an office may change. */
export function AboutMe() {
  const s = useWords(settingsWords);
  const known = useQuery(myselfQuery);
  return (
    <Panel label={s("aboutMe")}>
      <div className={styles.options}>
        <h2>{s("aboutMe")}</h2>
        <p className={styles.source}>{s("aboutMeHelp")}</p>
        <Loaded from={known} lines={1}>
          {(me) => me && <WalkingChoice me={me} />}
        </Loaded>
      </div>
    </Panel>
  );
}

function WalkingChoice({ me }: { me: Myself }) {
  const t = useWords(meWords);
  const s = useWords(settingsWords);
  const queries = useQueryClient();
  const age = useAge();
  const change = useMutation({
    mutationFn: (walking: Walking) => answer(city.PATCH("/api/me/person", { body: { walking } })),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["me", "person"] });
      void queries.invalidateQueries({ queryKey: ["maas"] });
    },
  });
  return (
    <>
      <fieldset>
        <legend>{t("walking")}</legend>
        <SegmentedControl
          fullWidth
          orientation={useOrientation()}
          value={change.isPending ? change.variables : me.walking}
          data={WALKING.map((one) => ({ value: one, label: t(`walking_${one}`) }))}
          onChange={(value) => change.mutate(value)}
        />
        <p className={styles.source}>{s("walkingHelp")}</p>
        <p className={styles.done} role="status">
          {change.isSuccess && s("changed")}
        </p>
        {change.error && <Trouble error={change.error} />}
      </fieldset>
      <dl className={styles.facts}>
        <dt>{t("licence")}</dt>
        <dd>{t(me.licence ? "licenceYes" : "licenceNo")}</dd>
        <dt>{t("age")}</dt>
        <dd>{age(me.age_band)}</dd>
      </dl>
      <p className={styles.source}>{s("licenceHelp")}</p>
    </>
  );
}
