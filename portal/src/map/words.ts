import { defineWords } from "~/words/language";

export const mapWords = defineWords({
  label: {
    ko: "도시 지도. 화살표 키로 옮기고 더하기와 빼기 키로 확대와 축소를 해요.",
    en: "Map of the city. Arrow keys move it, plus and minus zoom.",
  },
  drawing: { ko: "도시를 그리고 있어요", en: "Drawing the city" },
  layers: { ko: "{all}개 층 가운데 {arrived}개", en: "{arrived} of {all} layers" },
  noWebgl: { ko: "이 기기에서는 지도를 그릴 수 없어요", en: "This device cannot draw the map" },
  noWebglDetail: {
    ko: "브라우저의 하드웨어 가속(WebGL)을 켜 주세요. 같은 내용을 목록으로도 볼 수 있어요.",
    en: "Switch on hardware acceleration (WebGL) in your browser. The lists say the same.",
  },
  noScene: { ko: "도시의 일부를 불러오지 못했어요", en: "A part of the city did not arrive" },
  noSceneDetail: {
    ko: "연결을 확인하고 화면을 다시 불러와 주세요.",
    en: "Check your connection and load the page again.",
  },
});
