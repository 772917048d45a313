import { defineWords } from "~/words/language";

export const kioskWords = defineWords({
  title: { ko: "투표소", en: "Booth" },
  welcome: { ko: "여기서 투표하세요", en: "Vote here" },
  welcomeDetail: {
    ko: "투표한 뒤 ‘마치기’를 누르면 이 기기에는 아무것도 남지 않아요. 도움이 필요하면 창구에 말씀하세요.",
    en: "Vote, and press “Finish”: nothing stays on this device. Ask the desk if you need help.",
  },
  welcomeOther: {
    ko: "지금은 다른 사람이 로그인해 있어요. 시작하면 로그아웃돼요.",
    en: "Somebody else is signed in. Beginning signs them out.",
  },
  signIn: { ko: "로그인하고 시작", en: "Sign in and begin" },
  pass: { ko: "창구에서 받은 번호", en: "The pass from the desk" },
  passHelp: {
    ko: "글자와 숫자 12자예요. 신분을 확인한 창구에서 받고, 10분 동안 한 번 쓸 수 있어요.",
    en: "12 letters and digits. The desk gives it once it has seen your papers; it is good once, for 10 minutes.",
  },
  begin: { ko: "이 번호로 시작", en: "Begin with this pass" },
  otherWay: { ko: "번호가 없으면 로그인하세요", en: "No pass? Sign in instead" },
  forgetting: {
    ko: "{left}초 뒤에 모두 지워요. 계속하려면 화면을 누르세요.",
    en: "In {left} s all is forgotten. Touch the screen to go on.",
  },
  forget: { ko: "마치기: 모두 지우기", en: "Finish: forget everything" },
  keepsNothing: {
    ko: "함께 쓰는 기기라 아무것도 남기지 않아요. 투표권을 받은 뒤 나중에 투표하거나 마음을 바꾸려면 보관 번호를 찍거나 적어 두세요. 번호 없이는 이어 할 수 없어요.",
    en: "This device is shared and keeps nothing. Once you have your right, photograph or write down the backup code if you want to vote later or change your mind: without it you cannot go on.",
  },
  leaving: {
    ko: "{left}초 뒤에 로그아웃하고 모두 지워요. 계속하려면 화면을 누르세요.",
    en: "In {left} s you are signed out and all is forgotten. Touch the screen to go on.",
  },
  finish: { ko: "마치기: 로그아웃하고 지우기", en: "Finish: sign out and forget" },
  fullScreen: { ko: "전체 화면", en: "Full screen" },
});
