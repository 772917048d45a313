import { defineWords } from "~/words/language";

export const checkWords = defineWords({
  title: { ko: "내 투표 확인", en: "Check my ballot" },
  lead: {
    ko: "영수증의 내 투표가 게시판과 도시의 기록에 그대로 있는지 이 브라우저가 직접 확인해요. 로그인하지 않아도 되고, 누가 보는지 알리지 않아요.",
    en: "This browser looks by itself whether the ballot of your receipt is on the board and in the city's log. It needs no sign-in, and does not tell who asks.",
  },
  code: { ko: "영수증 번호", en: "Receipt code" },
  codeHelp: { ko: "예: 12-ab12-cd34-…", en: "Such as 12-ab12-cd34-…" },
  noCode: {
    ko: "영수증 번호가 아니에요. 숫자와 줄표 뒤에 16진수 32자가 있어야 해요.",
    en: "This is no receipt code: a number, a dash, and 32 hexadecimal digits.",
  },
  look: { ko: "확인하기", en: "Check" },
  drop: {
    ko: "영수증 파일이나 시험 봉인 파일을 여기에 놓으세요.",
    en: "Drop a receipt, or the file of a test, here.",
  },
  noFile: {
    ko: "투표 영수증이나 시험 봉인 파일이 아니에요.",
    en: "This is neither a ballot's receipt nor the file of a test.",
  },
  otherPoll: { ko: "다른 투표의 영수증이에요.", en: "This receipt is of another poll." },
  good: { ko: "내 투표가 그대로 있어요", en: "Your ballot is there, unchanged" },
  goodDetail: {
    ko: "게시판과 도시의 기록에 있고, 지문이 영수증과 같아요.",
    en: "It is on the board and in the city's log, and its fingerprint is that of your receipt.",
  },
  bad: { ko: "영수증과 맞지 않아요", en: "This does not hold" },
  badDetail: {
    ko: "영수증을 지우지 말고, 이 화면과 함께 시청과 수탁자에게 알리세요.",
    en: "Keep your receipt, and show it and this page to the city office and the trustees.",
  },
  partly: { ko: "다 확인하지는 못했어요", en: "Not all of it can be told" },
  partlyDetail: {
    ko: "아래에서 무엇을 왜 확인할 수 없는지 보세요.",
    en: "See below what cannot be told, and why.",
  },
  waiting: { ko: "확인하고 있어요", en: "Being checked" },
  notSigned: {
    ko: "도시의 기록이 서명되기를 기다려요. 길어야 1분이에요.",
    en: "Waiting until the log is signed, a minute at most.",
  },
  step_board: { ko: "게시판 {index}번에 있음", en: "On the board, as number {index}" },
  step_print: { ko: "지문이 영수증과 같음", en: "Its fingerprint is that of the receipt" },
  step_proofs: {
    ko: "서명, 투표권, 범위 증명이 모두 맞음",
    en: "Its signature, its token and all its proofs are right",
  },
  step_log: {
    ko: "도시의 기록에 들어 있음 (이 브라우저에서 증명)",
    en: "In the city's log, proven in this browser",
  },
  step_last: {
    ko: "이 가명의 마지막 투표여서 세어짐",
    en: "The last of its pseudonym, so it counts",
  },
  isLater: {
    ko: "나중에 다시 한 투표({index}번)가 있어 이 투표는 세지 않아요. 내가 다시 하지 않았다면 시청에 알리세요.",
    en: "A later ballot of this pseudonym (number {index}) replaced it. If that was not you, tell the city office.",
  },
  isStruckNow: {
    ko: "이 가명은 말소되어 종이로 투표해요. 내가 하지 않았다면 시청에 알리세요.",
    en: "This pseudonym was struck, for paper. If that was not you, tell the city office.",
  },
  isOver: {
    ko: "집계가 끝나, 마지막 투표인지는 전체 자료로 확인할 수 있어요.",
    en: "The poll is counted: whether it is the last is seen in the download.",
  },
  held: { ko: "그래요", en: "Holds" },
  failed: { ko: "아니에요", en: "Does not hold" },
  unable: { ko: "확인할 수 없음", en: "Cannot be told" },
  logDetail: { ko: "기록의 증명 자세히", en: "The log's proof in detail" },
  another: { ko: "다른 영수증 확인", en: "Check another" },
  isEntry_strike: { ko: "가명 말소", en: "A strike" },
  spoiled: { ko: "시험 봉인을 열었어요", en: "The test ballot is opened" },
  spoiledDetail: {
    ko: "기기가 실제로 이렇게 봉인했어요. 고른 것과 다르면 그 기기로 투표하지 마세요. 봉인 번호도 기기에서 본 것과 같아야 해요.",
    en: "This is what the device really sealed. If you chose otherwise, do not vote with it. The seal has to be the one that it showed.",
  },
  seal: { ko: "봉인 번호", en: "Seal" },
  backToPoll: { ko: "투표로 돌아가기", en: "Back to the poll" },
  boardLead: {
    ko: "모든 투표가 가명으로, 들어온 순서대로 있어요. 무엇을 골랐는지는 아무도 볼 수 없어요.",
    en: "Everybody's ballots under pseudonyms, in the order in which they came. What is in them nobody sees.",
  },
  boardEmpty: { ko: "아직 아무도 투표하지 않았어요", en: "Nobody has voted yet" },
  boardEmptyDetail: {
    ko: "첫 투표가 들어오면 여기에 보여요.",
    en: "The first ballot is shown here when it comes in.",
  },
  number: { ko: "번호", en: "Number" },
  kind: { ko: "종류", en: "Kind" },
  pseudonym: { ko: "가명", en: "Pseudonym" },
  revision: { ko: "차수", en: "Revision" },
  fingerprint: { ko: "지문 (확인하기)", en: "Fingerprint (check)" },
  isBallot: { ko: "투표", en: "Ballot" },
  isStrike: { ko: "말소", en: "Strike" },
});
