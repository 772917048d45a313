/** Voucher programmes: rules, what is left, giving vouchers to people. */
import { useQuery } from "@tanstack/react-query";
import { answer, city, once } from "~/api/client";
import { cityQuery } from "~/api/queries";
import { dateTime, won } from "~/design/figures";
import { businessWords } from "~/me/pay/words";
import { useLanguage, useWords } from "~/words/language";
import { FieldsForm } from "../form";
import { moreWords } from "../me/more-words";
import { Line, Opened } from "../parts";
import { programmesQuery } from "../queries";
import { moneyWords } from "../words";
import { MOST_BUDGET_WON } from "./bounds";
import { programmeWords } from "./more-words";
import { useLeft, useOwns } from "./purse";
import { Programmes } from "./programmes";
import { officeWords } from "./words";

const REFRESH = [["voucher-programmes"], ["office"], ["me"]] as const;

export function Vouchers() {
  const t = useWords(officeWords);
  const p = useWords(programmeWords);
  const m = useWords(moneyWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  const programmes = useQuery(programmesQuery);
  const left = useLeft();
  const owns = useOwns();
  return (
    <Programmes
      of={programmes}
      label={t("vouchers")}
      line={(one) => (
        <Line
          key={one.id}
          title={one.title}
          facts={[
            left(one.id),
            p("promised", { amount: won(one.promised_won, language) }),
            m("until", { at: dateTime(one.until, language, zone) }),
          ]}
        >
          {owns(one.id) && (
            <Opened verb={p("give")}>
              <Give programme={one.id} />
            </Opened>
          )}
        </Line>
      )}
    >
      <Make />
    </Programmes>
  );
}

function Give({ programme }: { programme: string }) {
  const t = useWords(officeWords);
  const p = useWords(programmeWords);
  return (
    <FieldsForm
      fields={[
        { name: "people", label: t("people"), kind: "lines" },
        { name: "amount", label: p("giveEach"), kind: "won" },
      ]}
      verb={p("give")}
      again
      done={p("given")}
      refresh={REFRESH}
      send={(said) =>
        answer(
          city.POST("/api/voucher-programmes/{programme}/vouchers", {
            params: { path: { programme } },
            body: { people: said.ids("people"), amount_won: said.whole("amount") },
            ...once(said.key),
          }),
        )
      }
    />
  );
}

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

function Make() {
  const t = useWords(officeWords);
  const p = useWords(programmeWords);
  const d = useWords(moreWords);
  const b = useWords(businessWords);
  const kinds = Object.keys(businessWords) as (keyof typeof businessWords)[];
  return (
    <FieldsForm
      title={t("makeNew")}
      fields={[
        { name: "title", label: t("name"), max: 80 },
        { name: "budget", label: t("budget"), kind: "won", max: MOST_BUDGET_WON },
        { name: "until", label: t("until"), kind: "instant" },
        {
          name: "businesses",
          label: p("businesses"),
          kind: "several",
          optional: true,
          options: kinds.map((value) => ({ value, label: b(value) })),
        },
        {
          name: "weekdays",
          label: p("weekdays"),
          kind: "several",
          optional: true,
          options: DAYS.map((day, at) => ({ value: String(at + 1), label: d(day) })),
        },
        { name: "from", label: p("fromHour"), kind: "number", max: 23, first: 0 },
        { name: "to", label: p("toHour"), kind: "number", min: 1, max: 24, first: 24 },
        { name: "goods", label: p("goods"), help: p("goodsHelp"), optional: true },
      ]}
      verb={t("make")}
      done={t("made")}
      refresh={REFRESH}
      send={(said) =>
        answer(
          city.POST("/api/voucher-programmes", {
            body: {
              title: said.text("title"),
              budget_won: said.whole("budget"),
              until: said.instant("until"),
              businesses: said.picked("businesses"),
              weekdays: said.picked("weekdays").map(Number),
              from_hour: said.whole("from"),
              to_hour: said.whole("to"),
              goods: said.list("goods"),
            },
            ...once(said.key),
          }),
        )
      }
    />
  );
}
