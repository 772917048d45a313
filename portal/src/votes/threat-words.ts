import { defineWords } from "~/words/language";

/** The threat model of docs/ballots.md in a few plain lines. */
export const threatWords = defineWords({
  safe: { ko: "막아요", en: "It protects from" },
  safeSecret: {
    ko: "도시나 도시에 침입한 사람이 내 표를 보는 것: 수탁자가 정해진 수만큼 모이지 않으면 볼 수 없어요.",
    en: "the city, or whoever broke into it, reading your vote: that takes as many trustees as the poll says.",
  },
  safeCount: {
    ko: "표를 넣거나 빼거나 바꾸는 것: 누구나 찾아낼 수 있어요.",
    en: "ballots added, altered or removed: anybody can find it.",
  },
  safeTwice: {
    ko: "한 사람이 두 번 세어지는 것: 마지막 표만 세요.",
    en: "one person counted twice: only the last ballot counts.",
  },
  safeLink: {
    ko: "투표권을 준 곳이 그 투표권으로 누구의 표인지 아는 것: 보지 않고 서명해요.",
    en: "whoever gave you the right recognising your ballot by it: it is signed unseen.",
  },
  unsafe: { ko: "막지 못해요", en: "It does not protect from" },
  unsafeCoercion: {
    ko: "옆에서 보거나 시키는 사람, 표를 사는 사람. 마감까지 다시 투표할 수 있고 종이로도 할 수 있을 뿐이에요.",
    en: "somebody at your shoulder, pressure, or buyers of votes. You can vote again until the close, or on paper; that is all.",
  },
  unsafePhone: {
    ko: "고장 났거나 나쁜 프로그램이 든 내 기기. 가끔 시험 봉인을 해 보면 알아챌 수 있지만, 표를 엿보는 것은 막지 못해요.",
    en: "your own device being corrupted. Testing a sealed ballot now and then finds a lie, but not that it looks on.",
  },
  unsafeTrustees: {
    ko: "정해진 수의 수탁자가 몰래 모이는 것: 모든 표를 볼 수 있어요.",
    en: "as many trustees as are needed conspiring: they can read every ballot.",
  },
  unsafeAddress: {
    ko: "통신망을 보는 사람이 시간과 주소로 짐작하는 것. 투표권은 미리 받고 투표는 나중에 다른 곳에서 하면 나아요.",
    en: "whoever sees the network guessing by time and address. Take your right early, and vote later, from elsewhere.",
  },
  unsafeFuture: {
    ko: "먼 훗날의 양자 컴퓨터: 공개된 게시판을 풀 수 있어요.",
    en: "a quantum computer in decades: it could read the public board.",
  },
});
