import { Button, Progress } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { cityQuery } from "~/api/queries";
import { dateTime, won } from "~/design/figures";
import { Loaded, Panel, Trouble } from "~/design/page";
import styles from "~/me/me.module.css";
import { AmountInput, wonOf } from "~/me/pay/amount";
import { useLanguage, useWords } from "~/words/language";
import { drivesQuery, pledge, useStep, type Drive } from "./queries";
import registry from "./registry.module.css";
import { agreementWords } from "./words";

/** Goals that are paid for together, or by nobody. */
export function Drives() {
  const t = useWords(agreementWords);
  const drives = useQuery(drivesQuery);
  return (
    <section className={styles.section} aria-label={t("drives")}>
      <h2>{t("drives")}</h2>
      <p className={styles.source}>{t("drivesNote")}</p>
      <Loaded from={drives} lines={1}>
        {(all) =>
          all.length === 0 ? (
            <p>{t("noDrives")}</p>
          ) : (
            all.map((one) => <DriveCard key={one.id} drive={one} />)
          )
        }
      </Loaded>
    </section>
  );
}

function DriveCard({ drive }: { drive: Drive }) {
  const t = useWords(agreementWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  const [amount, setAmount] = useState<number | string>("");
  const give = useStep((amount_won: number, key) => pledge(drive.id, amount_won, key));
  const wanted = wonOf(amount);
  const share = Math.min(100, (100 * drive.pledged_won) / drive.goal_won);
  const told = t("pledged", {
    pledged: won(drive.pledged_won, language),
    goal: won(drive.goal_won, language),
  });
  return (
    <Panel label={drive.title}>
      <form
        className={registry.card}
        onSubmit={(event) => {
          event.preventDefault();
          if (wanted !== null) give.mutate(wanted, { onSuccess: () => setAmount("") });
        }}
      >
        <h3>{drive.title}</h3>
        <Progress.Root size="lg">
          <Progress.Section value={share} aria-label={told} />
        </Progress.Root>
        <p>
          {told} · {t("ends", { until: dateTime(drive.until, language, zone) })}
        </p>
        <AmountInput
          label={t("pledgeTo", { title: drive.title })}
          value={amount}
          onChange={setAmount}
        />
        <Button type="submit" loading={give.isPending} disabled={wanted === null}>
          {t("pledge")}
        </Button>
        {give.isSuccess && (
          <p className={styles.done} role="status">
            {t("pledgedNow", { amount: won(give.variables, language) })}
          </p>
        )}
        {give.error && <Trouble error={give.error} />}
      </form>
    </Panel>
  );
}
