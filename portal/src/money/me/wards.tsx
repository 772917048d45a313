/** Whose money somebody looks after: what they have, and paying for them. */
import { useQuery } from "@tanstack/react-query";
import { answer, city } from "~/api/client";
import { won } from "~/design/figures";
import { Loaded } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import { FieldsForm } from "../form";
import { shortName } from "../names";
import { Line, Lines, Opened } from "../parts";
import { ME, wardsQuery } from "../queries";
import { moneyWords } from "../words";
import { Section } from "./section";
import { mineWords } from "./words";

export default function WardsPage() {
  const t = useWords(mineWords);
  const m = useWords(moneyWords);
  const { language } = useLanguage();
  const wards = useQuery(wardsQuery);
  return (
    <Section title={t("wards")} lead={t("wardLead")}>
      <Loaded from={wards} lines={2}>
        {(all) => (
          <Lines of={all} label={t("wards")} none={t("noWards")} noneDetail={t("noWardsDetail")}>
            {(one) => (
              <Line
                key={one.person}
                title={shortName(one.person)}
                facts={[
                  t("wardHas", { amount: won(one.balance_won - one.held_won, language) }),
                  t("wardToday", {
                    left: won(one.left_today_won, language),
                    all: won(one.most_won_a_day, language),
                  }),
                ]}
              >
                <Opened verb={t("wardPay")}>
                  <FieldsForm
                    fields={[
                      { name: "payee", label: t("wardPayee"), help: m("whomHelp") },
                      { name: "amount", label: m("amount"), kind: "won" },
                      { name: "memo", label: m("memo"), optional: true },
                    ]}
                    verb={t("pay")}
                    again
                    done={t("paid")}
                    refresh={ME}
                    send={(said) =>
                      answer(
                        city.POST("/api/me/wards/{person}/transfers", {
                          params: { path: { person: one.person } },
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
                </Opened>
              </Line>
            )}
          </Lines>
        )}
      </Loaded>
    </Section>
  );
}
