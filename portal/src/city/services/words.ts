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
  health: { ko: "상태", en: "Health" },
  well: { ko: "정상", en: "Well" },
  strained: { ko: "살펴볼 것", en: "Strained" },
  ill: { ko: "손볼 것", en: "Needs a hand" },
  wellMeans: { ko: "실패한 일도 밀린 일도 없어요.", en: "Nothing failed and nothing waits." },
  strainedMeans: {
    ko: "한 시간 안에 오류가 있었거나 일이 밀려 있어요.",
    en: "Something failed within the hour, or work waits.",
  },
  illMeans: {
    ko: "처리하지 못한 일이 {count}건 있어요. 운영자가 ‘문제’ 화면에서 다시 보낼 수 있어요.",
    en: "Not taken: {count}. Operators replay them under “Trouble”.",
  },
  healthFacts: {
    ko: "도시가 켜진 뒤 처리 {runs}건 · 가장 오래 {longest} ms · 오류 {faults}건 · 밀린 일 {waiting}건",
    en: "Since the city began to run: {runs} done · longest {longest} ms · {faults} faults · {waiting} waiting",
  },
  healthUnknown: { ko: "알 수 없음", en: "Not known" },
  open: { ko: "서비스 열기", en: "Open" },
  operate: { ko: "운영하기", en: "Operate" },
  results: { ko: "예행 결과 보기", en: "See its results" },
});
