import { useMantineColorScheme } from "@mantine/core";
import { useScheme } from "~/design/scheme";
import { Icon } from "~/design/icons";
import { useLanguage, useWords } from "~/words/language";
import { shellWords } from "~/words/shell";
import styles from "./shell.module.css";

/** Say the other language's name in that language, so that whoever needs it can read it. */
export function LanguageButton() {
  const { language, setLanguage } = useLanguage();
  const t = useWords(shellWords);
  const other = language === "ko" ? "en" : "ko";
  return (
    <button type="button" className={styles.tool} lang={other} onClick={() => setLanguage(other)}>
      {t("speakOther")}
    </button>
  );
}

export function ThemeButton() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useScheme();
  const t = useWords(shellWords);
  const other = scheme === "light" ? "dark" : "light";
  return (
    <button
      type="button"
      className={`${styles.tool ?? ""} ${styles.roomy ?? ""}`}
      aria-label={t(other === "dark" ? "turnDark" : "turnLight")}
      onClick={() => setColorScheme(other)}
    >
      <Icon name={other === "dark" ? "moon" : "sun"} />
    </button>
  );
}
