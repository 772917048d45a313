/** A code for wallets, as a page of this city's that a phone's camera opens, or for a wallet app. */
import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { RunningCode } from "~/me/pay/qr";
import { useWords } from "~/words/language";
import styles from "../identity.module.css";
import { askWords } from "./words";

export function TwoWays({
  link,
  page,
  until,
  label,
}: {
  link: string;
  page: "/me/show" | "/me/credentials";
  until: string;
  label: string;
}) {
  const t = useWords(askWords);
  const [way, setWay] = useState("page");
  const [, query = ""] = link.split("?");
  // What is behind the # is told to no server.
  const payload = way === "page" ? `${location.origin}${page}#${query}` : link;
  return (
    <div className={styles.stack}>
      <SegmentedControl
        aria-label={t("forWhom")}
        fullWidth
        value={way}
        onChange={setWay}
        data={[
          { value: "page", label: t("forPage") },
          { value: "app", label: t("forApp") },
        ]}
      />
      <p className={styles.fine}>{t(way === "page" ? "forPageHelp" : "forAppHelp")}</p>
      <RunningCode key={payload} payload={payload} until={until} label={label} />
    </div>
  );
}
