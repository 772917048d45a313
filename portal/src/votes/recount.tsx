/** How anybody counts again: the export, and two programs that share no code with the city. */
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Trouble } from "~/design/page";
import { saveFile } from "~/design/save-file";
import { useWords } from "~/words/language";
import { exportAddress } from "./queries";
import styles from "./votes.module.css";
import { votesWords } from "./words";

/** Each with the files beside it, without which it does not run. */
const PROGRAMS = {
  "ballots.py": import.meta.glob<string>("../../../verifier/ballots*.py", {
    query: "?raw",
    import: "default",
  }),
  "ballots.mjs": import.meta.glob<string>("../../../verifier/ballots*.mjs", {
    query: "?raw",
    import: "default",
  }),
} as const;
type Program = keyof typeof PROGRAMS;

export function Recount({ poll, isCounted }: { poll: string; isCounted: boolean }) {
  const t = useWords(votesWords);
  const fetched = useMutation({
    mutationFn: async (name: Program) => {
      for (const [path, read] of Object.entries(PROGRAMS[name]))
        saveFile(new Blob([await read()]), path.slice(path.lastIndexOf("/") + 1));
    },
  });
  const file = `${poll}.json`;
  return (
    <div className={styles.stack}>
      <h2>{t("recount")}</h2>
      <p>{t("recountDetail")}</p>
      <div className={styles.row}>
        {isCounted ? (
          <Button component="a" href={exportAddress(poll)} download={file} variant="default">
            {t("download")}
          </Button>
        ) : (
          <p className={styles.fine}>{t("recountSoon")}</p>
        )}
        {(Object.keys(PROGRAMS) as Program[]).map((name) => (
          <Button key={name} variant="subtle" onClick={() => fetched.mutate(name)}>
            {t("saveProgram", { name, count: Object.keys(PROGRAMS[name]).length })}
          </Button>
        ))}
      </div>
      <code className={styles.code}>{`python ballots.py ${file}\nnode ballots.mjs ${file}`}</code>
      <p className={styles.fine}>{t("recountTrust")}</p>
      {fetched.error && <Trouble error={fetched.error} />}
    </div>
  );
}
