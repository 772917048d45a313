import { defineWords } from "~/words/language";

export const outsideWords = defineWords({
  ride: { ko: "{operator} 이용", en: "Ride with {operator}" },
  asked: { ko: "사업자의 대답을 기다려요.", en: "Waiting for the operator's answer." },
  kept: {
    ko: "맡아 두었어요. 이동수단 앞에서 잠금을 풀어 주세요.",
    en: "Kept for you. Unlock it when you stand beside it.",
  },
  unlock: { ko: "잠금 풀고 타기", en: "Unlock and ride" },
  starting: {
    ko: "사업자에게 잠금을 풀어 달라고 했어요. 잠시만 기다려 주세요.",
    en: "The operator was asked to unlock it. One moment.",
  },
  riding: { ko: "{time}부터 타고 있어요.", en: "You have been riding since {time}." },
  held: { ko: "맡아 둔 돈 {amount}", en: "{amount} set aside" },
  where: { ko: "어디에 세웠나요?", en: "Where have you left it?" },
  asPlanned: { ko: "계획한 곳: {place}", en: "As planned: {place}" },
  here: { ko: "지금 있는 곳: {place}", en: "Where I am: {place}" },
  end: { ko: "여기에 두고 끝내기", en: "End the ride there" },
  ending: {
    ko: "사업자가 받았는지 확인하고 있어요. 그때까지는 끝난 것이 아니에요.",
    en: "Waiting for the operator to take it back. Until then the ride is not over.",
  },
  notTaken: {
    ko: "사업자가 그곳에서는 받지 않아요. 세울 수 있는 곳에 두고 다시 끝내 주세요.",
    en: "The operator does not take it back there. Leave it where it may stand and end it again.",
  },
  paid: {
    ko: "끝났어요. {amount}을 냈고, 남은 돈은 돌려받았어요.",
    en: "It is over. You paid {amount}; the rest of what was set aside is yours again.",
  },
  off: {
    ko: "이 이용은 없던 일이 되었어요. 맡아 둔 돈은 돌려받았어요.",
    en: "This ride is off. What was set aside is yours again.",
  },
  disputed: {
    ko: "사업자와 도시가 다르게 알고 있어 담당자가 살펴봐요. 따로 하실 일은 없어요.",
    en: "The operator and the city do not agree; staff look into it. There is nothing you have to do.",
  },
});
