/** The city drawn from its own scene, with a veil that tells how far the drawing is. */
import { useEffect, useRef, type ReactNode } from "react";
import type { Map as MapLibre } from "maplibre-gl";
import { Empty } from "~/design/page";
import { useWords } from "~/words/language";
import styles from "./city-map.module.css";
import { SCENE_LAYERS } from "./style";
import { useMap, type Camera, type Drawing } from "./use-map";
import { mapWords } from "./words";

export function CityMap({
  camera,
  flat = false,
  onMap,
  children,
}: {
  camera: Camera;
  flat?: boolean;
  /** Told the map as soon as it is made, and again when its first picture stands. */
  onMap?: (map: MapLibre | null, drawn: boolean) => void;
  children?: ReactNode;
}) {
  const element = useRef<HTMLDivElement>(null);
  const drawing = useMap(element, camera, flat);
  const { map, drawn } = drawing;
  useEffect(() => onMap?.(map, drawn), [map, drawn, onMap]);
  return (
    <div className={styles.frame}>
      <div ref={element} className={styles.canvas} />
      <Veil drawing={drawing} />
      {children}
    </div>
  );
}

function Veil({ drawing }: { drawing: Drawing }) {
  const t = useWords(mapWords);
  if (drawing.failure) {
    const why = drawing.failure === "webgl" ? "noWebgl" : "noScene";
    return (
      <div className={styles.failed} role="alert">
        <Empty icon="warning" title={t(why)} detail={t(`${why}Detail`)} />
      </div>
    );
  }
  const all = SCENE_LAYERS.length;
  return (
    <div
      className={`${styles.veil ?? ""} ${drawing.drawn ? (styles.drawn ?? "") : ""}`}
      aria-hidden={drawing.drawn}
    >
      <div className={styles.progress} role="status">
        {!drawing.drawn && (
          <>
            <strong>{t("drawing")}</strong>
            <div>{t("layers", { arrived: drawing.arrived, all })}</div>
          </>
        )}
        <progress aria-label={t("drawing")} max={all} value={drawing.arrived} />
      </div>
    </div>
  );
}
