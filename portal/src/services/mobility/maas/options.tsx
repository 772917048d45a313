import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useSession } from "~/api/session";
import { Empty, Loaded } from "~/design/page";
import type { Here } from "~/me/here";
import { useSay, useWords } from "~/words/language";
import { Book } from "./book";
import styles from "./maas.module.css";
import { OptionCard } from "./option-card";
import { optionsQuery, type Journey, type Option } from "./queries";
import { nameOf } from "./strip";
import { metresBetween } from "./titles";
import { useWishes } from "./wishes";
import { maasWords } from "./words";

const SAME_PLACE_M = 20;

/** The ways there, best first; one of them may be open. */
export function Options({
  from,
  to,
  leaveAt,
  chosen,
  onChoose,
  onBooked,
}: {
  from: Here;
  to: Here;
  leaveAt: string | undefined;
  chosen: string | null;
  onChoose: (name: string | null) => void;
  onBooked: (journey: Journey) => void;
}) {
  const t = useWords(maasWords);
  const { ways, prefer } = useWishes();
  const who = useSession()?.id;
  const queries = useQueryClient();
  const asked = optionsQuery(who, { from: from.at, to: to.at, leaveAt, ways, prefer });
  const isThere = metresBetween(from.at, to.at) < SAME_PLACE_M;
  const options = useQuery({ ...asked, enabled: !isThere });
  if (isThere) return <Empty icon="place" title={t("thereTitle")} detail={t("thereDetail")} />;
  const planAgain = () => {
    onChoose(null);
    void queries.resetQueries({ queryKey: asked.queryKey });
  };
  return (
    <Loaded from={options} lines={3} height={180}>
      {(found) => (
        <List {...{ found, from, to, chosen, onChoose, onBooked }} onPlanAgain={planAgain} />
      )}
    </Loaded>
  );
}

function List({
  found,
  from,
  to,
  chosen,
  onChoose,
  onBooked,
  onPlanAgain,
}: {
  found: readonly Option[];
  from: Here;
  to: Here;
  chosen: string | null;
  onChoose: (name: string | null) => void;
  onBooked: (journey: Journey) => void;
  onPlanAgain: () => void;
}) {
  const t = useWords(maasWords);
  const say = useSay();
  if (found.length === 0) {
    return (
      <Empty icon="route" title={t("none")} detail={t("noneDetail")}>
        <Button variant="default" onClick={onPlanAgain}>
          {t("planAgain")}
        </Button>
      </Empty>
    );
  }
  const isGone = chosen !== null && !found.some((option) => nameOf(option) === chosen);
  return (
    <div>
      <h2 className={styles.count}>
        <span role="status">
          {t("count", { from: say(from.title), to: say(to.title), count: found.length })}
        </span>
      </h2>
      {isGone && (
        <p className={styles.gone} role="alert">
          {t("gone")}
        </p>
      )}
      <ol className={styles.options}>
        {found.map((option) => {
          const name = nameOf(option);
          const open = name === chosen;
          return (
            <OptionCard
              key={name}
              option={option}
              open={open}
              onToggle={() => onChoose(open ? null : name)}
            >
              <Book option={option} onBooked={onBooked} onPlanAgain={onPlanAgain} />
            </OptionCard>
          );
        })}
      </ol>
    </div>
  );
}
