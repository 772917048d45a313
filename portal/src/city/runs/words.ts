import { defineWords } from "~/words/language";

export const runWords = defineWords({
  title: { ko: "예행", en: "Rehearsals" },
  lead: {
    ko: "지금까지 예행한 하루예요. 지도에서 재생하거나 성과를 볼 수 있어요.",
    en: "The days rehearsed so far. Play one back on the map or look at what it measured.",
  },
  playBack: { ko: "지도에서 재생", en: "Play on the map" },
  results: { ko: "성과 보기", en: "See results" },
  sideBySide: { ko: "지도로 나란히", en: "Side by side on maps" },
  compare: { ko: "비교하기", en: "Compare" },
});
