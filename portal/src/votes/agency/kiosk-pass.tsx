/** A pass for the booth: for somebody whose papers the desk has seen; shown here and nowhere else. */
import { Button, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, city } from "~/api/client";
import { cityQuery } from "~/api/queries";
import { dateTime } from "~/design/figures";
import { Panel, Trouble } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import kiosk from "../kiosk.module.css";
import styles from "../votes.module.css";
import { personOf } from "./person";
import { agencyWords } from "./words";

export function KioskPass({ poll }: { poll: string }) {
  const t = useWords(agencyWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  const [who, setWho] = useState("");
  const give = useMutation({
    mutationFn: () =>
      answer(
        city.POST("/api/polls/{poll}/kiosk-passes", {
          params: { path: { poll } },
          body: { person: personOf(who) },
        }),
      ),
    onSuccess: () => setWho(""),
    gcTime: 0,
  });
  return (
    <Panel label={t("kioskPass")}>
      <form
        className={styles.stack}
        onSubmit={(event) => {
          event.preventDefault();
          if (who.trim()) give.mutate();
        }}
      >
        <h2>{t("kioskPass")}</h2>
        <p className={styles.fine}>{t("kioskPassHelp")}</p>
        <TextInput
          label={t("person")}
          value={who}
          maxLength={200}
          spellCheck={false}
          autoComplete="off"
          onChange={({ currentTarget }) => setWho(currentTarget.value)}
        />
        <div className={styles.row}>
          <Button type="submit" loading={give.isPending} disabled={who.trim() === ""}>
            {t("kioskPassGive")}
          </Button>
        </div>
        {give.data && (
          <div role="status" className={styles.stack}>
            <code className={kiosk.pass}>{give.data.pass}</code>
            <p>{t("kioskPassUntil", { at: dateTime(give.data.until, language, zone) })}</p>
            <div className={styles.row}>
              <Button variant="default" onClick={() => give.reset()}>
                {t("kioskPassHide")}
              </Button>
            </div>
          </div>
        )}
        {give.error && <Trouble error={give.error} />}
      </form>
    </Panel>
  );
}
