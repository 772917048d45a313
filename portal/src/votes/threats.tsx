/** What such a vote protects from, and what not: nobody should learn it afterwards. */
import { Link } from "react-router";
import { Icon } from "~/design/icons";
import { useWords } from "~/words/language";
import { threatWords } from "./threat-words";
import styles from "./votes.module.css";
import { votesWords } from "./words";

const SPECIFICATION = "/votes/how/specification";
const SAFE = ["safeSecret", "safeCount", "safeTwice", "safeLink"] as const;
const UNSAFE = [
  "unsafeCoercion",
  "unsafePhone",
  "unsafeTrustees",
  "unsafeAddress",
  "unsafeFuture",
] as const;

export function Threats() {
  const t = useWords(threatWords);
  const v = useWords(votesWords);
  const part = (title: "safe" | "unsafe", lines: readonly (keyof typeof threatWords)[]) => (
    <section className={styles.tight}>
      <h3>{t(title)}</h3>
      <ul className={styles.list} data-holds={title === "safe"}>
        {lines.map((line) => (
          <li key={line}>
            <Icon name={title === "safe" ? "check" : "minus"} size={18} />
            <span>{t(line)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
  return (
    <div className={styles.stack}>
      <h2>{v("threats")}</h2>
      {part("safe", SAFE)}
      {part("unsafe", UNSAFE)}
      <p className={styles.fine}>
        <Link to={SPECIFICATION}>{v("specification")}</Link>
      </p>
    </div>
  );
}
