/** What came out: a bar and a number for each option, and for ranks how often at which place. */
import type { CSSProperties } from "react";
import { number } from "~/design/figures";
import { useLanguage, useSay, useWords } from "~/words/language";
import type { Result } from "./queries";
import type { Contest } from "./sealing/shape";
import styles from "./votes.module.css";
import { votesWords } from "./words";

export function ResultView({ contests, result }: { contests: readonly Contest[]; result: Result }) {
  const t = useWords(votesWords);
  const { language } = useLanguage();
  const { ballots, paper } = result;
  return (
    <div className={styles.stack}>
      <h2>{t("result")}</h2>
      <p>
        {t("resultOf", {
          ballots: number(ballots + paper, language),
          paper: number(paper, language),
        })}
      </p>
      {contests.map((contest, at) => (
        <ContestResult key={contest.id} contest={contest} counts={result.counts[at] ?? []} />
      ))}
    </div>
  );
}

/** The counts of one option: one, or for ranks one for each place. */
function countsOf({ kind, most }: Contest, counts: readonly number[], option: number): number[] {
  const width = kind === "rank" ? most : 1;
  return counts.slice(option * width, (option + 1) * width);
}

/** A point for the last place and one more for each place above it (Borda); else the count. */
const pointsOf = (counts: readonly number[]): number =>
  counts.reduce((total, count, place) => total + count * (counts.length - place), 0);

function ContestResult({ contest, counts }: { contest: Contest; counts: readonly number[] }) {
  const t = useWords(votesWords);
  const say = useSay();
  const { language } = useLanguage();
  const isRank = contest.kind === "rank";
  const rows = contest.options.map((option, at) => {
    const of = countsOf(contest, counts, at);
    return { option, of, points: pointsOf(of) };
  });
  const best = Math.max(1, ...rows.map(({ points }) => points));
  const places = Array.from({ length: isRank ? contest.most : 0 }, (_, place) => place + 1);
  return (
    <section className={styles.tight} aria-label={say(contest.title)}>
      <h3>{say(contest.title)}</h3>
      <div className={styles.scroll}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t("option")}</th>
              <th scope="col" className={styles.number}>
                {t(isRank || contest.kind === "score" ? "points" : "votes")}
              </th>
              <td aria-hidden="true" />
              {places.map((place) => (
                <th key={place} scope="col" className={styles.number}>
                  {t("place", { place })}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ option, of, points }) => (
              <tr key={option.id}>
                <th scope="row">{say(option.title)}</th>
                <td className={styles.number}>{number(points, language)}</td>
                <td aria-hidden="true">
                  <span
                    className={styles.bar}
                    style={{ "--share": `${(100 * points) / best}%` } as CSSProperties}
                  />
                </td>
                {places.map((place) => (
                  <td key={place} className={styles.number}>
                    {number(of[place - 1] ?? 0, language)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {isRank && <p className={styles.fine}>{t("borda")}</p>}
    </section>
  );
}
