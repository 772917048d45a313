import { defineWords } from "~/words/language";

/** Money that goes to another city with somebody, and comes from there. */
export const abroadWords = defineWords({
  title: { ko: "다른 도시에서 쓰기", en: "Money in other cities" },
  lead: {
    ko: "협약을 맺은 도시에서는 이 도시의 돈을 같은 금액으로 쓸 수 있어요. 수수료는 없어요.",
    en: "In cities that signed an agreement with this one, its money is good for the same amount. There is no fee.",
  },
  detail: { ko: "가져가거나 가져온 돈", en: "Taking it there, bringing it back" },
  tookTo: { ko: "다른 도시로 가져간 돈", en: "Taken to another city" },
  cameFrom: { ko: "다른 도시에서 온 돈", en: "From another city" },
  none: { ko: "협약을 맺은 도시가 아직 없어요", en: "No other city takes this money yet" },
  noneDetail: {
    ko: "시가 다른 도시와 협약을 맺으면 여기에 나타나요.",
    en: "When this city signs an agreement with another, it appears here.",
  },
  cities: { ko: "쓸 수 있는 도시", en: "Where it is good" },
  left: {
    ko: "오늘 {out}까지 가져가고 {in}까지 가져올 수 있어요. 협약 끝: {until}",
    en: "Today {out} can still be taken there, and {in} brought here. Agreed until {until}",
  },
  take: { ko: "가져가기", en: "Take money along" },
  takeHelp: {
    ko: "그 도시에서 만든 코드를 적으세요. 여기에서 낸 돈을 그 코드의 주인만 그곳에서 받을 수 있어요.",
    en: "Enter the code that you drew in that city: what you pay here can be had there, by whoever drew it and nobody else.",
  },
  city: { ko: "도시", en: "City" },
  amount: { ko: "금액", en: "Amount" },
  code: { ko: "그 도시에서 만든 코드", en: "Code from that city" },
  codeHelp: { ko: "숫자와 a~f 32자리예요.", en: "32 characters: digits, and a to f." },
  send: { ko: "{amount} 가져가기", en: "Take {amount} along" },
  sent: {
    ko: "{amount}을 냈어요. 아래에서 증명 파일을 저장해 그 도시에서 보여 주세요.",
    en: "{amount} are paid. Save the file below, and show it in that city.",
  },
  mine: { ko: "가져간 돈", en: "On its way" },
  mineHelp: {
    ko: "기한까지 받지 않은 돈은 두 도시가 정산할 때 지갑으로 돌아와요.",
    en: "What is not taken by its day comes back to your wallet when the two cities have compared their books.",
  },
  until: { ko: "{until}까지 받을 수 있어요", en: "to be had until {until}" },
  save: { ko: "증명 파일 저장", en: "Save the file" },
  saveWhat: { ko: "{amount}의 증명 파일 저장", en: "Save the file for {amount}" },
  waiting: { ko: "서명을 기다리는 중 (1분 안)", en: "Waiting for its signature, up to a minute" },
  saved: { ko: "저장했어요.", en: "Saved." },
  seen: {
    ko: "그 도시가 본 이 도시 기록의 건수",
    en: "How many facts of this city's log that city has seen",
  },
  seenHelp: {
    ko: "그 도시에서 파일을 받지 않고 숫자를 알려 주었을 때만 적으세요.",
    en: "Only where that city did not take the file and named a number.",
  },
  bring: { ko: "가져오기", en: "Bring money here" },
  step1: { ko: "1. 코드 만들기", en: "1. Draw a code" },
  step1Help: {
    ko: "이 코드를 집 도시의 앱에서 돈을 가져갈 때 적으세요. 누구의 코드인지는 이 도시만 알아요.",
    en: "Enter it at home when you take money along. Only this city knows whose it is.",
  },
  draw: { ko: "코드 만들기", en: "Draw a code" },
  copy: { ko: "복사", en: "Copy" },
  copied: { ko: "복사했어요", en: "Copied" },
  codeUntil: { ko: "{until}까지 쓸 수 있어요.", en: "It is good until {until}." },
  step2: { ko: "2. 집 도시의 증명 파일 보여 주기", en: "2. Show the file from home" },
  drop: { ko: "증명 파일을 여기에 놓거나", en: "Drop the file here, or" },
  unreadable: {
    ko: "증명 파일이 아니에요. 집 도시의 앱에서 저장한 파일을 고르세요.",
    en: "This is no such file. Choose the one that you saved in your home city's app.",
  },
  arrived: {
    ko: "{amount}이 지갑에 들어왔어요.",
    en: "{amount} are in your wallet.",
  },
  before: {
    ko: "이 증명의 {amount}은 전에 이미 받았어요.",
    en: "The {amount} of this file had come before.",
  },
});
