/** What was made of one kind, and below it the form that makes one more. */
import type { ReactNode } from "react";
import { Loaded, Panel } from "~/design/page";
import { useWords } from "~/words/language";
import styles from "../money.module.css";
import { Lines } from "../parts";
import { Purse } from "./purse";
import { officeWords } from "./words";

export function Programmes<T>({
  of,
  label,
  none,
  line,
  costs = true,
  children,
}: {
  of: Parameters<typeof Loaded<readonly T[]>>[0]["from"];
  label: string;
  /** What an empty list says, where that is not that there is nothing yet. */
  none?: string;
  line: (one: T) => ReactNode;
  /** Whether making one sets money aside. */
  costs?: boolean;
  children: ReactNode;
}) {
  const t = useWords(officeWords);
  return (
    <>
      <Loaded from={of} lines={2}>
        {(all) => (
          <Lines of={all} label={label} none={none ?? t("none")} noneDetail={t("noneDetail")}>
            {line}
          </Lines>
        )}
      </Loaded>
      <Panel>
        <div className={styles.form}>
          {costs && <Purse />}
          {children}
        </div>
      </Panel>
    </>
  );
}
