/** Files for the bank: made of what shops cash out, downloaded, and the bank's answer. */
import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { answer, city, once } from "~/api/client";
import { useSession } from "~/api/session";
import { day, number, won } from "~/design/figures";
import { Empty, Loaded, Panel, Trouble } from "~/design/page";
import { saveFile } from "~/design/save-file";
import { useLanguage, useWords } from "~/words/language";
import { FieldsForm } from "../form";
import styles from "../money.module.css";
import { shortName } from "../names";
import { Line, Lines, Opened } from "../parts";
import { bankFilesQuery, OFFICE, queueQuery, type BankFile } from "../queries";
import { programmeWords } from "./more-words";
import { officeWords } from "./words";

export function Bank() {
  const p = useWords(programmeWords);
  if (useSession()?.role !== "operator") {
    return <Empty icon="person" title={p("operatorsOnly")} detail={p("operatorsOnlyDetail")} />;
  }
  return <Files />;
}

function Files() {
  const t = useWords(officeWords);
  const p = useWords(programmeWords);
  const { language } = useLanguage();
  const queue = useQuery(queueQuery);
  const files = useQuery(bankFilesQuery);
  return (
    <>
      <Loaded from={queue} lines={1}>
        {(now) => (
          <p>
            {p("queueNow", {
              count: number(now.waiting, language),
              amount: won(now.waiting_won, language),
              sent: number(now.sent, language),
              sentWon: won(now.sent_won, language),
            })}
          </p>
        )}
      </Loaded>
      <Loaded from={files} lines={1}>
        {(all) => (
          <Lines of={all} label={t("bank")} none={t("none")} noneDetail={t("noneDetail")}>
            {(one) => <File key={one.id} one={one} />}
          </Lines>
        )}
      </Loaded>
      <Panel>
        <Make />
      </Panel>
    </>
  );
}

function File({ one }: { one: BankFile }) {
  const p = useWords(programmeWords);
  const { language } = useLanguage();
  const path = { file: one.id };
  const download = useMutation({
    mutationFn: () =>
      answer(city.GET("/api/bank-files/{file}", { params: { path }, parseAs: "text" })),
    onSuccess: (text) =>
      saveFile(
        new Blob([text], { type: "application/xml" }),
        `pain.001-${shortName(one.id).replace(/\W+/g, "-")}.xml`,
      ),
  });
  const title = p("file", {
    count: number(one.count, language),
    amount: won(one.sum_won, language),
    day: day(one.on, language),
  });
  return (
    <Line title={title} facts={[`${one.payer} · ${one.bank} ${one.bank_account}`]}>
      <div className={styles.form}>
        <div className={styles.row}>
          <Button size="compact-md" loading={download.isPending} onClick={() => download.mutate()}>
            {p("download")}
          </Button>
        </div>
        {download.error && <Trouble error={download.error} />}
        <Opened verb={p("answer")}>
          <FieldsForm
            fields={[
              {
                name: "returned",
                label: p("returned"),
                help: p("returnedHelp"),
                kind: "several",
                optional: true,
                options: one.cash_outs.map((value) => ({ value, label: shortName(value) })),
              },
              { name: "why", label: p("why"), optional: true },
            ]}
            verb={p("answer")}
            again
            done={p("answered")}
            refresh={OFFICE}
            send={(said) =>
              answer(
                city.POST("/api/bank-files/{file}/answer", {
                  params: { path },
                  body: {
                    returned: said
                      .picked("returned")
                      .map((cash_out) => ({ cash_out, reason: said.text("why") })),
                  },
                }),
              )
            }
          />
        </Opened>
      </div>
    </Line>
  );
}

function Make() {
  const p = useWords(programmeWords);
  return (
    <FieldsForm
      title={p("makeFile")}
      fields={[
        { name: "on", label: p("on"), kind: "day" },
        { name: "payer", label: p("payer"), max: 70 },
        { name: "bank", label: p("bic"), max: 11 },
        { name: "account", label: p("account"), max: 34 },
      ]}
      verb={p("makeFile")}
      done={p("fileMade")}
      refresh={OFFICE}
      send={(said) =>
        answer(
          city.POST("/api/bank-files", {
            body: {
              on: said.text("on"),
              payer: said.text("payer"),
              bank: said.text("bank").toUpperCase(),
              bank_account: said.text("account"),
            },
            ...once(said.key),
          }),
        )
      }
    />
  );
}
