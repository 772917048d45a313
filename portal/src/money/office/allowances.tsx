/** Allowances: who gets how much each month, and whether the budget suffices. */
import { useQuery } from "@tanstack/react-query";
import { answer, city, once } from "~/api/client";
import { day, won } from "~/design/figures";
import { useLanguage, useWords } from "~/words/language";
import { FieldsForm } from "../form";
import { Line } from "../parts";
import { allowancesQuery } from "../queries";
import { MOST_BUDGET_WON } from "./bounds";
import { programmeWords } from "./more-words";
import { useLeft } from "./purse";
import { Programmes } from "./programmes";
import { officeWords } from "./words";

const REFRESH = [["allowances"], ["office"], ["me"]] as const;
const AGES = ["0-9", "10-19", "20-29", "30-39", "40-49", "50-59", "60-69", "70+"] as const;
const CONCESSIONS = ["infant", "child", "youth", "senior", "disabled"] as const;

export function Allowances() {
  const t = useWords(officeWords);
  const p = useWords(programmeWords);
  const { language } = useLanguage();
  const allowances = useQuery(allowancesQuery);
  const left = useLeft();
  return (
    <Programmes
      of={allowances}
      label={t("allowances")}
      line={(one) => (
        <Line
          key={one.id}
          title={`${one.title} · ${won(one.amount_won, language)}`}
          facts={[
            [...one.age_bands, ...one.concessions.map((c) => p(c))].join(", "),
            p("next", { day: day(one.next_on, language) }),
            p("paidSum", { amount: won(one.paid_won, language) }),
            left(one.id),
            one.is_short && p("short"),
          ]}
        />
      )}
    >
      <Make />
    </Programmes>
  );
}

function Make() {
  const t = useWords(officeWords);
  const p = useWords(programmeWords);
  return (
    <FieldsForm
      title={t("makeNew")}
      fields={[
        { name: "title", label: t("name"), max: 80 },
        { name: "amount", label: p("monthly"), kind: "won" },
        { name: "budget", label: t("budget"), kind: "won", max: MOST_BUDGET_WON },
        { name: "first", label: p("firstOn"), kind: "day" },
        { name: "last", label: p("lastOn"), kind: "day" },
        {
          name: "ages",
          label: p("ages"),
          kind: "several",
          optional: true,
          options: AGES.map((value) => ({ value, label: value })),
        },
        {
          name: "concessions",
          label: p("concessions"),
          kind: "several",
          optional: true,
          options: CONCESSIONS.map((value) => ({ value, label: p(value) })),
        },
      ]}
      verb={t("make")}
      done={t("made")}
      refresh={REFRESH}
      send={(said) =>
        answer(
          city.POST("/api/allowances", {
            body: {
              title: said.text("title"),
              amount_won: said.whole("amount"),
              budget_won: said.whole("budget"),
              first_on: said.text("first"),
              last_on: said.text("last"),
              age_bands: said.picked<(typeof AGES)[number]>("ages"),
              concessions: said.picked<(typeof CONCESSIONS)[number]>("concessions"),
            },
            ...once(said.key),
          }),
        )
      }
    />
  );
}
