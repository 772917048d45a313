/** What was shown to whom and when, as far as this browser knows: nobody else keeps it. */
import { useQuery } from "@tanstack/react-query";
import { cityQuery } from "~/api/queries";
import { Loaded, Panel } from "~/design/page";
import { useSay, useWords } from "~/words/language";
import { sayingOf } from "../cards/saying";
import { cardWords } from "../cards/words";
import { showingsQuery } from "../cards/queries";
import styles from "../identity.module.css";
import { useWhen } from "../parts";
import type { Showing } from "../wallet/store";
import { showWords } from "./words";

export function Showings({ person }: { person: string }) {
  const t = useWords(showWords);
  const showings = useQuery(showingsQuery(person));
  return (
    <Panel label={t("list")}>
      <div className={styles.stack}>
        <h2>{t("list")}</h2>
        <p className={styles.fine}>{t("listHelp")}</p>
        <Loaded from={showings} lines={1} height={56}>
          {(all) =>
            all.length === 0 ? (
              <p>{t("noList")}</p>
            ) : (
              <ul className={styles.list}>
                {all.map((one) => (
                  <Line key={one.id} showing={one} />
                ))}
              </ul>
            )
          }
        </Loaded>
      </div>
    </Panel>
  );
}

function Line({ showing }: { showing: Showing }) {
  const t = useWords(showWords);
  const c = useWords(cardWords);
  const say = useSay();
  const when = useWhen();
  const city = useQuery(cityQuery).data?.title;
  const { whom, isOurs, told, agreed, purpose, at } = showing;
  const who = isOurs ? (city ? say(city) : c("thisCity")) : whom;
  return (
    <li>
      <div>
        <strong>{t("toWhom", { who })}</strong>
        {agreed ? (
          told.map(({ title, name, path, value }) => {
            const saying = sayingOf(name, path, value);
            return (
              <span key={JSON.stringify(path)}>
                {say(title)} · {say(saying.name)}: {say(saying.value)}
              </span>
            );
          })
        ) : (
          <span>{t("saidNo")}</span>
        )}
        {purpose && <small>{t("purpose", { purpose: say(purpose) })}</small>}
        <small>{when(at)}</small>
      </div>
    </li>
  );
}
