/** Integrated mobility as the city runs it: operators outside, and what each is owed. */
import { useQuery } from "@tanstack/react-query";
import { Empty, Loaded, Page, Panel } from "~/design/page";
import { OperatorsOnly } from "~/shell/operators-only";
import { useWords } from "~/words/language";
import { OperatorCard } from "./card";
import { Disputes } from "./disputes";
import { Invite } from "./form";
import styles from "./operators.module.css";
import { operatorsQuery } from "./queries";
import { Settlement } from "./settlement";
import { operatorWords } from "./words";

export default function OperatorsPage() {
  const t = useWords(operatorWords);
  return (
    <Page title={t("title")} lead={t("lead")}>
      <OperatorsOnly>
        <div className={styles.parts}>
          <Operators />
          <Disputes />
          <Settlement />
        </div>
      </OperatorsOnly>
    </Page>
  );
}

function Operators() {
  const t = useWords(operatorWords);
  const operators = useQuery(operatorsQuery);
  return (
    <Panel label={t("operators")}>
      <h2>{t("operators")}</h2>
      <p className={styles.soft}>
        {t("operatorsSource")} {t("suspendHelp")}
      </p>
      <Loaded from={operators} lines={2} height={120}>
        {(all) =>
          all.length === 0 ? (
            <Empty icon="route" title={t("none")} detail={t("noneDetail")} />
          ) : (
            <ul className={styles.list} aria-label={t("operators")}>
              {all.map((known) => (
                <li key={known.operator.id}>
                  <OperatorCard known={known} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      <Invite />
    </Panel>
  );
}
