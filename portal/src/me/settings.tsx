/** How one reads on this device, and what one may say about oneself. */
import { SegmentedControl, useMantineColorScheme } from "@mantine/core";
import type { ReactNode } from "react";
import { isPerson, useSession } from "~/api/session";
import { setReading, SIZES, useOrientation, useReading, type Size } from "~/design/reading";
import { Page, Panel } from "~/design/page";
import { IdentityLinks } from "~/identity/links";
import { useLanguage, useWords } from "~/words/language";
import { shellWords } from "~/words/shell";
import { AboutMe } from "./about-me";
import { Leave } from "./leave";
import styles from "./me.module.css";
import { settingsWords } from "./settings-words";
import { meWords } from "./words";

export default function SettingsPage() {
  const t = useWords(meWords);
  const s = useWords(settingsWords);
  const session = useSession();
  return (
    <Page narrow title={t("settings")} lead={t("settingsLead")}>
      <div className={styles.home}>
        <Panel label={s("onDevice")}>
          <div className={styles.options}>
            <h2>{s("onDevice")}</h2>
            <Language />
            <Appearance />
            <TextSize />
            <Motion />
          </div>
        </Panel>
        <IdentityLinks />
        {isPerson(session) && <AboutMe />}
        {session && <Leave />}
      </div>
    </Page>
  );
}

/** A choice, and what it does. */
function Choice({
  legend,
  help,
  children,
}: {
  legend: string;
  help?: string;
  children: ReactNode;
}) {
  return (
    <fieldset>
      <legend>{legend}</legend>
      {children}
      {help && <p className={styles.source}>{help}</p>}
    </fieldset>
  );
}

function Language() {
  const t = useWords(meWords);
  const { language, setLanguage } = useLanguage();
  return (
    <Choice legend={t("language")}>
      <SegmentedControl
        fullWidth
        orientation={useOrientation()}
        value={language}
        data={[
          { value: "ko", label: <span lang="ko">{t("korean")}</span> },
          { value: "en", label: <span lang="en">{t("english")}</span> },
        ]}
        onChange={(value) => setLanguage(value)}
      />
    </Choice>
  );
}

function Appearance() {
  const t = useWords(meWords);
  const shell = useWords(shellWords);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Choice legend={t("theme")}>
      <SegmentedControl
        fullWidth
        orientation={useOrientation()}
        value={colorScheme}
        data={[
          { value: "light", label: shell("light") },
          { value: "dark", label: shell("dark") },
          { value: "auto", label: shell("system") },
        ]}
        onChange={(value) => setColorScheme(value)}
      />
    </Choice>
  );
}

function TextSize() {
  const s = useWords(settingsWords);
  const { size } = useReading();
  return (
    <Choice legend={s("size")} help={s("sizeHelp")}>
      <SegmentedControl
        fullWidth
        orientation={useOrientation()}
        value={String(size)}
        data={SIZES.map((one) => ({ value: String(one), label: s(`size_${one}`) }))}
        onChange={(value) => setReading({ size: Number(value) as Size })}
      />
    </Choice>
  );
}

function Motion() {
  const s = useWords(settingsWords);
  const shell = useWords(shellWords);
  const { still } = useReading();
  return (
    <Choice legend={s("motion")} help={s("motionHelp")}>
      <SegmentedControl
        fullWidth
        orientation={useOrientation()}
        value={still ? "still" : "device"}
        data={[
          { value: "device", label: shell("system") },
          { value: "still", label: s("still") },
        ]}
        onChange={(value) => setReading({ still: value === "still" })}
      />
    </Choice>
  );
}
