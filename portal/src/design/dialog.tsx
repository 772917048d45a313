/** A box over the page that has to be answered first. */
import { Modal } from "@mantine/core";
import type { ReactNode } from "react";
import styles from "./panel.module.css";

/** Without Mantine's own header, which is a second banner of the page to those who listen. */
export function Dialog({
  opened,
  onClose,
  title,
  children,
}: {
  opened: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
}) {
  return (
    <Modal.Root opened={opened} onClose={onClose} centered>
      <Modal.Overlay />
      <Modal.Content aria-label={title}>
        <Modal.Body>
          <div className={styles.dialog}>
            <h2>{title}</h2>
            {children}
          </div>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
