import { defineWords } from "~/words/language";

export const serviceWords = defineWords({
  title: { ko: "서비스", en: "Services" },
  lead: {
    ko: "이 도시가 운영하는 서비스와 그 수준, 맡은 데이터, 재는 지표예요.",
    en: "What this city runs: how far each service has come, what it owns and what it is measured by.",
  },
  none: { ko: "설치된 서비스가 없어요", en: "No service is installed" },
  noneDetail: {
    ko: "서비스가 든 시나리오로 도시를 켜 보세요. 예: hapgang up sejong",
    en: "Start the city with a scenario that has services, such as hapgang up sejong.",
  },
  level: { ko: "수준", en: "Level" },
  sketched: { ko: "밑그림", en: "Sketched" },
  rehearsed: { ko: "예행", en: "Rehearsed" },
  calibrated: { ko: "보정", en: "Calibrated" },
  live: { ko: "운영", en: "Live" },
  levelOf: { ko: "4단계 가운데 {step}단계: {name}", en: "Step {step} of 4: {name}" },
  sketchedMeans: { ko: "동작과 시험이 있어요.", en: "It has actions and tests." },
  rehearsedMeans: {
    ko: "가상 주민이 쓰고, 지표를 재고, 화면이 있어요.",
    en: "Virtual residents use it, it is measured, and it has a page.",
  },
  calibratedMeans: {
    ko: "공개된 사례나 다른 도구와 견주었어요.",
    en: "It was compared with published cases and peers.",
  },
  liveMeans: {
    ko: "실제 표준 장치와 이어 시험했어요.",
    en: "It was tested with real clients of its standard.",
  },
  owns: { ko: "맡은 데이터", en: "Owns" },
  reads: { ko: "읽는 데이터와 까닭", en: "Reads, and why" },
  ownsNothing: { ko: "없음", en: "Nothing" },
  kpis: { ko: "지표", en: "Measured by" },
  noTarget: { ko: "목표 없음", en: "no target" },
  open: { ko: "서비스 열기", en: "Open" },
  operate: { ko: "운영하기", en: "Operate" },
  results: { ko: "예행 결과 보기", en: "See its results" },
});
