import { defineWords } from "~/words/language";

export const passWords = defineWords({
  pass: { ko: "교통 정기권", en: "City pass" },
  left: {
    ko: "{month}: {covers} 가운데 {left} 남았어요.",
    en: "{month}: {left} of {covers} left.",
  },
  short: {
    ko: "한 번 타는 요금 {fare}보다 적게 남아, 모자라는 만큼은 지갑에서 나가요.",
    en: "Less than a ride of {fare} is left; the rest of it comes from your wallet.",
  },
  sold: {
    ko: "{month} 한 달, {price}에 버스와 BRT를 {covers}어치 탈 수 있어요.",
    en: "For {price} you ride buses and the BRT for up to {covers} in {month}.",
  },
  worth: {
    ko: "한 번에 {fare}이니 {rides}번부터 이득이에요. 다음 달에 저절로 사지지 않아요.",
    en: "At {fare} a ride it pays from {rides} rides on. It does not renew by itself.",
  },
  free: {
    ko: "{month} 한 달, 버스와 BRT를 {covers}어치 무료로 탈 수 있어요.",
    en: "You ride buses and the BRT free of charge for up to {covers} in {month}.",
  },
  buy: { ko: "{price}에 사기", en: "Buy for {price}" },
  take: { ko: "무료로 받기", en: "Get it free" },
  source: {
    ko: "조건: 세종시 이응패스(경향신문 2024년 7월 31일)",
    en: "Terms: Sejong's Ieung Pass (Kyunghyang Shinmun, 31 July 2024)",
  },
});
