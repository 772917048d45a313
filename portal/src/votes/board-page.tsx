/** The board, page by page: everybody's ballots under pseudonyms, and nobody's choice. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { number } from "~/design/figures";
import { Empty, Loaded, Page } from "~/design/page";
import { Pager } from "~/design/pager";
import { useLanguage, useSay, useWords } from "~/words/language";
import { checkWords } from "./check-words";
import { Label } from "./label";
import { pollQuery } from "./queries";
import { receiptCode } from "./receipt";
import { fingerprint } from "./sealing/group";
import { boardPage } from "./stranger";
import styles from "./votes.module.css";
import { votesWords } from "./words";

const EACH = 10;
const SHORT = 12; // digits of a fingerprint that tell entries apart for the eye

export default function BoardPage() {
  const t = useWords(checkWords);
  const v = useWords(votesWords);
  const say = useSay();
  const { language } = useLanguage();
  const { poll: name = "" } = useParams();
  const view = useQuery(pollQuery(name));
  const [page, setPage] = useState(0);
  const count = view.data?.board.entries ?? 0;
  const entries = useQuery({
    queryKey: ["votes", "board", name, page, count],
    queryFn: () => boardPage(name, page * EACH, EACH),
    enabled: view.data !== undefined,
  });
  const title = view.data ? `${v("board")}: ${say(view.data.poll.title)}` : v("board");
  return (
    <Page title={title} lead={t("boardLead")}>
      <div className={styles.stack}>
        <Label poll={name} />
        <p>
          <Link to={`/votes/${name}`}>{t("backToPoll")}</Link>
        </p>
        <Loaded from={entries}>
          {(found) =>
            found.length === 0 ? (
              <Empty icon="vote" title={t("boardEmpty")} detail={t("boardEmptyDetail")} />
            ) : (
              <div className={styles.scroll}>
                <table className={styles.table}>
                  <thead>
                    <tr>
                      <th scope="col" className={styles.number}>
                        {t("number")}
                      </th>
                      <th scope="col">{t("kind")}</th>
                      <th scope="col">{t("pseudonym")}</th>
                      <th scope="col" className={styles.number}>
                        {t("revision")}
                      </th>
                      <th scope="col">{t("fingerprint")}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {found.map((entry, at) => {
                      const ballot = fingerprint(entry);
                      const index = page * EACH + at;
                      return (
                        <tr key={ballot}>
                          <td className={styles.number}>{number(index, language)}</td>
                          <td>{t(entry.kind === "ballot" ? "isBallot" : "isStrike")}</td>
                          <td>
                            <code>{entry.pseudonym.slice(0, SHORT)}…</code>
                          </td>
                          <td className={styles.number}>{number(entry.revision, language)}</td>
                          <td>
                            <Link to={`/votes/${name}/check#${receiptCode({ index, ballot })}`}>
                              <code>{ballot.slice(0, SHORT)}…</code>
                            </Link>
                          </td>
                        </tr>
                      );
                    })}
                  </tbody>
                </table>
              </div>
            )
          }
        </Loaded>
        <Pager
          label={v("board")}
          page={page}
          hasMore={count > (page + 1) * EACH}
          onPage={setPage}
        />
      </div>
    </Page>
  );
}
