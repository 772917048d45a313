import { defineWords } from "~/words/language";

/** Certifying a file, and checking one. */
export const notaryWords = defineWords({
  title: { ko: "문서 공증", en: "Certify a file" },
  lead: {
    ko: "이 파일을 지금 내가 가지고 있었다는 것을 도시 원장에 남겨요. 나중에 누구나 확인할 수 있어요.",
    en: "Puts into the city's ledger that you had this file now. Anybody can check it later.",
  },
  stays: {
    ko: "파일은 올라가지 않아요. 이 브라우저가 지문(SHA-256)을 계산하고 그것만 보내요.",
    en: "The file is not uploaded. This browser computes its fingerprint (SHA-256), and sends only that.",
  },
  drop: { ko: "파일을 여기에 놓거나", en: "Drop a file here, or" },
  hashing: { ko: "지문을 계산하고 있어요.", en: "Computing the fingerprint." },
  tooLarge: {
    ko: "이 파일은 {size}예요. {most}까지 계산할 수 있어요. 압축하거나 나누어서 해 보세요.",
    en: "This file has {size}; at most {most} can be done here. Pack it, or split it.",
  },
  fingerprint: { ko: "지문 (SHA-256)", en: "Fingerprint (SHA-256)" },
  name: { ko: "문서 이름", en: "Name of the document" },
  nameHelp: {
    ko: "나와 내 증명서를 받는 사람만 봐요.",
    en: "Only you see it, and whoever you give the receipt to.",
  },
  namesMe: {
    ko: "파일을 확인하는 사람에게 공증받은 사람의 번호도 보여 주기",
    en: "Show my number, too, to those who check the file",
  },
  certify: { ko: "공증하기", en: "Certify" },
  certified: {
    ko: "공증했어요. 증명서는 아래 목록에서 볼 수 있어요.",
    en: "Certified. Its receipt is in the list below.",
  },
  mine: { ko: "내가 공증한 문서", en: "My certified files" },
  none: { ko: "아직 공증한 문서가 없어요", en: "Nothing certified yet" },
  noneDetail: {
    ko: "계약서, 사진, 작품처럼 언제 가지고 있었는지가 중요한 파일을 골라 보세요.",
    en: "Choose a file for which it matters when you had it: a contract, a picture, a work of yours.",
  },
  size: { ko: "{count}바이트", en: "{count} bytes" },
  notTrue: {
    ko: "공증은 파일의 내용이 맞는지, 누가 만들었는지는 말하지 않아요. 그때 이 파일을 가지고 있었다는 것만 말해요.",
    en: "This does not say that what the file says is right, or who made it: only that you had it at that time.",
  },
  checkTitle: { ko: "파일 확인", en: "Check a file" },
  checkLead: {
    ko: "파일이 언제 공증되었는지 누구나 확인해요. 파일은 이 브라우저 밖으로 나가지 않고, 지문(SHA-256)만 도시에 물어봐요.",
    en: "Anybody can see when a file was certified. The file never leaves this browser: the city is asked by its fingerprint (SHA-256) only.",
  },
  found: { ko: "이 파일은 공증되었어요", en: "This file was certified" },
  foundDetail: {
    ko: "한 글자도 다르지 않은 같은 파일이에요.",
    en: "It is the same file, to the letter.",
  },
  foundAt: { ko: "{at}에 공증", en: "Certified on {at}" },
  by: { ko: "공증받은 사람 {who}", en: "By {who}" },
  byHidden: { ko: "누구인지는 밝히지 않았어요", en: "Whoever did it does not show who they are" },
  absent: { ko: "공증된 적이 없는 파일이에요", en: "This file was never certified here" },
  absentDetail: {
    ko: "한 글자만 달라도 다른 파일이에요. 다시 저장하거나 변환한 파일이 아니라 원본인지 보세요.",
    en: "A file that differs by one letter is another file. See that it is the original, not saved again or converted.",
  },
  wordOnly: {
    ko: "여기까지는 도시의 말이에요. 도시를 믿지 않고 확인하려면 공증받은 사람에게 증명서를 받아 증명서 화면에서 확인하고, 그 안의 SHA-256이 위의 지문과 같은지 보세요.",
    en: "So far this is the city's word. To check it without trusting the city, ask whoever certified it for the receipt, check it on the receipts page, and see that its SHA-256 is the one above.",
  },
});
