import { defineWords } from "~/words/language";

/** Looking for one fact of the log by its number. */
export const lookUpWords = defineWords({
  title: { ko: "번호로 찾아 증명 보기", en: "Find a fact by its number, with its proof" },
  lead: {
    ko: "내 이체는 로그인하면, 누구의 것도 아닌 사실은 누구나 볼 수 있어요. 번호는 내역, 증명서, 보고서에 있어요.",
    en: "Your own transfers once you are signed in; facts that are nobody's, everybody. Numbers are in statements, receipts and reports.",
  },
  kind: { ko: "무엇을 찾나요", en: "What" },
  number: { ko: "번호", en: "Number" },
  find: { ko: "찾기", en: "Find" },
  found: { ko: "찾은 사실", en: "What was found" },
  transfer: { ko: "이체", en: "Transfer" },
  experiment: { ko: "기본소득 실험의 추첨", en: "Lots of a trial" },
  document: { ko: "문서 공증", en: "Certified document" },
  agreement: { ko: "약속 (조건부 결제, 구독)", en: "Agreement (conditional payment, plan)" },
  asset: { ko: "등록된 재산", en: "Registered asset" },
  poll: { ko: "투표", en: "Poll" },
  recognition: { ko: "다른 도시의 인정", en: "Recognition of another city" },
  issuer_trust: { ko: "다른 도시 증명서의 인정", en: "Trust in another city's credentials" },
  "currency-agreement": { ko: "다른 도시와의 화폐 협정", en: "Currency agreement with a city" },
  credential_status: { ko: "증명서의 상태", en: "Status of credentials" },
  account: { ko: "계좌의 조건", en: "Terms of an account" },
});
