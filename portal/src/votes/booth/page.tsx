/** Voting on one's own device. */
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { Loaded, Page } from "~/design/page";
import { useSay, useWords } from "~/words/language";
import { device } from "../kept";
import { Label } from "../label";
import { fixedOf, pollQuery } from "../queries";
import styles from "../votes.module.css";
import { When } from "../when";
import { votesWords } from "../words";
import { BoothView, NotOpen } from "./booth";
import { boothWords } from "./words";

export default function BoothPage() {
  const t = useWords(votesWords);
  const b = useWords(boothWords);
  const say = useSay();
  const { poll: name = "" } = useParams();
  const view = useQuery(pollQuery(name));
  return (
    <Page narrow title={view.data ? say(view.data.poll.title) : t("title")}>
      <Loaded from={view}>
        {(found) => {
          const fixed = fixedOf(found);
          return (
            <div className={styles.stack}>
              <Label poll={name} />
              <When {...found.poll} />
              {fixed ? (
                <BoothView view={found} fixed={fixed} store={device} />
              ) : (
                <NotOpen poll={name} />
              )}
              <p>
                <Link to={`/votes/${name}`}>{b("toPoll")}</Link>
              </p>
            </div>
          );
        }}
      </Loaded>
    </Page>
  );
}
