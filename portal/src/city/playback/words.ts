import { defineWords } from "~/words/language";

export const playbackWords = defineWords({
  playback: { ko: "하루 재생", en: "Playback of the day" },
  play: { ko: "재생", en: "Play" },
  pause: { ko: "멈춤", en: "Pause" },
  time: { ko: "하루 가운데 시각", en: "Time of day" },
  speed: { ko: "재생 속도", en: "Speed" },
  speedOption: { ko: "1초에 {minutes}분", en: "{minutes} min a second" },
  speedShort: { ko: "{minutes}분/초", en: "{minutes} min/s" },
  loading: { ko: "이 시각을 불러오는 중이에요", en: "Loading this hour" },
  legend: { ko: "지금 움직이는 사람", en: "On the move now" },
  people: { ko: "{count}명", en: "{count} people" },
  legendHint: { ko: "누르면 지도에서 숨기거나 보여요", en: "Press to hide or show on the map" },
  simulated: { ko: "예행한 값 · 실제가 아니에요", en: "Rehearsed, not observed" },
  weather: { ko: "날씨", en: "Weather" },
  weatherNow: {
    ko: "{temperature} °C, 비 {rain} mm/h",
    en: "{temperature} °C, rain {rain} mm/h",
  },
  weatherSnow: {
    ko: "{temperature} °C, 눈 {snow} mm/h",
    en: "{temperature} °C, snow {snow} mm/h",
  },
  dust: { ko: "초미세먼지 {dust} µg/m³", en: "PM2.5 {dust} µg/m³" },
  weatherDry: { ko: "{temperature} °C, 비 없음", en: "{temperature} °C, dry" },
  weatherStrip: {
    ko: "하루의 날씨: 기온 {low} °C에서 {high} °C, 비나 눈 최대 {rain} mm/h. 예행의 날씨예요.",
    en: "Weather of the day: {low} to {high} °C, rain or snow up to {rain} mm/h. Weather of the rehearsal.",
  },
});
