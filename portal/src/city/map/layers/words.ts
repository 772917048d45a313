import { defineWords } from "~/words/language";

export const layerWords = defineWords({
  layers: { ko: "지도 레이어", en: "Map layers" },
  help: { ko: "지도에 더 그릴 것을 골라요.", en: "Choose what else to draw on the map." },
  trees: { ko: "나무 (가까이에서)", en: "Trees (when near)" },
  water: { ko: "상수도관", en: "Water mains" },
  sewer: { ko: "하수관", en: "Sewers" },
  power: { ko: "전력 관로", en: "Power ducts" },
  waste: { ko: "쓰레기 이송관", en: "Waste pipes" },
  live: { ko: "{name} (지금)", en: "{name} (now)" },
  count: { ko: "{count}개", en: "{count}" },
  length: { ko: "{km} km", en: "{km} km" },
  none: { ko: "이 도시에는 없어요", en: "This city has none" },
  failed: { ko: "읽지 못했어요", en: "Could not be read" },
  reading: { ko: "읽는 중", en: "Reading" },
});
