/** A month of one's own account as a file, for one's own books. */
import { Button, NativeSelect } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, city } from "~/api/client";
import { cityQuery } from "~/api/queries";
import { Trouble } from "~/design/page";
import { saveFile } from "~/design/save-file";
import { useWords } from "~/words/language";
import { dayOf } from "./instants";
import styles from "./money.module.css";
import { newestMonths } from "./treasury/months";
import { moneyWords } from "./words";

const MONTHS = 12;

const BOM = "\ufeff"; // by which spreadsheets know that Korean is Korean

export function StatementFile() {
  const t = useWords(moneyWords);
  const zone = useQuery(cityQuery).data?.time_zone ?? "Asia/Seoul";
  const months = newestMonths(dayOf(new Date(), zone), MONTHS);
  const [chosen, setMonth] = useState("");
  const month = chosen || (months[0] ?? "");
  const save = useMutation({
    mutationFn: () => {
      const query = { month, format: "csv" } as never;
      return answer(city.GET("/api/me/statement", { params: { query }, parseAs: "text" }));
    },
    onSuccess: (text) => saveFile(new Blob([BOM, text], { type: "text/csv" }), `${month}.csv`),
  });
  return (
    <div className={styles.form}>
      <div className={styles.ends}>
        <NativeSelect
          label={t("statementMonth")}
          value={month}
          data={months}
          onChange={({ currentTarget }) => setMonth(currentTarget.value)}
        />
        <Button variant="default" loading={save.isPending} onClick={() => save.mutate()}>
          {t("statementSave")}
        </Button>
      </div>
      {save.error && <Trouble error={save.error} />}
    </div>
  );
}
