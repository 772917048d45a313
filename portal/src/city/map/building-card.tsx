/** What is known of the building that was pressed. */
import type { Map as MapLibre, MapGeoJSONFeature, MapLayerMouseEvent } from "maplibre-gl";
import { useEffect, useState } from "react";
import { cityWords } from "~/city/words";
import { number } from "~/design/figures";
import { Icon } from "~/design/icons";
import { useLanguage, useWords } from "~/words/language";
import { shellWords } from "~/words/shell";
import styles from "./page.module.css";

interface Building {
  kind: string;
  floors?: number;
  height_m?: number;
  dwellings?: number;
}

export function BuildingCard({ map }: { map: MapLibre | null }) {
  const [building, setBuilding] = useState<Building | null>(null);
  useEffect(() => {
    if (!map) return undefined;
    const onClick = (event: MapLayerMouseEvent) => setBuilding(read(event.features?.[0]));
    const point = () => (map.getCanvas().style.cursor = "pointer");
    const leave = () => (map.getCanvas().style.cursor = "");
    map.on("click", "buildings", onClick);
    map.on("mouseenter", "buildings", point);
    map.on("mouseleave", "buildings", leave);
    return () => {
      map.off("click", "buildings", onClick);
      map.off("mouseenter", "buildings", point);
      map.off("mouseleave", "buildings", leave);
    };
  }, [map]);
  return building && <Card building={building} onClose={() => setBuilding(null)} />;
}

const read = (feature: MapGeoJSONFeature | undefined): Building | null =>
  feature ? (feature.properties as Building) : null;

type KindKey = Extract<keyof typeof cityWords, `building${string}`>;

function kindKey(kind: string): KindKey {
  const key = `building${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
  return key in cityWords ? (key as KindKey) : "building";
}

function Card({ building, onClose }: { building: Building; onClose: () => void }) {
  const t = useWords(cityWords);
  const s = useWords(shellWords);
  const { language } = useLanguage();
  const { kind, floors, height_m, dwellings } = building;
  return (
    <section className={styles.card} aria-label={t("selected")} aria-live="polite">
      <strong>{t(kindKey(kind))}</strong>
      <button type="button" aria-label={s("close")} onClick={onClose}>
        <Icon name="cross" size={18} />
      </button>
      <p>
        {[
          floors && t("floors", { count: number(floors, language) }),
          height_m && t("height", { metres: number(height_m, language, 1) }),
          dwellings && t("dwellings", { count: number(dwellings, language) }),
        ]
          .filter(Boolean)
          .join(" · ")}
      </p>
    </section>
  );
}
