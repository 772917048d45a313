/** What both groups spent, and the difference with its interval. */
import { number, won } from "~/design/figures";
import { useLanguage, useWords } from "~/words/language";
import styles from "../money.module.css";
import type { ExperimentReport, MeanDifference } from "../queries";
import { Interval, isSure } from "./interval";
import { trialWords } from "./words";

type Group = ExperimentReport["groups"][number];

export function Outcomes({ report }: { report: ExperimentReport }) {
  const t = useWords(trialWords);
  const { language } = useLanguage();
  const whole = report.groups[0];
  const inWon = (value: number) => won(Math.round(value), language);
  const inPoints = (value: number) => `${number(value * 100, language, 1)} ${t("points")}`;
  const inPct = (value: number) => `${number(value * 100, language, 1)} %`;
  return (
    <>
      <p>{t("after", { months: report.months })}</p>
      {whole?.spent_won && <Told of={whole.spent_won} what={t("spent")} say={inWon} />}
      {whole?.local_share && <Told of={whole.local_share} what={t("local")} say={inPoints} />}
      <p className={styles.fine}>{t("method")}</p>
      <Table
        caption={t("spent")}
        groups={report.groups}
        pick={(one) => one.spent_won}
        say={inWon}
      />
      <Table
        caption={t("local")}
        groups={report.groups}
        pick={(one) => one.local_share}
        say={inPct}
        sayGap={inPoints}
      />
      <Sizes groups={report.groups} />
    </>
  );
}

function Told({
  of,
  what,
  say,
}: {
  of: MeanDifference;
  what: string;
  say: (value: number) => string;
}) {
  const t = useWords(trialWords);
  return (
    <div>
      <p>
        <strong>
          {what}: {signed(of.difference, say)}
        </strong>{" "}
        {t(isSure(of) ? "sure" : "unsure")}
      </p>
      <Interval of={of} what={what} say={(value) => signed(value, say)} />
    </div>
  );
}

const signed = (value: number, say: (value: number) => string): string =>
  `${value < 0 ? "−" : "+"}${say(Math.abs(value))}`;

function Table({
  caption,
  groups,
  pick,
  say,
  sayGap = say,
}: {
  caption: string;
  groups: readonly Group[];
  pick: (group: Group) => MeanDifference | null;
  say: (value: number) => string;
  sayGap?: (value: number) => string;
}) {
  const t = useWords(trialWords);
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a box that scrolls by keys
    <div className={styles.wide} role="region" aria-label={caption} tabIndex={0}>
      <table className={styles.table}>
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{t("group")}</th>
            <th scope="col" data-number>
              {t("got")}
            </th>
            <th scope="col" data-number>
              {t("compared")}
            </th>
            <th scope="col" data-number>
              {t("gap")}
            </th>
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => {
            const found = pick(group);
            return (
              <tr key={group.stratum}>
                <th scope="row">{group.stratum || t("all")}</th>
                {found ? (
                  <>
                    <td data-number>{say(found.treated)}</td>
                    <td data-number>{say(found.control)}</td>
                    <td data-number>
                      {signed(found.difference, sayGap)} ({signed(found.low, sayGap)} …{" "}
                      {signed(found.high, sayGap)})
                    </td>
                  </>
                ) : (
                  <td colSpan={3}>{t("few")}</td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Sizes({ groups }: { groups: readonly Group[] }) {
  const t = useWords(trialWords);
  const { language } = useLanguage();
  const whole = groups[0];
  if (whole?.treated == null) return null;
  const count = (value: number | null) =>
    value === null ? t("few") : t("people", { count: number(value, language) });
  return (
    <p className={styles.fine}>
      {t("sizes")}: {t("got")} {count(whole.treated)}, {t("compared")} {count(whole.control)}.{" "}
      {t("outs")}: {count(whole.treated_left)}, {count(whole.control_left)}.
    </p>
  );
}
