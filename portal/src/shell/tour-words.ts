import { defineWords } from "~/words/language";

export const tourWords = defineWords({
  tour: { ko: "둘러보기 안내", en: "Tour" },
  again: { ko: "둘러보기 안내 다시 보기", en: "Show the tour again" },
  offer: { ko: "처음이신가요?", en: "New here?" },
  offerDetail: {
    ko: "다섯 걸음으로 이 화면을 안내해 드려요. 1분이면 돼요.",
    en: "Five steps show you around. It takes a minute.",
  },
  start: { ko: "안내 보기", en: "Show me" },
  notNow: { ko: "괜찮아요", en: "No, thanks" },
  step: { ko: "{all}걸음 가운데 {at}", en: "Step {at} of {all}" },
  back: { ko: "이전", en: "Back" },
  next: { ko: "다음", en: "Next" },
  done: { ko: "다 봤어요", en: "Done" },
  skip: { ko: "건너뛰기", en: "Skip" },
  cityMap: { ko: "지도", en: "Map" },
  cityMapDetail: {
    ko: "도시를 3D로 보고, 예행한 하루를 재생해요. 점 하나가 움직이는 한 사람이에요.",
    en: "The city in 3D, with a rehearsed day that plays back: each dot is a person on the move.",
  },
  cityKpis: { ko: "성과", en: "KPIs" },
  cityKpisDetail: {
    ko: "도시가 목표에 얼마나 다가갔는지, 단위와 출처와 함께 보여 줘요.",
    en: "How near the city is to its targets, each with unit and source.",
  },
  cityServices: { ko: "서비스", en: "Services" },
  cityServicesDetail: {
    ko: "도시가 돌리는 서비스와 그 수준이에요. 운영자는 여기서 일을 시작해요.",
    en: "What the city runs and how far it has come. Operators begin their work here.",
  },
  cityRuns: { ko: "예행", en: "Runs" },
  cityRunsDetail: {
    ko: "가상의 주민으로 미리 살아 본 하루들이에요. 둘을 골라 견주어 보세요.",
    en: "Days lived in advance by virtual residents. Compare two of them.",
  },
  cityMe: { ko: "도시와 나", en: "City and me" },
  cityMeDetail: {
    ko: "‘나’를 누르면 내 여정과 지갑으로 가요. 안내는 물음표 단추에서 다시 볼 수 있어요.",
    en: "“Me” leads to your own trips and wallet. The question mark shows this tour again.",
  },
  meHome: { ko: "홈", en: "Home" },
  meHomeDetail: {
    ko: "지금 챙길 일만 보여 줘요. 아무것도 없으면 조용해요.",
    en: "Only what needs you now. When nothing does, it is quiet.",
  },
  meTrips: { ko: "길 찾기", en: "Trips" },
  meTripsDetail: {
    ko: "걷기, 이동수단, 버스를 이어 한 번에 찾고 한 번에 예약해요.",
    en: "Walking, vehicles and buses in one plan, booked at once.",
  },
  meWallet: { ko: "지갑", en: "Wallet" },
  meWalletDetail: {
    ko: "쓸 수 있는 돈, 맡아 둔 돈, 모든 거래가 있어요.",
    en: "What you can spend, what is held, and every payment.",
  },
  meData: { ko: "내 정보", en: "My data" },
  meDataDetail: {
    ko: "도시가 나에 대해 아는 것과, 누가 왜 보았는지 모두 적혀 있어요.",
    en: "What the city knows of you, and everybody who looked, and why.",
  },
  meSettings: { ko: "설정", en: "Settings" },
  meSettingsDetail: {
    ko: "글자를 키우고, 밝기와 걷기를 나에게 맞춰요. 안내는 물음표 단추에서 다시 볼 수 있어요.",
    en: "Larger text, light or dark, how you walk. The question mark shows this tour again.",
  },
});
