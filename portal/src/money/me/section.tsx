/** The frame of one of the pages behind "my money". */
import type { ReactNode } from "react";
import { Link } from "react-router";
import { Page } from "~/design/page";
import { useWords } from "~/words/language";
import styles from "../money.module.css";
import { Told } from "../told";
import { moneyWords } from "../words";

export function Section({
  title,
  lead,
  children,
}: {
  title: string;
  lead?: string;
  children: ReactNode;
}) {
  const t = useWords(moneyWords);
  return (
    <Page
      narrow
      title={title}
      {...(lead ? { lead } : {})}
      beside={<Link to="/me/money">{t("back")}</Link>}
    >
      <div className={styles.parts}>
        <Told>{children}</Told>
      </div>
    </Page>
  );
}
