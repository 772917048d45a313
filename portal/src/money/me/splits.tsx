/** A bill that several pay together. */
import { useQuery } from "@tanstack/react-query";
import { answer, city, once } from "~/api/client";
import { cityQuery } from "~/api/queries";
import { useSession } from "~/api/session";
import { dateTime, won } from "~/design/figures";
import { Loaded, Panel } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import { FieldsForm } from "../form";
import styles from "../money.module.css";
import { fullId, shortName } from "../names";
import { Act, Line, Lines } from "../parts";
import { ME, openShopsQuery, splitsQuery } from "../queries";
import { useNameOf } from "../use-names";
import { moneyWords } from "../words";
import { Section } from "./section";
import { mineWords } from "./words";

type Split = NonNullable<Awaited<ReturnType<NonNullable<typeof splitsQuery.queryFn>>>>[number];

export default function SplitsPage() {
  const t = useWords(mineWords);
  const splits = useQuery(splitsQuery);
  return (
    <Section title={t("splits")} lead={t("splitLead")}>
      <Loaded from={splits} lines={1}>
        {(all) => (
          <Lines of={all} label={t("splits")} none={t("noSplits")} noneDetail={t("noSplitsDetail")}>
            {(one) => <Shared key={one.id} one={one} />}
          </Lines>
        )}
      </Loaded>
      <Panel>
        <Start />
      </Panel>
    </Section>
  );
}

function Shared({ one }: { one: Split }) {
  const t = useWords(mineWords);
  const m = useWords(moneyWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  const nameOf = useNameOf();
  const me = useSession()?.id ?? "";
  const path = { split: one.id };
  const place = one.payers.indexOf(me);
  const whom = nameOf(one.payee);
  const total = won(
    one.parts_won.reduce((sum, part) => sum + part, 0),
    language,
  );
  const isIn = place >= 0 && one.holds[place] !== "";
  const facts = [
    one.memo,
    place >= 0 && t("myPart", { amount: won(one.parts_won[place] ?? 0, language) }),
    t("acceptedOf", { all: one.payers.length, part: one.holds.filter(Boolean).length }),
    m("until", { at: dateTime(one.until, language, zone) }),
  ];
  return (
    <Line title={`${total} · ${whom}`} facts={facts} {...(isIn ? { state: t("accepted") } : {})}>
      <div className={styles.row}>
        {place >= 0 && !isIn && (
          <Act
            verb={t("accept")}
            what={`${total}, ${whom}`}
            refresh={ME}
            send={() => answer(city.POST("/api/me/splits/{split}/accept", { params: { path } }))}
          />
        )}
        <Act
          quiet
          verb={t(one.starter === me ? "callOff" : "decline")}
          what={`${total}, ${whom}`}
          refresh={ME}
          send={() => answer(city.DELETE("/api/me/splits/{split}", { params: { path } }))}
        />
      </div>
    </Line>
  );
}

function Start() {
  const t = useWords(mineWords);
  const m = useWords(moneyWords);
  const shops = useQuery(openShopsQuery).data ?? [];
  const me = shortName(useSession()?.id ?? "");
  const payeeOf = (typed: string) => shops.find(({ name }) => name === typed)?.id ?? fullId(typed);
  return (
    <FieldsForm
      title={t("splitTitle")}
      fields={[
        { name: "payee", label: t("splitPayee"), help: t("splitPayeeHelp") },
        {
          name: "payers",
          label: t("splitPayers"),
          help: t("splitPayersHelp"),
          kind: "lines",
          first: `${me}\n`,
        },
        { name: "total", label: t("splitTotal"), kind: "won" },
        { name: "memo", label: m("memo"), optional: true },
        { name: "hours", label: t("splitHours"), kind: "number", first: 24, min: 1, max: 168 },
      ]}
      verb={t("splitStart")}
      done={t("splitStarted")}
      refresh={ME}
      send={(said) =>
        answer(
          city.POST("/api/me/splits", {
            body: {
              payee: payeeOf(said.text("payee")),
              payers: said.ids("payers"),
              total_won: said.whole("total"),
              memo: said.text("memo"),
              hours: said.whole("hours"),
            },
            ...once(said.key),
          }),
        )
      }
    />
  );
}
