/** Who works for the city: an operator enters people, hands out codes and takes people out. */
import { useQuery } from "@tanstack/react-query";
import { Loaded, Page, Panel } from "~/design/page";
import styles from "~/identity/identity.module.css";
import { OperatorsOnly } from "~/shell/operators-only";
import { useWords } from "~/words/language";
import { staffQuery } from "./api";
import { Enter } from "./enter";
import { MemberLine } from "./member";
import { staffWords } from "./words";

export default function StaffPage() {
  const t = useWords(staffWords);
  return (
    <Page narrow title={t("title")} lead={t("lead")}>
      <OperatorsOnly>
        <div className={styles.page}>
          <Members />
          <Panel label={t("enter")}>
            <Enter />
          </Panel>
        </div>
      </OperatorsOnly>
    </Page>
  );
}

function Members() {
  const t = useWords(staffWords);
  const staff = useQuery(staffQuery);
  return (
    <section className={styles.stack} aria-label={t("list")}>
      <Loaded from={staff} lines={2} height={72}>
        {(all) =>
          all.length === 0 ? (
            <p>{t("nobody")}</p>
          ) : (
            <ul className={styles.list}>
              {all.map((one) => (
                <MemberLine key={one.id} member={one} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}
