import { defineWords } from "~/words/language";

/** What the city rewards, by the names of its API. */
export const reasonWords = defineWords({
  "taking part": { ko: "참여", en: "Taking part" },
  walking: { ko: "걷기", en: "Walking" },
  volunteering: { ko: "자원봉사", en: "Volunteering" },
  "giving data": { ko: "데이터 제공", en: "Giving data" },
  buying: { ko: "가게에서 사기", en: "Buying at shops" },
});

/** What is ordered for somebody's account, and how far it has come. */
export const orderWords = defineWords({
  lost: { ko: "본인이 멈춤 (분실)", en: "Stopped by its owner" },
  freeze: { ko: "법원 명령에 따른 정지", en: "Frozen by a court's order" },
  reopen: { ko: "정지 해제", en: "To be opened again" },
  inherit: { ko: "상속", en: "Inheritance" },
  guard: { ko: "후견", en: "Guardianship" },
  asked: { ko: "승인을 기다림", en: "Waits for approval" },
  "in force": { ko: "시행 중", en: "In force" },
  ended: { ko: "끝남", en: "Ended" },
  refused: { ko: "거절됨", en: "Refused" },
});
