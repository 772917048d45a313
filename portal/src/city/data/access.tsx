/** Who may have a set of data, in a word and a colour. */
import { Icon, type IconName } from "~/design/icons";
import { useWords } from "~/words/language";
import type { Access } from "./map-queries";
import styles from "./map.module.css";
import { mapWords } from "./map-words";

const ICONS: Readonly<Record<Access, IconName>> = {
  open: "check",
  signed_in: "person",
  roles: "person",
  internal: "gear",
  sealed: "gate",
};

export function AccessChip({ access }: { access: Access }) {
  const t = useWords(mapWords);
  return (
    <span className={styles.access} data-access={access}>
      <Icon name={ICONS[access]} size={14} />
      {t(access)}
    </span>
  );
}
