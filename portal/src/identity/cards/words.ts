import { defineWords } from "~/words/language";

export const cardWords = defineWords({
  title: { ko: "증명서", en: "Credentials" },
  lead: {
    ko: "도시가 나에 대해 아는 것을 서명해서 나에게 줘요. 이 브라우저에만 있고, 보여 줄 때도 필요한 것만 보여 줘요.",
    en: "What the city knows of you it signs, and gives to you. It is kept in this browser only, and you show no more of it than is needed.",
  },
  here: { ko: "이 브라우저의 증명서", en: "In this browser" },
  none: { ko: "아직 증명서가 없어요", en: "No credential yet" },
  noneDetail: {
    ko: "아래에서 받으면 여기에 나타나요.",
    en: "Get one below, and it appears here.",
  },
  until: { ko: "{at}까지", en: "Until {at}" },
  issuer: { ko: "발급: {who}", en: "Issued by {who}" },
  thisCity: { ko: "이 도시", en: "this city" },
  standing: { ko: "효력", en: "Standing" },
  standing_valid: { ko: "유효해요", en: "Valid" },
  standing_suspended: { ko: "정지됐어요", en: "Suspended" },
  standing_revoked: { ko: "취소됐어요", en: "Revoked" },
  standing_over: { ko: "기한이 지났어요", en: "Expired" },
  standing_unknown: { ko: "지금 확인할 수 없어요", en: "Cannot be told now" },
  looking: { ko: "확인하고 있어요", en: "Looking" },
  standingHelp: {
    ko: "이 브라우저가 상태 목록 전체를 받아 직접 찾아봤어요. 어느 것을 찾았는지는 도시도 몰라요.",
    en: "This browser fetched the whole status list and looked by itself: the city does not know for which.",
  },
  suspend: { ko: "잠시 정지", en: "Suspend" },
  resume: { ko: "다시 살리기", en: "Let it hold again" },
  revoke: { ko: "취소하기", en: "Revoke" },
  revokeHelp: {
    ko: "취소하면 되살릴 수 없어요. 필요하면 새로 받으세요.",
    en: "A revoked credential stays revoked. You can get a new one.",
  },
  drop: { ko: "이 브라우저에서 지우기", en: "Remove from this browser" },
  dropHelp: {
    ko: "열쇠와 함께 지워져서 다시 쓸 수 없어요.",
    en: "Its key goes with it: it cannot be used again.",
  },
  of: { ko: "{what}: {verb}", en: "{verb}: {what}" },
  get: { ko: "받을 수 있는 증명서", en: "What you can get" },
  getHere: { ko: "여기에 받기", en: "Get it here" },
  getElsewhere: { ko: "다른 지갑에 받기", en: "For another wallet" },
  gotIt: { ko: "{what} 증명서를 받았어요.", en: "You have the credential now: {what}." },
  notRegistered: {
    ko: "주민 등록에 없어서 거주·나이 증명서를 받을 수 없어요. 신분증을 가지고 시청 창구로 오세요.",
    en: "The register does not have you, so there is no proof of residence or age. Come to the city office's counter with your papers.",
  },
  registered: {
    ko: "주민 등록: {name}, {born}생, {zone}, {since}부터",
    en: "Register: {name}, born {born}, {zone}, since {since}",
  },
  attestedBy: { ko: "확인한 곳: {who}", en: "Attested by {who}" },
  otherHelp: {
    ko: "다른 지갑 앱으로 코드를 읽고 아래 숫자를 넣으세요. 10분 동안, 세 번까지 넣을 수 있어요.",
    en: "Read the code with another wallet app, and type the digits there. Good for ten minutes and three tries.",
  },
  offerCode: { ko: "증명서를 받는 코드", en: "Code to get a credential" },
  pin: { ko: "확인 숫자", en: "Digits" },
  byCode: { ko: "코드로 받기", en: "Get one by a code" },
  byCodeHelp: {
    ko: "창구나 다른 화면에서 받은 코드를 읽거나 붙여 넣고, 따로 들은 숫자를 넣으세요.",
    en: "Scan or paste a code from a counter or another screen, and type the digits that you were told.",
  },
  codeText: { ko: "코드의 글자", en: "The code's text" },
  take: { ko: "증명서 받기", en: "Get the credential" },
  elsewhere: { ko: "다른 지갑에 있는 증명서", en: "In other wallets" },
  elsewhereHelp: {
    ko: "도시가 나에게 발급한 것 가운데 이 브라우저에 없는 것이에요.",
    en: "What the city issued to you and this browser does not have.",
  },
  issuedAt: { ko: "{at} 발급, {until}까지", en: "Issued {at}, until {until}" },
  kept: { ko: "이 브라우저에 대하여", en: "About this browser" },
  keptHelp: {
    ko: "증명서의 열쇠는 이 브라우저 밖으로 꺼낼 수 없게 만들어졌어요. 로그아웃해도 남아 있으니, 함께 쓰는 기기라면 지우고 가세요. 브라우저의 데이터를 지우면 함께 사라져요.",
    en: "The keys were made so that they cannot leave this browser. They stay when you sign out: on a shared device, remove them. Clearing the browser's data removes them, too.",
  },
  dropAll: { ko: "이 브라우저에서 모두 지우기", en: "Remove all from this browser" },
  dropAllHelp: {
    ko: "증명서, 열쇠, 보여 준 기록이 모두 지워져요.",
    en: "Credentials, keys and the list of what was shown go.",
  },
  acting: { ko: "대리하는 동안에는 쓸 수 없어요", en: "Not while acting for somebody" },
  actingDetail: {
    ko: "증명서는 본인의 것이에요. 내 계정으로 돌아와서 쓰세요.",
    en: "Credentials belong to one person. Go back to your own account to use them.",
  },
});
