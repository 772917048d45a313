/** One MapLibre map in one element: made once, restyled when language or appearance change. */
import maplibre, { type Map as MapLibre, type MapOptions } from "maplibre-gl";
import "maplibre-gl/dist/maplibre-gl.css";
import { useScheme } from "~/design/scheme";
import { useEffect, useRef, useState, type RefObject } from "react";
import { useLanguage, useWords } from "~/words/language";
import { mapWords } from "./words";
import { hasGraphicsCard } from "./graphics";
import { mapStyle, SCENE_LAYERS } from "./style";

export type Camera = Pick<MapOptions, "center" | "zoom" | "pitch" | "bearing" | "bounds">;

export interface Drawing {
  map: MapLibre | null;
  /** How many of the scene's layers have arrived. */
  arrived: number;
  drawn: boolean;
  failure: "webgl" | "scene" | null;
}

const NOTHING: Drawing = { map: null, arrived: 0, drawn: false, failure: null };

export function useMap(
  element: RefObject<HTMLDivElement | null>,
  camera: Camera,
  flat: boolean,
): Drawing {
  const [drawing, setDrawing] = useState(NOTHING);
  const { language } = useLanguage();
  const scheme = useScheme();
  const t = useWords(mapWords);
  const opening = useRef({ camera, style: mapStyle(scheme, language, flat), label: t("label") });

  useEffect(() => {
    if (!element.current) return undefined;
    const { style, label } = opening.current;
    const map = open(element.current, style, opening.current.camera, label);
    if (!map) {
      setDrawing({ ...NOTHING, failure: "webgl" });
      return undefined;
    }
    const stopWatching = watch(map, setDrawing);
    return () => {
      stopWatching();
      setDrawing(NOTHING);
      map.remove();
    };
  }, [element]);

  const { map } = drawing;
  const dressed = useRef({ scheme, language });
  useEffect(() => {
    const last = dressed.current;
    if (!map || (last.scheme === scheme && last.language === language)) return;
    dressed.current = { scheme, language };
    map.setStyle(mapStyle(scheme, language, flat));
    map.getCanvas().setAttribute("aria-label", t("label"));
  }, [map, scheme, language, flat, t]);
  return drawing;
}

function open(
  container: HTMLDivElement,
  style: MapOptions["style"],
  camera: Camera,
  label: string,
): MapLibre | null {
  try {
    return new maplibre.Map({
      container,
      ...(style ? { style } : {}),
      ...camera,
      attributionControl: false,
      canvasContextAttributes: { antialias: hasGraphicsCard() },
      fadeDuration: 0,
      maxPitch: 70,
      minZoom: 10,
      maxZoom: 19,
      locale: { "Map.Title": label },
    });
  } catch {
    return null; // no WebGL on this machine: the lists on the page say the same
  }
}

/** Tell what has arrived and when the first picture stands. */
function watch(map: MapLibre, tell: (next: (before: Drawing) => Drawing) => void): () => void {
  const arrived = new Set<string>();
  const onData = (event: { sourceId?: string; isSourceLoaded?: boolean }) => {
    if (!event.sourceId || !event.isSourceLoaded || arrived.has(event.sourceId)) return;
    arrived.add(event.sourceId);
    tell((before) => ({ ...before, arrived: Math.min(arrived.size, SCENE_LAYERS.length) }));
  };
  const onLoad = () => tell((before) => ({ ...before, drawn: true }));
  const onError = (event: { sourceId?: string }) => {
    if (event.sourceId) tell((before) => ({ ...before, failure: "scene" }));
  };
  map.on("sourcedata", onData);
  map.on("error", onError);
  void map.once("load", onLoad);
  tell(() => ({ ...NOTHING, map }));
  return () => {
    map.off("sourcedata", onData);
    map.off("error", onError);
  };
}
