import { defineWords } from "~/words/language";

export const settingsWords = defineWords({
  onDevice: { ko: "이 기기에서", en: "On this device" },
  size: { ko: "글자 크기", en: "Text size" },
  sizeHelp: {
    ko: "모든 화면의 글자와 단추가 함께 커져요.",
    en: "Text and buttons grow together, on every page.",
  },
  size_100: { ko: "보통", en: "Normal" },
  size_115: { ko: "크게", en: "Large" },
  size_130: { ko: "더 크게", en: "Larger" },
  size_150: { ko: "아주 크게", en: "Largest" },
  motion: { ko: "움직임", en: "Motion" },
  still: { ko: "줄이기", en: "Less" },
  motionHelp: {
    ko: "줄이면 지도의 하루가 저절로 재생되지 않고, 화면이 미끄러지지 않아요.",
    en: "With less, the day on the map does not play by itself and nothing slides.",
  },
  aboutMe: { ko: "나에 대해", en: "About me" },
  aboutMeHelp: {
    ko: "도시가 기억하는 내용이에요. 내 정보에서 누가 보았는지 알 수 있어요.",
    en: "What the city remembers of you. My data shows who looked at it.",
  },
  walkingHelp: {
    ko: "길 찾기가 걷는 속도와 계단을 여기에 맞추고, 탈 수 있는 이동수단이 달라져요.",
    en: "Plans follow it in pace and steps, and so do the vehicles you may ride.",
  },
  changed: {
    ko: "바꾸었어요. 다음 길 찾기부터 따라요.",
    en: "Changed. Your next plan follows it.",
  },
  licenceHelp: {
    ko: "면허와 나이는 주민센터에서 확인하고 바꿔요.",
    en: "Licence and age are looked at and changed by the community centre.",
  },
  leave: { ko: "나가기", en: "Leave" },
  signOutHelp: {
    ko: "이 기기에 담아 둔 내 여정, 지갑, 편지가 지워져요.",
    en: "Your trips, wallet and messages that this device keeps are deleted.",
  },
  endVisit: { ko: "방문 끝내기", en: "End the visit" },
  endVisitHelp: {
    ko: "도시가 이 방문을 바로 잊어요. 남은 돈과 예약은 돌아오지 않으니, 타고 있다면 먼저 반납하세요.",
    en: "The city forgets this visit at once. Money and bookings do not come back: return what you ride first.",
  },
  endNow: { ko: "정말 끝낼게요", en: "Yes, end it" },
  keepOn: { ko: "계속 둘러볼게요", en: "No, go on" },
});
