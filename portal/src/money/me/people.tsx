/** Between people: sending, asking, and answering who asks. */
import { useQuery } from "@tanstack/react-query";
import { answer, city, once } from "~/api/client";
import { cityQuery } from "~/api/queries";
import { dateTime, won } from "~/design/figures";
import { Loaded, Panel } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import { FieldsForm } from "../form";
import styles from "../money.module.css";
import { shortName } from "../names";
import { Act, Line, Lines } from "../parts";
import { ME, moneyRequestsQuery } from "../queries";
import { moneyWords } from "../words";
import { Section } from "./section";
import { mineWords } from "./words";

export default function PeoplePage() {
  const t = useWords(mineWords);
  const requests = useQuery(moneyRequestsQuery);
  return (
    <Section title={t("people")} lead={t("peopleLead")}>
      <h2>{t("toMe")}</h2>
      <Loaded from={requests} lines={1}>
        {({ to_me }) => (
          <Lines of={to_me} label={t("toMe")} none={t("noneToMe")} noneDetail={t("noneToMeDetail")}>
            {(one) => <Request key={one.id} one={one} isMine={false} />}
          </Lines>
        )}
      </Loaded>
      <Panel>
        <Send />
      </Panel>
      <Panel>
        <Ask />
      </Panel>
      <h2>{t("byMe")}</h2>
      <Loaded from={requests} lines={1}>
        {({ by_me }) => (
          <Lines of={by_me} label={t("byMe")} none={t("noneByMe")} noneDetail={t("noneByMeDetail")}>
            {(one) => <Request key={one.id} one={one} isMine />}
          </Lines>
        )}
      </Loaded>
    </Section>
  );
}

interface Asked {
  id: string;
  payee: string;
  payer: string;
  amount_won: number;
  memo?: string;
  until: string;
}

function Request({ one, isMine }: { one: Asked; isMine: boolean }) {
  const t = useWords(mineWords);
  const m = useWords(moneyWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  const path = { request: one.id };
  const amount = won(one.amount_won, language);
  const whom = shortName(isMine ? one.payer : one.payee);
  const decline = () =>
    answer(city.DELETE("/api/me/money-requests/{request}", { params: { path } }));
  const facts = [
    t(isMine ? "to" : "from", { whom }),
    one.memo,
    m("until", { at: dateTime(one.until, language, zone) }),
  ];
  return (
    <Line title={amount} facts={facts}>
      <div className={styles.row}>
        {!isMine && (
          <Act
            again
            verb={t("pay")}
            what={`${amount}, ${whom}`}
            refresh={ME}
            send={() =>
              answer(city.POST("/api/me/money-requests/{request}/pay", { params: { path } }))
            }
          />
        )}
        <Act
          quiet
          verb={t(isMine ? "withdraw" : "decline")}
          what={`${amount}, ${whom}`}
          refresh={ME}
          send={decline}
        />
      </div>
    </Line>
  );
}

function Send() {
  const t = useWords(mineWords);
  const m = useWords(moneyWords);
  return (
    <FieldsForm
      title={t("sendTitle")}
      fields={[
        { name: "payee", label: m("whom"), help: m("whomHelp") },
        { name: "amount", label: m("amount"), kind: "won" },
        { name: "memo", label: m("memo"), optional: true },
      ]}
      verb={t("send")}
      again
      done={t("sent")}
      refresh={ME}
      send={(said) =>
        answer(
          city.POST("/api/me/transfers", {
            body: {
              transfer: said.key,
              payee: said.id("payee"),
              amount_won: said.whole("amount"),
              memo: said.text("memo"),
            },
          }),
        )
      }
    />
  );
}

function Ask() {
  const t = useWords(mineWords);
  const m = useWords(moneyWords);
  return (
    <FieldsForm
      title={t("askTitle")}
      fields={[
        { name: "payer", label: t("askWhom"), help: m("whomHelp") },
        { name: "amount", label: m("amount"), kind: "won" },
        { name: "memo", label: m("memo"), optional: true },
        { name: "days", label: t("askDays"), kind: "number", first: 7, min: 1, max: 30 },
      ]}
      verb={t("ask")}
      done={t("asked")}
      refresh={ME}
      send={(said) =>
        answer(
          city.POST("/api/me/money-requests", {
            body: {
              payer: said.id("payer"),
              amount_won: said.whole("amount"),
              memo: said.text("memo"),
              days: said.whole("days"),
            },
            ...once(said.key),
          }),
        )
      }
    />
  );
}
