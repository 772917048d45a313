/** Taxes and fees: what is unpaid, charging, withdrawing. */
import { useQuery } from "@tanstack/react-query";
import { answer, city } from "~/api/client";
import { day, won } from "~/design/figures";
import { useLanguage, useWords } from "~/words/language";
import { FieldsForm } from "../form";
import { mineWords } from "../me/words";
import styles from "../money.module.css";
import { shortName } from "../names";
import { Act, Line } from "../parts";
import { chargedQuery, OFFICE } from "../queries";
import { moneyWords } from "../words";
import { programmeWords } from "./more-words";
import { Programmes } from "./programmes";
import { officeWords } from "./words";

export function Dues() {
  const t = useWords(officeWords);
  const p = useWords(programmeWords);
  const w = useWords(mineWords);
  const { language } = useLanguage();
  const dues = useQuery(chargedQuery);
  return (
    <Programmes
      of={dues}
      label={t("dues")}
      none={p("noDues")}
      costs={false}
      line={(one) => {
        const title = `${one.title} · ${won(one.amount_won, language)}`;
        return (
          <Line
            key={one.id}
            title={title}
            facts={[
              shortName(one.person),
              w("dueBy", { day: day(one.due_on, language) }),
              w("number", { number: one.number }),
            ]}
          >
            <div className={styles.row}>
              <Act
                quiet
                again
                verb={p("withdraw")}
                what={title}
                refresh={OFFICE}
                send={() =>
                  answer(city.DELETE("/api/dues/{due}", { params: { path: { due: one.id } } }))
                }
              />
            </div>
          </Line>
        );
      }}
    >
      <Charge />
    </Programmes>
  );
}

function Charge() {
  const t = useWords(officeWords);
  const p = useWords(programmeWords);
  const m = useWords(moneyWords);
  return (
    <FieldsForm
      title={p("charge")}
      fields={[
        { name: "person", label: t("person"), help: m("whomHelp") },
        { name: "title", label: t("name"), max: 80 },
        { name: "number", label: p("number"), max: 40 },
        { name: "amount", label: m("amount"), kind: "won" },
        { name: "due", label: p("dueOn"), kind: "day" },
      ]}
      verb={p("charge")}
      done={p("charged")}
      refresh={OFFICE}
      send={(said) =>
        answer(
          city.POST("/api/dues", {
            body: {
              dues: [
                {
                  person: said.id("person"),
                  title: said.text("title"),
                  number: said.text("number"),
                  amount_won: said.whole("amount"),
                  due_on: said.text("due"),
                },
              ],
            },
          }),
        )
      }
    />
  );
}
