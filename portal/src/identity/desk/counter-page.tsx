/** The city office's counter: who it is, then what they came for. */
import { Button } from "@mantine/core";
import { useState } from "react";
import { useSession } from "~/api/session";
import { date, day } from "~/design/figures";
import { Empty, Page, Panel } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import type { Registration } from "../api";
import styles from "../identity.module.css";
import { Attest } from "./attest";
import { DeviceCode } from "./device";
import { Find } from "./find";
import { Guardian } from "./guardian";
import { Issued } from "./issued";
import { Offer } from "./offer";
import { Register } from "./register";
import { counterWords } from "./words";

export default function CounterPage() {
  const t = useWords(counterWords);
  const session = useSession();
  const [whom, setWhom] = useState<Registration | null>(null);
  if (session?.role !== "agency") {
    return (
      <Page narrow title={t("title")}>
        <Empty icon="key" title={t("onlyAgency")} detail={t("onlyAgencyDetail")} />
      </Page>
    );
  }
  return (
    <Page narrow title={t("title")} lead={t("lead")}>
      <div className={styles.page}>
        {whom ? (
          <Served whom={whom} onOther={() => setWhom(null)} onCorrected={setWhom} />
        ) : (
          <>
            <Panel label={t("who")}>
              <Find onFound={setWhom} />
            </Panel>
            <Panel label={t("register")}>
              <Register onEntered={setWhom} />
            </Panel>
          </>
        )}
      </div>
    </Page>
  );
}

function Served({
  whom,
  onOther,
  onCorrected,
}: {
  whom: Registration;
  onOther: () => void;
  onCorrected: (whom: Registration) => void;
}) {
  const t = useWords(counterWords);
  const { person } = whom;
  return (
    <>
      <Panel label={t("who")}>
        <div className={styles.stack}>
          <h2>{t("chosen", { name: whom.name })}</h2>
          <Lines whom={whom} />
          <div className={styles.row}>
            <Button variant="default" onClick={onOther}>
              {t("other")}
            </Button>
          </div>
        </div>
      </Panel>
      <Panel label={t("device")}>
        <DeviceCode key={person} person={person} isLost={false} />
      </Panel>
      <Panel label={t("offer")}>
        <Offer person={person} />
      </Panel>
      <Panel label={t("attest")}>
        <Attest person={person} />
      </Panel>
      <Panel label={t("guardian")}>
        <Guardian person={person} />
      </Panel>
      <Panel label={t("issued")}>
        <Issued person={person} />
      </Panel>
      <Panel label={t("lost")}>
        <DeviceCode key={person} person={person} isLost />
      </Panel>
      <Panel label={t("correct")}>
        <Register known={whom} onEntered={onCorrected} />
      </Panel>
    </>
  );
}

export function Lines({ whom }: { whom: Registration }) {
  const t = useWords(counterWords);
  const { language } = useLanguage();
  const { born, living_zone: zone, since, left, person } = whom;
  return (
    <>
      <span>{t("line", { born: date(born, language), zone, since: date(since, language) })}</span>
      {left && <strong>{t("left", { at: day(left, language) })}</strong>}
      <small>{person}</small>
    </>
  );
}
