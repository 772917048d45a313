/** Issues with a bonus: what is given already, live, and making one. */
import { useQuery } from "@tanstack/react-query";
import { answer, city, once } from "~/api/client";
import { cityQuery } from "~/api/queries";
import { dateTime, won } from "~/design/figures";
import { useLanguage, useWords } from "~/words/language";
import { FieldsForm } from "../form";
import { localOf } from "../instants";
import { Line, Meter } from "../parts";
import { issuesQuery } from "../queries";
import { MOST_BUDGET_WON } from "./bounds";
import { Programmes } from "./programmes";
import { officeWords } from "./words";

export function Issues() {
  const t = useWords(officeWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  const issues = useQuery(issuesQuery);
  return (
    <Programmes
      of={issues}
      label={t("issues")}
      line={(one) => (
        <Line
          key={one.id}
          title={`${one.title} · ${one.bonus_pct} %`}
          facts={[
            `${dateTime(one.opens_at, language, zone)} – ${dateTime(one.closes_at, language, zone)}`,
          ]}
        >
          <Meter
            share={one.given_won / one.budget_won}
            label={t("given", {
              part: won(one.given_won, language),
              all: won(one.budget_won, language),
            })}
          />
        </Line>
      )}
    >
      <Make />
    </Programmes>
  );
}

function Make() {
  const t = useWords(officeWords);
  const zone = useQuery(cityQuery).data?.time_zone ?? "Asia/Seoul";
  return (
    <FieldsForm
      title={t("makeNew")}
      fields={[
        { name: "title", label: t("name"), max: 80 },
        { name: "bonus", label: t("bonus"), kind: "number", min: 1, max: 50, first: 10 },
        { name: "budget", label: t("budget"), kind: "won", max: MOST_BUDGET_WON },
        { name: "most", label: t("mostEach"), kind: "won", min: 1_000, max: 10_000_000 },
        { name: "opens", label: t("opensAt"), kind: "instant", first: localOf(new Date(), zone) },
        { name: "closes", label: t("closesAt"), kind: "instant" },
      ]}
      verb={t("make")}
      done={t("made")}
      refresh={[["issues"], ["office"], ["me"]]}
      send={(said) =>
        answer(
          city.POST("/api/issues", {
            body: {
              title: said.text("title"),
              bonus_pct: said.whole("bonus"),
              budget_won: said.whole("budget"),
              most_won: said.whole("most"),
              opens_at: said.instant("opens"),
              closes_at: said.instant("closes"),
            },
            ...once(said.key),
          }),
        )
      }
    />
  );
}
