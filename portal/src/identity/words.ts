import { defineWords } from "~/words/language";

/** What the pages of identity share. */
export const identityWords = defineWords({
  identity: { ko: "내 신원", en: "My identity" },
  identityDetail: {
    ko: "증명서를 보관하고 필요한 것만 보여 줘요",
    en: "Keep credentials, and show only what is needed",
  },
  tabs: { ko: "내 신원의 화면", en: "Pages of my identity" },
  credentials: { ko: "증명서", en: "Credentials" },
  show: { ko: "보여 주기", en: "Show" },
  security: { ko: "기기와 보안", en: "Devices and security" },
  securityDetail: {
    ko: "패스키, 로그인해 있는 곳, 복구 코드, 분실 신고",
    en: "Passkeys, open sessions, recovery codes, a lost phone",
  },
  powers: { ko: "대리", en: "Acting for others" },
  ask: { ko: "증명 확인", en: "Ask for proof" },
  counter: { ko: "창구", en: "Counter" },
  copy: { ko: "복사", en: "Copy" },
  copied: { ko: "복사했어요", en: "Copied" },
  print: { ko: "인쇄", en: "Print" },
  cancel: { ko: "그만두기", en: "Cancel" },
  close: { ko: "닫기", en: "Close" },
  sure: { ko: "정말 할까요?", en: "Are you sure?" },
  until: { ko: "{at}까지", en: "Until {at}" },
  codeText: { ko: "코드의 글자", en: "The code's text" },
  on: { ko: "{at}에", en: "on {at}" },
  yes: { ko: "예", en: "Yes" },
  no: { ko: "아니요", en: "No" },
  ageOrOver: { ko: "만 {age}세 이상", en: "{age} or older" },
  notAtIssue: { ko: "발급할 때는 아니었어요", en: "Not when it was issued" },
});

/** Values that credentials have from a list, as people say them. */
export const valueWords = defineWords({
  severe: { ko: "심한 장애", en: "Severe" },
  not_severe: { ko: "심하지 않은 장애", en: "Not severe" },
  parent: { ko: "부모", en: "Parent" },
  guardian: { ko: "후견인", en: "Guardian" },
  carer: { ko: "돌보는 사람", en: "Carer" },
  company: { ko: "회사", en: "Company" },
  "step-free": { ko: "계단 없는 길이 필요해요", en: "Needs step-free ways" },
});

/** The kinds of credentials, as the city issues them. */
export const kindWords = defineWords({
  residency: { ko: "거주", en: "Residency" },
  age: { ko: "나이", en: "Age" },
  disability: { ko: "장애", en: "Disability" },
  driving_licence: { ko: "운전면허", en: "Driving licence" },
  membership: { ko: "소속", en: "Membership" },
  nanodegree: { ko: "나노디그리", en: "Nanodegree" },
  delegation: { ko: "대리", en: "Acting for somebody" },
});
