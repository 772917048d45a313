/** Choosing a file and computing its fingerprint, as the notary and the check of files do. */
import { useMutation } from "@tanstack/react-query";
import { bytes, number } from "~/design/figures";
import { Trouble } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import { DropFile } from "./drop";
import { hashFile, MOST_FILE_BYTES, TooLarge, type Hashed } from "./file-hash";
import styles from "./ledger.module.css";
import { notaryWords } from "./notary-words";

export function FileField({ onHashed }: { onHashed: (hashed: Hashed) => void }) {
  const t = useWords(notaryWords);
  const { language } = useLanguage();
  const hash = useMutation({ mutationFn: hashFile, onSuccess: onHashed });
  const { data, error } = hash;
  return (
    <div className={styles.proof}>
      <DropFile prompt={t("drop")} onFile={(file) => hash.mutate(file)}>
        <span className={styles.fine}>{t("stays")}</span>
      </DropFile>
      {hash.isPending && <p role="status">{t("hashing")}</p>}
      {error instanceof TooLarge && (
        <p role="alert">
          {t("tooLarge", {
            size: bytes(error.size, language),
            most: bytes(MOST_FILE_BYTES, language),
          })}
        </p>
      )}
      {error && !(error instanceof TooLarge) && <Trouble error={error} />}
      {data && <Fingerprint hashed={data} />}
    </div>
  );
}

function Fingerprint({ hashed }: { hashed: Hashed }) {
  const t = useWords(notaryWords);
  const { language } = useLanguage();
  return (
    <section className={styles.part}>
      <h2>{t("fingerprint")}</h2>
      <p>
        {hashed.name} · {t("size", { count: number(hashed.n_bytes, language) })}
      </p>
      <code className={styles.code}>{hashed.sha256}</code>
    </section>
  );
}
