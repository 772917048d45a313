/** What a phone's short bar has no room for, behind one button. */
import { Menu } from "@mantine/core";
import { NavLink, useLocation } from "react-router";
import { Icon } from "~/design/icons";
import { useWords } from "~/words/language";
import { shellWords } from "~/words/shell";
import styles from "./more.module.css";
import type { Destination } from "./shell";

export function More({ destinations }: { destinations: readonly Destination[] }) {
  const t = useWords(shellWords);
  const { pathname } = useLocation();
  if (destinations.length === 0) return null;
  const isHere = destinations.some(({ to }) => pathname.startsWith(to));
  return (
    <Menu position="top-end" width={200}>
      <Menu.Target>
        <button type="button" className={styles.more} aria-current={isHere ? "true" : undefined}>
          <Icon name="more" />
          <span>{t("more")}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {destinations.map(({ to, icon, name }) => (
          <Menu.Item key={to} component={NavLink} to={to} leftSection={<Icon name={icon} />}>
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
