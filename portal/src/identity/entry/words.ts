import { defineWords } from "~/words/language";

export const entryWords = defineWords({
  passkey: { ko: "패스키로 로그인", en: "Sign in with a passkey" },
  passkeyHelp: {
    ko: "휴대전화나 컴퓨터가 지문, 얼굴, 잠금 번호로 나를 확인해요. 비밀번호가 없고, 그 기기를 떠나는 것도 없어요.",
    en: "Your phone or computer knows you by fingerprint, face or its lock. There is no password, and nothing of it leaves the device.",
  },
  haveCode: { ko: "창구에서 받은 코드가 있어요", en: "I have a code from the counter" },
  lostPhone: { ko: "휴대전화를 잃어버렸어요", en: "I lost my phone" },
  enrolTitle: { ko: "이 기기를 처음 등록하기", en: "Make this device yours" },
  enrolHelp: {
    ko: "시청 창구에서 신분을 확인하고 받은 코드를 넣으세요. 15분 동안 한 번 쓸 수 있어요.",
    en: "Enter the code that the city office's counter gave you. It is good once, for 15 minutes.",
  },
  recoveryTitle: { ko: "복구 코드로 들어오기", en: "Come in with a recovery code" },
  recoveryHelp: {
    ko: "인쇄해 둔 복구 코드 하나를 넣으세요. 쓴 코드는 다시 쓸 수 없어요. 코드가 없으면 신분증을 가지고 시청 창구로 오세요.",
    en: "Enter one of your printed recovery codes; it is used up by it. Without codes, come to the city office's counter with your papers.",
  },
  recoveryThen: {
    ko: "들어온 뒤에 ‘기기와 보안’에서 분실을 신고하면 잃어버린 기기의 로그인, 증명서, 출금이 모두 막혀요.",
    en: "Once in, report the loss under “Devices and security”: the lost device signs in no more, and its credentials and payments are stopped.",
  },
  code: { ko: "코드", en: "Code" },
  label: { ko: "이 기기의 이름", en: "Name of this device" },
  makePasskey: { ko: "이 기기에 패스키 만들기", en: "Make a passkey on this device" },
  hindered: { ko: "여기에서는 패스키를 쓸 수 없어요", en: "Passkeys do not work here" },
  hindered_insecure: {
    ko: "이 주소는 https가 아니에요. 도시의 https 주소로 열어 주세요.",
    en: "This address is not https. Open the city's https address.",
  },
  hindered_address: {
    ko: "숫자로 된 주소에는 패스키를 묶을 수 없어요. 이 컴퓨터라면 localhost로, 아니면 도시의 이름으로 열어 주세요.",
    en: "No passkey can be bound to an address of numbers. Open it as localhost on this computer, else by the city's name.",
  },
  hindered_missing: {
    ko: "이 브라우저는 패스키를 몰라요. Chrome, Edge, Safari, Firefox의 새 버전으로 열어 주세요.",
    en: "This browser does not know passkeys. Use a newer Chrome, Edge, Safari or Firefox.",
  },
  openAt: { ko: "{address} 열기", en: "Open {address}" },
});
