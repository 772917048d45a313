import { defineWords } from "~/words/language";

export const staffWords = defineWords({
  title: { ko: "직원과 기관", en: "Staff and offices" },
  lead: {
    ko: "누가 어떤 역할로 도시에서 일하는지예요. 내보내면 다음 요청부터 아무것도 할 수 없어요.",
    en: "Who works for the city, and in which role. Whoever is removed is out from their next request on.",
  },
  list: { ko: "등록된 사람", en: "Who is in" },
  nobody: {
    ko: "아직 아무도 없어요. 아래에서 등록하고 코드를 건네세요.",
    en: "Nobody yet. Enter them below, and hand them a code.",
  },
  line: {
    ko: "{role} · 기기 {devices}개 · {by} 등록",
    en: "{role} · devices: {devices} · entered by {by}",
  },
  until: { ko: "{at}까지", en: "until {at}" },
  gone: { ko: "나감", en: "Gone" },
  you: { ko: "나", en: "you" },
  code: { ko: "기기 코드", en: "Code for a device" },
  codeOf: { ko: "{name}의 기기 코드", en: "Code for a device of {name}" },
  codeHelp: {
    ko: "본인에게만 건네세요. 15분 동안 한 번, 이 코드로 패스키를 만들 수 있어요.",
    en: "Hand it to nobody but them. It makes one passkey, once, within 15 minutes.",
  },
  codeWaits: {
    ko: "본인에게만 건네세요. 다른 운영자가 승인하면 그때부터 15분 동안 한 번 쓸 수 있어요. 하루 안에 승인받으세요.",
    en: "Hand it to nobody but them. Once another operator agrees, within a day, it makes one passkey, once, within 15 minutes.",
  },
  waits: {
    ko: "{by}이(가) 만든 기기 코드가 다른 운영자의 승인을 기다려요.",
    en: "A code for a device, made by {by}, waits for another operator to agree.",
  },
  waitsOf: { ko: "승인을 기다리는 {name}의 코드", en: "A code of {name} that waits" },
  agree: { ko: "승인하기", en: "Agree" },
  lost: { ko: "기기 분실", en: "Device lost" },
  lostOf: { ko: "{name}의 기기 분실", en: "{name} lost a device" },
  lostHelp: {
    ko: "로그인과 패스키, 복구 코드가 바로 모두 끝나고 새 기기 코드가 만들어져요.",
    en: "Their sessions, passkeys and recovery codes end at once, and a code for a new device is made.",
  },
  remove: { ko: "내보내기", en: "Remove" },
  removeOf: { ko: "{name} 내보내기", en: "Remove {name}" },
  removeHelp: {
    ko: "로그인과 패스키가 바로 모두 끝나요. 역할을 바꾸려면 내보낸 뒤 새로 등록하세요.",
    en: "Their sessions and passkeys end at once. For another role, remove them and enter them anew.",
  },
  enter: { ko: "새로 등록", en: "Enter somebody" },
  enterHelp: {
    ko: "다른 운영자 모두에게 알려져요. 코드는 다른 운영자 한 명이 승인해야 쓸 수 있어요.",
    en: "All other operators are told, and one of them has to agree to the code.",
  },
  name: { ko: "아이디 (영문 소문자, 숫자, -)", en: "Name in their id (a-z, 0-9, -)" },
  shownAs: { ko: "보이는 이름", en: "Name that people read" },
  role: { ko: "역할", en: "Role" },
  last: { ko: "마지막 날 (없으면 비워 두세요)", en: "Last day, if there is one" },
  add: { ko: "등록하기", en: "Enter" },
  added: {
    ko: "{name}을(를) 등록했어요. 이제 코드를 건네세요.",
    en: "{name} is in. Now hand them a code.",
  },
});

export const roleWords = defineWords({
  operator: { ko: "운영자", en: "Operator" },
  planner: { ko: "계획가", en: "Planner" },
  clinician: { ko: "의료진", en: "Clinician" },
  teacher: { ko: "교사", en: "Teacher" },
  company: { ko: "회사", en: "Company" },
  agency: { ko: "시청 창구·기관", en: "City office" },
  auditor: { ko: "감사", en: "Auditor" },
});
