import { defineWords } from "~/words/language";

/** What all pages about money say. */
export const moneyWords = defineWords({
  really: { ko: "정말 {verb}", en: "Really: {verb}" },
  amount: { ko: "금액 (원)", en: "Amount in won" },
  memo: { ko: "메모", en: "Memo" },
  until: { ko: "{at}까지", en: "until {at}" },
  left: { ko: "{amount} 남음", en: "{amount} left" },
  whom: { ko: "받는 사람의 계좌", en: "Account of who gets it" },
  whomHelp: {
    ko: "상대의 지갑에 보이는 이름이에요. 예: Person:designer",
    en: "As their wallet shows it, such as Person:designer.",
  },
  back: { ko: "돈 관리로", en: "Back to my money" },
  toWallet: { ko: "지갑으로", en: "Back to the wallet" },
  toShops: { ko: "내 가게로", en: "Back to my shops" },
  toDocuments: { ko: "문서로", en: "Back to documents" },
  toTreasury: { ko: "시 금고로", en: "To the treasury" },
  reason: { ko: "이유", en: "Reason" },
  title: { ko: "이름", en: "Name" },
  day: { ko: "하루", en: "a day" },
  month: { ko: "한 달", en: "a month" },
  statementMonth: { ko: "내역서를 받을 달", en: "Month of the statement" },
  statementSave: { ko: "내역서 저장 (CSV)", en: "Save the statement (CSV)" },
  treasury: { ko: "시 금고", en: "the city's treasury" },
  did: { ko: "했어요: {verb} · {what}", en: "Done: {verb} · {what}" },
});
