/** All polls: open, to come, over. Everybody may look. */
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "react-router";
import { identitiesQuery } from "~/api/queries";
import { Empty, Loaded, Page, Panel, Trouble } from "~/design/page";
import { useSay, useWords } from "~/words/language";
import { Label } from "./label";
import { beginTrial, pollsQuery, type PollLine } from "./queries";
import styles from "./votes.module.css";
import { When } from "./when";
import { votesWords } from "./words";

const TRIAL_S = 180;

export default function ListPage() {
  const t = useWords(votesWords);
  return (
    <Page narrow title={t("title")} lead={t("lead")}>
      <div className={styles.stack}>
        <Label />
        <PollList to={(name) => `/votes/${name}`} />
        <Trial />
      </div>
    </Page>
  );
}

export function PollList({ to }: { to: (name: string) => string }) {
  const t = useWords(votesWords);
  const polls = useQuery(pollsQuery);
  return (
    <Loaded from={polls}>
      {(found) => {
        const of = (...states: string[]) => found.filter(({ state }) => states.includes(state));
        const parts = [
          [t("open"), of("open")],
          [t("coming"), of("preparing")],
          [t("over"), of("closed", "counted", "failed")],
        ] as const;
        return found.length === 0 ? (
          <Empty icon="vote" title={t("none")} detail={t("noneDetail")} />
        ) : (
          <div className={styles.stack}>
            {parts.map(
              ([title, lines]) =>
                lines.length > 0 && (
                  <section key={title} className={styles.stack} aria-label={title}>
                    <h2>{title}</h2>
                    {lines.map((line) => (
                      <Line key={line.name} line={line} to={to(line.name)} />
                    ))}
                  </section>
                ),
            )}
          </div>
        );
      }}
    </Loaded>
  );
}

function Line({ line, to }: { line: PollLine; to: string }) {
  const say = useSay();
  return (
    <Panel>
      <div className={styles.tight}>
        <h3>
          <Link to={to}>{say(line.title)}</Link>
        </h3>
        <When {...line} />
      </div>
    </Panel>
  );
}

/** In a demonstration, whose people anybody can be, anybody may begin a short poll. */
function Trial() {
  const t = useWords(votesWords);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const isDemo = (useQuery(identitiesQuery).data?.length ?? 0) > 0;
  const begin = useMutation({
    mutationFn: () => beginTrial(TRIAL_S),
    onSuccess: async ({ poll }) => {
      await queries.invalidateQueries({ queryKey: pollsQuery.queryKey });
      await navigate(`/votes/${poll}`);
    },
  });
  if (!isDemo) return null;
  return (
    <Panel label={t("trial")}>
      <div className={styles.stack}>
        <h2>{t("trial")}</h2>
        <p>{t("trialDetail")}</p>
        <div className={styles.row}>
          <Button variant="default" loading={begin.isPending} onClick={() => begin.mutate()}>
            {t("trialBegin")}
          </Button>
        </div>
        {begin.error && <Trouble error={begin.error} />}
      </div>
    </Panel>
  );
}
