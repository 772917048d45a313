/** Language and appearance, kept on this device. */
import { SegmentedControl, useMantineColorScheme } from "@mantine/core";
import { Page, Panel } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import { shellWords } from "~/words/shell";
import styles from "./me.module.css";
import { meWords } from "./words";

export default function SettingsPage() {
  const t = useWords(meWords);
  const shell = useWords(shellWords);
  const { language, setLanguage } = useLanguage();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Page narrow title={t("settings")} lead={t("settingsLead")}>
      <Panel>
        <div className={styles.options}>
          <fieldset>
            <legend>{t("language")}</legend>
            <SegmentedControl
              fullWidth
              value={language}
              data={[
                { value: "ko", label: <span lang="ko">{t("korean")}</span> },
                { value: "en", label: <span lang="en">{t("english")}</span> },
              ]}
              onChange={(value) => setLanguage(value)}
            />
          </fieldset>
          <fieldset>
            <legend>{t("theme")}</legend>
            <SegmentedControl
              fullWidth
              value={colorScheme}
              data={[
                { value: "light", label: shell("light") },
                { value: "dark", label: shell("dark") },
                { value: "auto", label: shell("system") },
              ]}
              onChange={(value) => setColorScheme(value)}
            />
          </fieldset>
        </div>
      </Panel>
    </Page>
  );
}
