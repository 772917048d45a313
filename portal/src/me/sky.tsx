import { useQuery } from "@tanstack/react-query";
import { cityQuery } from "~/api/queries";
import { number, timeOfDay } from "~/design/figures";
import { Icon } from "~/design/icons";
import { useLanguage, useWords } from "~/words/language";
import { CardLink } from "./card-link";
import styles from "./home.module.css";
import type { Outlook } from "./queries";
import { meWords } from "./words";

const BAD_PM25_UG_M3 = 35; // above it AirKorea calls the day bad
const LEAST_MM_H = 0.1; // what a rain gauge tells apart

/** Nobody tells the city what the weather is: that no card is there must not be taken for a fine day. */
export function NoSky({ weather }: { weather: Outlook | undefined }) {
  const t = useWords(meWords);
  if (!weather || weather.now || weather.soon) return null;
  return (
    <p className={styles.unknown}>
      <Icon name="cloud" size={22} />
      <span>
        <strong>{t("noSky")}</strong> {t("noSkyDetail")}
      </span>
    </p>
  );
}

/** The sky where it matters to somebody who is about to go out: wet now or soon, or bad to breathe. */
export function SkyCard({ weather }: { weather: Outlook | undefined }) {
  const t = useWords(meWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  if (!weather) return null;
  const { now, soon } = weather;
  const falls = (sky: { rain_mm_h: number; snow_mm_h: number }) =>
    sky.snow_mm_h >= LEAST_MM_H ? "snow" : sky.rain_mm_h >= LEAST_MM_H ? "rain" : null;
  const card = (title: string, detail: string) => (
    <CardLink to="/me/trips" icon="rain" title={title} detail={detail} />
  );
  if (now && falls(now)) {
    const amount = number(falls(now) === "snow" ? now.snow_mm_h : now.rain_mm_h, language, 1);
    return card(t(falls(now) === "snow" ? "snowNow" : "rainNow", { amount }), t("stayDry"));
  }
  if (soon && falls(soon)) {
    const time = timeOfDay(soon.at, language, zone);
    return card(t(falls(soon) === "snow" ? "snowSoon" : "rainSoon", { time }), t("stayDry"));
  }
  if (now && now.pm25_ug_m3 > BAD_PM25_UG_M3) {
    return card(t("dusty", { dust: number(now.pm25_ug_m3, language) }), t("dustyDetail"));
  }
  return null;
}
