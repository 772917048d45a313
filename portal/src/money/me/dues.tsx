/** Taxes and fees that offices charge. */
import { useQuery } from "@tanstack/react-query";
import { answer, city } from "~/api/client";
import { day, won } from "~/design/figures";
import { Loaded } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import styles from "../money.module.css";
import { Act, Line, Lines } from "../parts";
import { duesQuery, ME } from "../queries";
import { useNameOf } from "../use-names";
import { Section } from "./section";
import { mineWords } from "./words";

export default function DuesPage() {
  const t = useWords(mineWords);
  const { language } = useLanguage();
  const nameOf = useNameOf();
  const dues = useQuery(duesQuery);
  return (
    <Section title={t("dues")} lead={t("duesDetail")}>
      <Loaded from={dues} lines={2}>
        {(all) => (
          <Lines of={all} label={t("dues")} none={t("noDues")} noneDetail={t("noDuesDetail")}>
            {(one) => {
              const title = `${one.title} · ${won(one.amount_won, language)}`;
              return (
                <Line
                  key={one.id}
                  title={title}
                  facts={[
                    t("dueBy", { day: day(one.due_on, language) }),
                    t("office", { office: nameOf(one.office) }),
                    t("number", { number: one.number }),
                  ]}
                >
                  <div className={styles.row}>
                    <Act
                      again
                      verb={t("pay")}
                      what={title}
                      refresh={ME}
                      send={() =>
                        answer(
                          city.POST("/api/me/dues/{due}/pay", {
                            params: { path: { due: one.id } },
                          }),
                        )
                      }
                    />
                  </div>
                </Line>
              );
            }}
          </Lines>
        )}
      </Loaded>
    </Section>
  );
}
