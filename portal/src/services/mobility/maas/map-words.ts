import { defineWords } from "~/words/language";

export const mapWords = defineWords({
  transit: { ko: "버스·열차", en: "Buses and trains" },
  none: { ko: "지금 다니지 않아요", en: "None runs now" },
  all: { ko: "실제 위치 {seen}대", en: "{seen} seen" },
  some: {
    ko: "실제 위치 {seen}대, 시간표로 {computed}대(옅은 점)",
    en: "{seen} seen, {computed} by timetable (pale)",
  },
});
