import { Menu } from "@mantine/core";
import { useNavigate } from "react-router";
import { Icon } from "~/design/icons";
import { useWords } from "~/words/language";
import { shellWords } from "~/words/shell";
import styles from "./shell.module.css";
import type { Face } from "./tour-steps";
import { showTour } from "./tour-state";
import { tourWords } from "./tour-words";

/** Where somebody goes who does not know on: the tour again, and how the portal is read. */
export function HelpMenu({ face }: { face: Face | null }) {
  const t = useWords(shellWords);
  const w = useWords(tourWords);
  const navigate = useNavigate();
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <button type="button" className={styles.tool} aria-label={t("help")}>
          <Icon name="help" />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {face && <Menu.Item onClick={() => showTour(face)}>{w("again")}</Menu.Item>}
        <Menu.Item onClick={() => void navigate("/me/settings")}>{t("reading")}</Menu.Item>
        <Menu.Item component="a" href="/docs">
          {t("apiDocs")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
