/** One poll, for everybody: what is asked, how many took part, what came out, and who keeps the key. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { number } from "~/design/figures";
import { Empty, Loaded, Page, Panel } from "~/design/page";
import { useLanguage, useSay, useWords } from "~/words/language";
import { Label } from "./label";
import { pollQuery, type PollView } from "./queries";
import { ruleOf } from "./questions";
import { Recount } from "./recount";
import { ResultView } from "./result";
import type { Contest } from "./sealing/shape";
import { Threats } from "./threats";
import { Trustees } from "./trustees";
import styles from "./votes.module.css";
import { When } from "./when";
import { votesWords } from "./words";

export default function PollPage() {
  const t = useWords(votesWords);
  const say = useSay();
  const { poll: name = "" } = useParams();
  const view = useQuery(pollQuery(name));
  return (
    <Page narrow title={view.data ? say(view.data.poll.title) : t("title")}>
      <Loaded from={view}>{(found) => <OnePoll view={found} />}</Loaded>
    </Page>
  );
}

function OnePoll({ view }: { view: PollView }) {
  const t = useWords(votesWords);
  const say = useSay();
  const { poll, trustees } = view;
  const given = trustees.filter(({ share }) => share !== null).length;
  return (
    <div className={styles.stack}>
      <Label poll={poll.name} />
      <When {...poll} />
      <Ways view={view} />
      {poll.result && (
        <Panel label={t("result")}>
          <ResultView contests={poll.contests} result={poll.result} />
        </Panel>
      )}
      {poll.state === "closed" && (
        <div role="status">
          <Empty
            icon="clock"
            title={t("counting")}
            detail={t("countingDetail", { needed: poll.threshold, given })}
          />
        </div>
      )}
      {poll.why && <Empty icon="warning" title={t("failedBecause")} detail={say(poll.why)} />}
      <Panel label={t("asks")}>
        <Asked contests={poll.contests} />
      </Panel>
      <Panel label={t("turnout")}>
        <Turnout view={view} />
      </Panel>
      <Panel label={t("trustees")}>
        <Trustees view={view} />
      </Panel>
      <Panel label={t("recount")}>
        <Recount poll={poll.name} isCounted={poll.state === "counted"} />
      </Panel>
      <Panel label={t("threats")}>
        <Threats />
      </Panel>
    </div>
  );
}

function Ways({ view: { poll } }: { view: PollView }) {
  const t = useWords(votesWords);
  return (
    <div className={styles.row}>
      {poll.state === "open" && (
        <Button component={Link} to={`/me/votes/${poll.name}`} size="md">
          {t("vote")}
        </Button>
      )}
      <Button component={Link} to={`/votes/${poll.name}/check`} variant="default">
        {t("check")}
      </Button>
      <Link to={`/votes/${poll.name}/board`}>{t("board")}</Link>
      {poll.state === "open" && <Link to={`/votes/${poll.name}/kiosk`}>{t("kiosk")}</Link>}
    </div>
  );
}

export function Asked({ contests }: { contests: readonly Contest[] }) {
  const t = useWords(votesWords);
  const say = useSay();
  const { language } = useLanguage();
  const figure = (value: number) => number(value, language);
  return (
    <div className={styles.stack}>
      <h2>{t("asks")}</h2>
      {contests.map((contest) => (
        <section key={contest.id} className={styles.tight}>
          <h3>{say(contest.title)}</h3>
          <p className={styles.fine}>{ruleOf(contest, t, figure)}</p>
          <ul className={styles.options}>
            {contest.options.map(({ id, title, cost }) => (
              <li key={id}>
                {say(title)}
                {cost > 0 && <small> · {t("cost", { cost: figure(cost) })}</small>}
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function Turnout({ view: { poll, board } }: { view: PollView }) {
  const t = useWords(votesWords);
  const say = useSay();
  const { language } = useLanguage();
  const voted = board.pseudonyms - board.struck + board.paper;
  const share = board.eligible === 0 ? 0 : (100 * voted) / board.eligible;
  const figure = (value: number) => number(value, language);
  const age = poll.electorate.age_from;
  const lines = [
    [t("who"), `${say(poll.electorate.reason)} (${t("from", { age: age.split("-")[0] ?? age })})`],
    [
      t("turnout"),
      t("turnoutOf", {
        eligible: figure(board.eligible),
        voted: figure(voted),
        share: number(share, language, 1),
      }),
    ],
    [t("onBoard"), t("onBoardDetail", { entries: figure(board.entries) })],
    [t("onPaper"), t("people", { count: figure(board.paper) })],
    [t("askedBy"), poll.agency.replace(/^urn:ngsi-ld:/, "")],
  ];
  return (
    <div className={styles.stack}>
      <h2>{t("turnout")}</h2>
      <dl className={styles.facts}>
        {lines.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
