import { defineWords } from "~/words/language";

export const visitWords = defineWords({
  goOn: { ko: "방문객으로 계속하기", en: "Go on as a visitor" },
  goOnHelp: {
    ko: "이름도 계정도 필요 없어요. 4시간 뒤에 방문 기록과 함께 잊혀요. 면허가 없는 어른으로 여겨요.",
    en: "No name, no account. After four hours you are forgotten. You count as an adult without a licence.",
  },
  lookTitle: { ko: "계정 없이 둘러보세요", en: "Look around without an account" },
  lookDetail: {
    ko: "지도, 길 찾기, 가까운 이동수단과 요금은 누구나 볼 수 있어요.",
    en: "The map, plans of trips, vehicles near you and their prices are open to everybody.",
  },
  needTitle: { ko: "로그인이 필요한 일", en: "What needs signing in" },
  needDetail: {
    ko: "예약, 지갑, 편지함은 한 사람의 돈과 약속이라서 누구인지 알아야 해요.",
    en: "Bookings, wallet and inbox are one person's money and promises, so the city has to know whose.",
  },
  map: { ko: "도시 지도 보기", en: "See the city's map" },
  mapDetail: {
    ko: "건물, 길, 정류장과 하루의 움직임",
    en: "Buildings, streets, stops, and its day",
  },
  whyRent: {
    ko: "빌리려면 누가 타고 누가 내는지 알아야 해요.",
    en: "To rent, the city has to know who rides and who pays.",
  },
});
