/** Reading a code: by camera where the browser can, by typing or pasting everywhere. */
import { Button, Textarea } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useWords } from "~/words/language";
import styles from "./pay.module.css";
import { payWords } from "./words";

interface Detector {
  detect: (source: HTMLVideoElement) => Promise<readonly { rawValue: string }[]>;
}
type DetectorMaker = new (options: { formats: string[] }) => Detector;

/** Not in every browser, and not in TypeScript's own list of what there is. */
const makerOf = (): DetectorMaker | undefined =>
  (globalThis as { BarcodeDetector?: DetectorMaker }).BarcodeDetector;

const LOOK_EVERY_MS = 250;
const MOST_LETTERS = 512; // of a payload

export function CodeField({
  value,
  onChange,
  label,
  most = MOST_LETTERS,
}: {
  value: string;
  onChange: (text: string) => void;
  label?: string;
  most?: number;
}) {
  const t = useWords(payWords);
  const [isOn, setOn] = useState(false);
  const canScan = makerOf() !== undefined;
  const found = (text: string) => {
    setOn(false);
    onChange(text.slice(0, most));
  };
  return (
    <div className={styles.form}>
      {isOn && <Camera onFound={found} />}
      {canScan ? (
        <Button variant="default" onClick={() => setOn(!isOn)}>
          {t(isOn ? "stopScan" : "scan")}
        </Button>
      ) : (
        <p className={styles.fine}>{t("noScanner")}</p>
      )}
      <Textarea
        label={label ?? t("payload")}
        value={value}
        maxLength={most}
        rows={3}
        spellCheck={false}
        autoComplete="off"
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
    </div>
  );
}

function Camera({ onFound }: { onFound: (text: string) => void }) {
  const t = useWords(payWords);
  const video = useRef<HTMLVideoElement>(null);
  const told = useRef(onFound);
  const [isRefused, setRefused] = useState(false);
  useEffect(() => {
    told.current = onFound;
  }, [onFound]);
  useEffect(() => {
    const ended = new AbortController();
    if (video.current) {
      watch(video.current, ended.signal)
        .then((text) => text && told.current(text))
        .catch(() => setRefused(true));
    }
    return () => ended.abort();
  }, []);
  if (isRefused) return <p role="alert">{t("noCamera")}</p>;
  return (
    <>
      <video ref={video} className={styles.video} muted playsInline aria-label={t("pointCamera")} />
      <p className={styles.fine}>{t("pointCamera")}</p>
    </>
  );
}

/** Look through the camera until a code is seen or nobody waits any more; then let go of it. */
async function watch(video: HTMLVideoElement, ended: AbortSignal): Promise<string | null> {
  const Maker = makerOf();
  if (!Maker) return null;
  const detector = new Maker({ formats: ["qr_code"] });
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: "environment" },
  });
  try {
    if (ended.aborted) return null;
    video.srcObject = stream;
    await video.play();
    while (!(ended as { aborted: boolean }).aborted) {
      const [code] = await detector.detect(video);
      if (code) return code.rawValue;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    return null;
  } finally {
    for (const track of stream.getTracks()) track.stop();
  }
}
