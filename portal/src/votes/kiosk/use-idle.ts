import { useEffect, useState } from "react";

const SIGNS = ["pointerdown", "keydown", "touchstart"] as const;

/** Seconds until somebody who does nothing is taken to have left; then `gone` is called. */
export function useIdle(most: number, gone: () => void): number {
  const [left, setLeft] = useState(most);
  useEffect(() => {
    let until = Date.now() + most * 1_000;
    const stay = () => {
      until = Date.now() + most * 1_000;
      setLeft(most);
    };
    const ticking = setInterval(() => {
      const seconds = Math.max(0, Math.ceil((until - Date.now()) / 1_000));
      setLeft(seconds);
      if (seconds === 0) gone();
    }, 1_000);
    for (const sign of SIGNS) window.addEventListener(sign, stay);
    return () => {
      clearInterval(ticking);
      for (const sign of SIGNS) window.removeEventListener(sign, stay);
    };
  }, [most, gone]);
  return left;
}
