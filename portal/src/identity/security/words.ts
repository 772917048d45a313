import { defineWords } from "~/words/language";

export const securityWords = defineWords({
  title: { ko: "기기와 보안", en: "Devices and security" },
  lead: {
    ko: "어느 기기로 로그인하고, 지금 어디에 로그인해 있는지예요.",
    en: "The devices that sign in for you, and where you are signed in now.",
  },
  devices: { ko: "내 기기", en: "My devices" },
  devicesHelp: {
    ko: "패스키는 기기 안에 있고, 도시는 공개된 절반만 알아요.",
    en: "A passkey stays on its device; the city knows the public half only.",
  },
  noDevices: {
    ko: "아직 등록한 기기가 없어요. 이 기기를 추가하면 다음부터 패스키로 로그인할 수 있어요.",
    en: "No device yet. Add this one, and sign in with its passkey from then on.",
  },
  used: { ko: "마지막 사용 {used} · 추가 {added}", en: "Last used {used} · added {added}" },
  backedUp: {
    ko: "다른 기기와 함께 쓰는 패스키",
    en: "Shared with your other devices by its maker",
  },
  addDevice: { ko: "이 기기 추가", en: "Add this device" },
  added: { ko: "이 기기를 추가했어요.", en: "This device was added." },
  label: { ko: "이 기기의 이름", en: "Name of this device" },
  remove: { ko: "지우기", en: "Remove" },
  removeWhat: { ko: "{what} 지우기", en: "Remove {what}" },
  removeHelp: {
    ko: "이 기기로는 로그인할 수 없게 되고, 그 기기의 로그인이 모두 끝나요. 바로 적용돼요.",
    en: "It signs in no more, and its open sessions end, at once.",
  },
  sessions: { ko: "로그인해 있는 곳", en: "Where I am signed in" },
  thisOne: { ko: "지금 이곳", en: "here" },
  began: { ko: "{way} · {at}부터 {until}까지", en: "{way} · from {at} until {until}" },
  by_passkey: { ko: "패스키", en: "Passkey" },
  by_enrolment: { ko: "창구 코드", en: "Code from the counter" },
  by_recovery: { ko: "복구 코드", en: "Recovery code" },
  by_demonstration: { ko: "시연 인물", en: "Demonstration" },
  by_visit: { ko: "방문", en: "Visit" },
  by_power: { ko: "대리", en: "Acting for somebody" },
  end: { ko: "끝내기", en: "End" },
  endWhat: { ko: "{what} 끝내기", en: "End {what}" },
  endOthers: { ko: "다른 곳 모두 로그아웃", en: "Sign out everywhere else" },
  othersEnded: { ko: "다른 곳에서 모두 로그아웃했어요.", en: "Signed out everywhere else." },
  codes: { ko: "복구 코드", en: "Recovery codes" },
  codesHelp: {
    ko: "기기를 모두 잃었을 때 쓰는 열 개의 코드예요. 인쇄해서 집에 두세요. 하나를 한 번만 쓸 수 있어요.",
    en: "Ten codes for when every device is gone. Print them and keep them at home; each is good once.",
  },
  makeCodes: { ko: "새 복구 코드 만들기", en: "Make new recovery codes" },
  codesWarning: {
    ko: "전에 만든 코드는 모두 못 쓰게 돼요.",
    en: "Codes that you made before are good no more.",
  },
  codesOnce: {
    ko: "지금 한 번만 보여 드려요. 도시에는 해시만 남아서 다시 보여 줄 수 없어요.",
    en: "Shown only now: the city keeps hashes, and cannot show them again.",
  },
  codesFor: { ko: "합강 복구 코드 · {at}", en: "Hapgang recovery codes · {at}" },
  lost: { ko: "휴대전화를 잃어버렸어요", en: "I lost my phone" },
  lostHelp: {
    ko: "신고하면 바로 이렇게 돼요.",
    en: "Reporting it does this, at once:",
  },
  lost_1: {
    ko: "이 로그인을 뺀 모든 곳에서 로그아웃돼요.",
    en: "Every session ends, but this one.",
  },
  lost_2: {
    ko: "이 기기를 뺀 모든 패스키가 지워져요.",
    en: "Every passkey goes, but this device's.",
  },
  lost_3: {
    ko: "발급받은 증명서가 모두 취소돼요. 다시 발급받을 수 있어요.",
    en: "All your credentials are revoked. You can have them issued anew.",
  },
  lost_4: {
    ko: "지갑에서 돈이 나가지 않아요. 받는 것은 그대로예요.",
    en: "No money goes out of your wallet. It still comes in.",
  },
  lost_codes: {
    ko: "인쇄해 둔 복구 코드를 쓸 수 없게 돼요. 새로 만드세요.",
    en: "Printed recovery codes are good no more. Make new ones.",
  },
  lostUndo: {
    ko: "지갑은 시청 창구에서 신분을 확인한 뒤에 다시 열려요. 취소된 증명서는 되살릴 수 없으니 새로 받으세요.",
    en: "The city office's counter opens the wallet again once it has seen your papers. Revoked credentials stay so: get new ones.",
  },
  report: { ko: "분실 신고", en: "Report it lost" },
  reported: {
    ko: "신고했어요. 잃어버린 기기에서는 이제 아무것도 할 수 없어요.",
    en: "Reported. Nothing can be done from the lost device any more.",
  },
});
