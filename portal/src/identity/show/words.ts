import { defineWords } from "~/words/language";

export const showWords = defineWords({
  title: { ko: "보여 주기", en: "Show" },
  lead: {
    ko: "누가 무엇을 묻는지 보고, 물은 것만 보여 줘요. 도시는 어디에서 보여 주었는지 적지 않아요.",
    en: "See who asks for what, and show that and no more. The city does not keep where you showed it.",
  },
  read: { ko: "질문 읽기", en: "Read a question" },
  readHelp: {
    ko: "창구나 가게의 화면에 있는 코드를 읽거나 붙여 넣으세요.",
    en: "Scan the code on the screen of a counter or a shop, or paste it.",
  },
  codeText: { ko: "코드의 글자", en: "The code's text" },
  look: { ko: "누가 묻는지 보기", en: "See who asks" },
  asks: { ko: "{who}에서 물어요", en: "{who} asks" },
  signed: { ko: "서명을 확인했어요: {did}", en: "Signature checked: {did}" },
  purpose: { ko: "까닭: {purpose}", en: "What for: {purpose}" },
  noPurpose: { ko: "왜 묻는지 말하지 않았어요.", en: "They do not say what for." },
  tell: { ko: "이것을 보여 줘요", en: "This would be told" },
  hide: { ko: "이것은 보여 주지 않아요", en: "This would not be told" },
  always: {
    ko: "누가 발급했는지, 언제까지인지, 이 증명서의 공개 열쇠는 언제나 함께 가요. 같은 증명서를 두 곳에 보여 주면 둘이 서로 알아볼 수 있어요.",
    en: "Who issued it, until when, and its public key always go along. Two who compare notes can tell that it was the same credential.",
  },
  nothing: { ko: "없음", en: "Nothing" },
  agree: { ko: "보여 주기", en: "Agree and show" },
  decline: { ko: "거절하기", en: "Decline" },
  agreed: { ko: "보여 주었어요.", en: "Shown." },
  declined: {
    ko: "거절했어요. 보여 준 것은 없어요.",
    en: "Declined. Nothing was shown.",
  },
  goOn: { ko: "이어서 하기", en: "Go on" },
  another: { ko: "다른 질문 읽기", en: "Read another" },
  cannot: { ko: "답할 증명서가 없어요", en: "Nothing here answers this" },
  cannotDetail: {
    ko: "묻는 내용의 증명서가 이 브라우저에 없거나, 답이 ‘아니요’예요. 먼저 증명서를 받으세요.",
    en: "This browser has no credential that says so, or what it says is no. Get one first.",
  },
  toCredentials: { ko: "증명서 받으러 가기", en: "Get a credential" },
  notStanding: {
    ko: "{what}: {standing}. 보여 주어도 받아들여지지 않아요.",
    en: "{what}: {standing}. It will not be taken if you show it.",
  },
  list: { ko: "보여 준 기록", en: "What was shown" },
  listHelp: {
    ko: "이 브라우저에만 있어요. 도시에는 이런 기록이 없어요.",
    en: "Kept in this browser only. The city has no such list.",
  },
  noList: { ko: "아직 보여 준 것이 없어요.", en: "Nothing has been shown yet." },
  toWhom: { ko: "{who}에", en: "To {who}" },
  saidNo: { ko: "거절했어요", en: "Declined" },
});
