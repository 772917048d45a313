/** Anybody asks when a file was certified; what the city is told is its fingerprint only. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, city } from "~/api/client";
import { cityQuery } from "~/api/queries";
import { dateTime } from "~/design/figures";
import { Icon } from "~/design/icons";
import { Empty, Loaded, Page } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import { FileField } from "./file-field";
import styles from "./ledger.module.css";
import { notaryWords } from "./notary-words";
import { VerifyWays } from "./verify-ways";

export default function FilePage() {
  const t = useWords(notaryWords);
  const [sha256, setHash] = useState("");
  return (
    <Page narrow title={t("checkTitle")} lead={t("checkLead")}>
      <VerifyWays />
      <div className={styles.proof}>
        <FileField onHashed={(hashed) => setHash(hashed.sha256)} />
        {sha256 && <Certificates sha256={sha256} />}
      </div>
    </Page>
  );
}

function Certificates({ sha256 }: { sha256: string }) {
  const t = useWords(notaryWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  const found = useQuery({
    queryKey: ["documents", sha256],
    queryFn: ({ signal }) =>
      answer(city.GET("/api/documents", { params: { query: { sha256 } }, signal })),
    staleTime: 0,
  });
  return (
    <Loaded from={found} lines={1}>
      {(certificates) =>
        certificates.length === 0 ? (
          <div role="status">
            <Empty icon="search" title={t("absent")} detail={t("absentDetail")} />
          </div>
        ) : (
          <>
            <div className={styles.outcome} role="status">
              <Icon name="check" size={24} />
              <strong>{t("found")}</strong>
              <p>{t("foundDetail")}</p>
            </div>
            <ul className={styles.list} data-holds>
              {certificates.map(({ document, at, signer }) => (
                <li key={document}>
                  <Icon name="check" size={18} />
                  <span>
                    {t("foundAt", { at: dateTime(at, language, zone) })}
                    <br />
                    <small className={styles.fine}>
                      {signer
                        ? t("by", { who: signer.replace(/^urn:ngsi-ld:/, "") })
                        : t("byHidden")}
                    </small>
                  </span>
                </li>
              ))}
            </ul>
            <p className={styles.fine}>{t("wordOnly")}</p>
          </>
        )
      }
    </Loaded>
  );
}
