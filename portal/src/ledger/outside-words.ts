import { defineWords } from "~/words/language";

/** Who looks at the log from outside, and whose logs count here. */
export const outsideWords = defineWords({
  witnesses: { ko: "바깥 증인", en: "Outside witnesses" },
  witnessesHelp: {
    ko: "이 기록이 이어지기만 했는지 스스로 확인하고 서명하는 다른 기관이에요. 아래는 도시가 전하는 말이에요.",
    en: "Others who sign the log only if it continues all that they saw. This is how the city tells it.",
  },
  noWitnesses: {
    ko: "아직 바깥 증인이 없어요. 도시 자신의 증인만 서명해요.",
    en: "There is none yet: only the city's own witness signs.",
  },
  signed: { ko: "{count}건까지 서명", en: "signed {count} facts" },
  away: { ko: "응답 없음", en: "does not answer" },
  refused: { ko: "서명 거부", en: "refuses to sign" },
  forked: { ko: "다른 기록을 보았다고 함", en: "was shown another log" },
  notAsked: { ko: "아직 묻지 않음", en: "not asked yet" },
  cities: { ko: "인정한 도시", en: "Cities whose log counts here" },
  citiesHelp: {
    ko: "두 기관이 승인한 도시예요. 그 도시의 서명이 있는 증명을 여기에서 인정해요.",
    en: "Approved by two offices each. What their logs sign is believed here.",
  },
  noCities: { ko: "아직 없어요.", en: "There is none yet." },
  asked: { ko: "승인 대기", en: "waits for approval" },
  recognised: { ko: "{since}부터", en: "since {since}" },
  ended: { ko: "끝남", en: "ended" },
  twoLogs: { ko: "서로 다른 기록 두 개에 서명함", en: "signed two different logs" },
  money: {
    ko: "화폐 협약 {until}까지: 한 사람이 하루 {day}, 두 도시 사이 {most}",
    en: "Money agreed until {until}: {day} a day for one person, {most} between the cities",
  },
});
