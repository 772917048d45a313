/** One poll as its desk sees it: who is waited for, paper, counts. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { answer, city } from "~/api/client";
import { Empty, Loaded, Page, Panel, Trouble } from "~/design/page";
import { useSay, useWords } from "~/words/language";
import { SureButton } from "../booth/sure";
import { Label } from "../label";
import { pollQuery, type PollView, type Trustee } from "../queries";
import { ResultView } from "../result";
import { Trustees } from "../trustees";
import styles from "../votes.module.css";
import { When } from "../when";
import { votesWords } from "../words";
import { Desk, KioskPass } from "./desk";
import { OnlyAgencies } from "./only";
import { PaperCounts } from "./paper-counts";
import { agencyWords } from "./words";

export default function AgencyPollPage() {
  const t = useWords(agencyWords);
  const say = useSay();
  const { poll: name = "" } = useParams();
  const view = useQuery(pollQuery(name));
  return (
    <Page narrow title={view.data ? say(view.data.poll.title) : t("title")}>
      <OnlyAgencies>
        <Loaded from={view}>{(found) => <OnePoll view={found} />}</Loaded>
      </OnlyAgencies>
    </Page>
  );
}

function OnePoll({ view }: { view: PollView }) {
  const t = useWords(agencyWords);
  const v = useWords(votesWords);
  const say = useSay();
  const { poll } = view;
  return (
    <div className={styles.stack}>
      <Label poll={poll.name} />
      <When {...poll} />
      <p className={styles.row}>
        <Link to={`/votes/${poll.name}`}>{t("publicPage")}</Link>
        {poll.state === "open" && <Link to={`/votes/${poll.name}/kiosk`}>{t("kioskPage")}</Link>}
      </p>
      {poll.why && <Empty icon="warning" title={v("failedBecause")} detail={say(poll.why)} />}
      {poll.state === "open" && <Desk poll={poll.name} />}
      {poll.state === "open" && <KioskPass poll={poll.name} />}
      {poll.state === "closed" && <PaperCounts view={view} />}
      {poll.result && (
        <Panel label={v("result")}>
          <ResultView contests={poll.contests} result={poll.result} />
        </Panel>
      )}
      <Panel label={v("trustees")}>
        <div className={styles.stack}>
          <Trustees view={view} />
          <Waiting view={view} />
        </div>
      </Panel>
      {poll.state === "preparing" && <Withdraw poll={poll.name} />}
    </div>
  );
}

/** What a trustee has to do next, where the poll waits for it. */
function dutyOf({ poll, trustees }: PollView, one: Trustee) {
  if (poll.state === "closed") return one.share === null ? ("mustShare" as const) : null;
  if (poll.state !== "preparing" || one.is_confirmed) return null;
  if (one.dealing === null) return "mustDeal" as const;
  return trustees.every(({ dealing }) => dealing !== null) ? ("mustCheck" as const) : null;
}

function Waiting({ view }: { view: PollView }) {
  const t = useWords(agencyWords);
  const say = useSay();
  const { poll, trustees } = view;
  const waited = trustees.flatMap((one) => {
    const duty = dutyOf(view, one);
    return duty ? [{ one, duty }] : [];
  });
  return (
    <div className={styles.tight}>
      {waited.length > 0 && (
        <ul className={styles.options}>
          {waited.map(({ one, duty }) => (
            <li key={one.index}>
              {say(one.card.name)}: {t(duty)}
            </li>
          ))}
        </ul>
      )}
      {poll.fingerprint && (
        <>
          {poll.state === "preparing" && <p>{t("waitsForNobody")}</p>}
          <p className={styles.fine}>{t("print")}</p>
          <code className={styles.code}>{poll.fingerprint}</code>
        </>
      )}
    </div>
  );
}

function Withdraw({ poll }: { poll: string }) {
  const t = useWords(agencyWords);
  const queries = useQueryClient();
  const withdraw = useMutation({
    mutationFn: () => answer(city.DELETE("/api/polls/{poll}", { params: { path: { poll } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["polls"] }),
  });
  return (
    <div className={styles.stack}>
      <SureButton
        name={t("withdraw")}
        sure={t("withdrawSure")}
        isBusy={withdraw.isPending}
        onSure={() => withdraw.mutate()}
      />
      {withdraw.error && <Trouble error={withdraw.error} />}
    </div>
  );
}
