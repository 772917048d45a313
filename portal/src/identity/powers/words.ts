import { defineWords } from "~/words/language";

export const powerWords = defineWords({
  title: { ko: "대리", en: "Acting for others" },
  lead: {
    ko: "아이, 가족, 회사를 위해 할 수 있는 일과, 나를 위해 할 수 있는 사람이에요.",
    en: "What you may do for a child, a relative or a company, and who may act for you.",
  },
  acting: { ko: "대리 중", en: "Acting for somebody" },
  actingFor: { ko: "{who} 님을 대리하고 있어요", en: "You act for {who}" },
  back: { ko: "나로 돌아오기", en: "Back to myself" },
  mine: { ko: "내가 대리하는 사람", en: "For whom I may act" },
  mineHelp: {
    ko: "대리하는 동안에는 적힌 일만 할 수 있고, 무엇을 했는지 그 사람에게 남아요.",
    en: "While you act you may do what is written here and nothing else, and it stays on record for them.",
  },
  noMine: { ko: "대리하는 사람이 없어요.", en: "Nobody." },
  act: { ko: "대리 시작", en: "Act for them" },
  actFor: { ko: "{who} 대리 시작", en: "Act for {who}" },
  given: { ko: "나를 대리하는 사람", en: "Who may act for me" },
  noGiven: { ko: "대리를 맡긴 사람이 없어요.", en: "Nobody." },
  line: { ko: "{relation} · {until}까지", en: "{relation} · until {until}" },
  takeBack: { ko: "대리 거두기", en: "Take it back" },
  giveUp: { ko: "대리 그만두기", en: "Give it up" },
  of: { ko: "{who}: {verb}", en: "{verb}: {who}" },
  takeBackHelp: {
    ko: "바로 끝나고, 그 대리로 열린 로그인도 함께 끝나요.",
    en: "It ends at once, and so does every session that rests on it.",
  },
  give: { ko: "대리 맡기기", en: "Let somebody act for me" },
  giveHelp: {
    ko: "만 19세 이상이면 돌보는 사람에게 맡길 수 있어요. 부모와 후견인은 시청 창구에서 등록해요.",
    en: "If you are 19 or older you can name a carer. Parents and guardians are entered at the city office's counter.",
  },
  whom: { ko: "맡을 사람의 번호", en: "Their id" },
  whomHelp: {
    ko: "그 사람의 ‘대리’ 화면에 적혀 있어요. 내 번호: {id}",
    en: "It stands on their page “Acting for others”. Yours: {id}",
  },
  what: { ko: "맡길 일", en: "What they may do" },
  last: { ko: "마지막 날", en: "Last day" },
  giveNow: { ko: "맡기기", en: "Give this power" },
  gave: { ko: "맡겼어요.", en: "Given." },
  all: { ko: "모든 일", en: "Everything" },
  whatHelp: {
    ko: "기기 등록, 투표, 증명서, 다시 맡기기는 아무도 대신하지 못해요.",
    en: "Devices, votes, credentials and passing it on are nobody's to do for you.",
  },
  allOf: { ko: "{service}의 모든 일", en: "All of {service}" },
});
