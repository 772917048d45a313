/** What was just done, said where the line that it was done to is gone by then. */
import { createContext, use, useRef, useState, type ReactNode } from "react";
import styles from "./money.module.css";

type Tell = (what: string, stoodOn: Element | null) => void;

const Telling = createContext<Tell>(() => undefined);

export const useTell = (): Tell => use(Telling);

const DRAWN_MS = 100; // by then what is new is on the screen

export function Told({ children }: { children: ReactNode }) {
  const line = useRef<HTMLParagraphElement>(null);
  const [said, setSaid] = useState("");
  const tell: Tell = (what, stoodOn) => {
    setSaid("");
    setTimeout(() => {
      if (stoodOn?.isConnected) return; // it says so itself
      setSaid(what);
      line.current?.focus(); // a keyboard would start anew at the page's head
    }, DRAWN_MS);
  };
  return (
    <Telling value={tell}>
      <p ref={line} tabIndex={-1} role="status" className={said ? styles.done : "unseen"}>
        {said}
      </p>
      {children}
    </Telling>
  );
}
