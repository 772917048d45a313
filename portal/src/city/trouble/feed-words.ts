import { defineWords } from "~/words/language";

export const feedWords = defineWords({
  feeds: { ko: "데이터가 들어오는 곳", en: "Data feeds" },
  feedsLead: {
    ko: "기기와 파일, 다른 기관에서 오는 데이터예요. 무엇이 왔고 얼마나 좋은지 보여 줘요.",
    en: "Data of devices, files and other offices: what came, and how good it is.",
  },
  noFeeds: { ko: "들어오는 데이터가 없어요", en: "No data comes in" },
  noFeedsDetail: {
    ko: "도시 폴더의 feeds에 피드를 적거나 hapgang collect로 파일을 넣으면 여기에 나타나요.",
    en: "Write a feed into the city's folder feeds, or bring a file with hapgang collect.",
  },
  byMqtt: { ko: "기기 (MQTT)", en: "devices (MQTT)" },
  byHttp: { ko: "다른 기관 (HTTP)", en: "another office (HTTP)" },
  byFile: { ko: "파일", en: "files" },
  off: { ko: "꺼짐", en: "off" },
  last: { ko: "{when}에 마지막으로 왔어요", en: "last came {when}" },
  nothingYet: { ko: "아직 온 것이 없어요", en: "nothing came yet" },
  quality: { ko: "품질", en: "Quality" },
  score: { ko: "100점 만점에 {score}점", en: "{score} of 100" },
  notJudged: { ko: "아직 알 수 없어요", en: "not known yet" },
  completeness: { ko: "완전성", en: "completeness" },
  validity: { ko: "유효성", en: "validity" },
  uniqueness: { ko: "유일성", en: "uniqueness" },
  timeliness: { ko: "적시성", en: "timeliness" },
  rows: { ko: "행", en: "Rows" },
  rowsNow: {
    ko: "모두 {rows}행, 지난 1분에 {rate}행",
    en: "{rows} in all, {rate} in the last minute",
  },
  became: { ko: "결과", en: "Became" },
  counts: {
    ko: "새로 받은 것 {accepted}, 이미 아는 것 {known}, 늦게 온 것 {late}, 격리된 것 {quarantined}",
    en: "{accepted} accepted, {known} known already, {late} late, {quarantined} quarantined",
  },
  waiting: {
    ko: "{count}개가 격리되어 기다리고 있어요.",
    en: "{count} wait in quarantine.",
  },
  failed: {
    ko: "{times}번 이어서 실패했어요. 마지막은 {when}: {why}",
    en: "Failed {times} times in a row, last {when}: {why}",
  },
});
