/** The notary: a file's fingerprint goes into the city's ledger, the file stays here. */
import { Button, Checkbox, TextInput } from "@mantine/core";
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, city } from "~/api/client";
import { cityQuery } from "~/api/queries";
import type { components } from "~/api/schema";
import { dateTime, number } from "~/design/figures";
import { Empty, Loaded, Page, Panel, Trouble } from "~/design/page";
import { FileField } from "~/ledger/file-field";
import type { Hashed } from "~/ledger/file-hash";
import proof from "~/ledger/ledger.module.css";
import { notaryWords } from "~/ledger/notary-words";
import { ProveButton } from "~/ledger/prove-button";
import { useLanguage, useWords } from "~/words/language";
import { agreementWords, thingWords } from "~/registry/words";
import { CardLink } from "./card-link";
import styles from "./me.module.css";

type Document = components["schemas"]["CertifiedDocument"];

const MOST_TITLE = 120; // letters, as the city allows

const documentsQuery = queryOptions({
  queryKey: ["me", "documents"],
  queryFn: ({ signal }) => answer(city.GET("/api/me/documents", { signal })),
});

export default function DocumentsPage() {
  const t = useWords(notaryWords);
  const documents = useQuery(documentsQuery);
  return (
    <Page narrow title={t("title")} lead={t("lead")}>
      <Panel label={t("certify")}>
        <Certify />
      </Panel>
      <Registry />
      <section className={styles.section} aria-label={t("mine")}>
        <h2>{t("mine")}</h2>
        <p className={styles.source}>{t("notTrue")}</p>
        <Loaded from={documents} lines={2}>
          {(all) =>
            all.length === 0 ? (
              <Empty icon="table" title={t("none")} detail={t("noneDetail")} />
            ) : (
              <ul className={styles.rows}>
                {all.toReversed().map((one) => (
                  <Line key={one.id} document={one} />
                ))}
              </ul>
            )
          }
        </Loaded>
      </section>
    </Page>
  );
}

/** The other rooms of the registry. */
function Registry() {
  const a = useWords(agreementWords);
  const o = useWords(thingWords);
  return (
    <div className={styles.ways}>
      <CardLink to="/me/agreements" icon="ticket" title={a("title")} detail={a("detail")} />
      <CardLink to="/me/things" icon="home" title={o("title")} detail={o("detail")} />
    </div>
  );
}

function Certify() {
  const t = useWords(notaryWords);
  const queries = useQueryClient();
  const [hashed, setHashed] = useState<Hashed | null>(null);
  const [title, setTitle] = useState("");
  const [names_signer, setNames] = useState(false);
  const certify = useMutation({
    mutationFn: ({ sha256, n_bytes }: Hashed) =>
      answer(
        city.POST("/api/me/documents", {
          body: { sha256, n_bytes, title: title.trim(), names_signer },
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: documentsQuery.queryKey }),
  });
  const take = (file: Hashed) => {
    certify.reset();
    setHashed(file);
    setTitle(file.name.slice(0, MOST_TITLE));
  };
  return (
    <form
      className={proof.proof}
      onSubmit={(event) => {
        event.preventDefault();
        if (hashed && title.trim()) certify.mutate(hashed);
      }}
    >
      <FileField onHashed={take} />
      {hashed && (
        <>
          <TextInput
            label={t("name")}
            description={t("nameHelp")}
            value={title}
            maxLength={MOST_TITLE}
            required
            onChange={({ currentTarget }) => setTitle(currentTarget.value)}
          />
          <Checkbox
            label={t("namesMe")}
            checked={names_signer}
            onChange={({ currentTarget }) => setNames(currentTarget.checked)}
          />
          <div className={proof.row}>
            <Button type="submit" loading={certify.isPending} disabled={!title.trim()}>
              {t("certify")}
            </Button>
          </div>
        </>
      )}
      {certify.isSuccess && (
        <p className={styles.done} role="status">
          {t("certified")}
        </p>
      )}
      {certify.error && <Trouble error={certify.error} />}
    </form>
  );
}

function Line({ document }: { document: Document }) {
  const t = useWords(notaryWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  return (
    <li>
      <span>{document.title}</span>
      <small className={styles.step}>
        {t("size", { count: number(document.n_bytes, language) })}
      </small>
      <small>{dateTime(document.at, language, zone)}</small>
      <div className={styles.proof}>
        <ProveButton
          wanted={{ kind: "document", id: `platform/${document.id}` }}
          what={document.title}
        />
      </div>
    </li>
  );
}
