import type { tourWords } from "./tour-words";

export type Face = "city" | "me";

interface Step {
  /** What in the page's frame the step is about: a link's address, or the help. */
  about: string;
  title: keyof typeof tourWords;
  detail: keyof typeof tourWords;
}

export const STEPS: Readonly<Record<Face, readonly Step[]>> = {
  city: [
    { about: 'nav a[href="/city"]', title: "cityMap", detail: "cityMapDetail" },
    { about: 'nav a[href="/city/kpis"]', title: "cityKpis", detail: "cityKpisDetail" },
    { about: 'nav a[href="/city/services"]', title: "cityServices", detail: "cityServicesDetail" },
    { about: 'nav a[href="/city/runs"]', title: "cityRuns", detail: "cityRunsDetail" },
    { about: 'nav a[href="/me"]', title: "cityMe", detail: "cityMeDetail" },
  ],
  me: [
    { about: 'nav a[href="/me"]', title: "meHome", detail: "meHomeDetail" },
    { about: 'nav a[href="/me/trips"]', title: "meTrips", detail: "meTripsDetail" },
    { about: 'nav a[href="/me/wallet"]', title: "meWallet", detail: "meWalletDetail" },
    { about: 'nav a[href="/me/data"]', title: "meData", detail: "meDataDetail" },
    { about: 'nav a[href="/me/settings"]', title: "meSettings", detail: "meSettingsDetail" },
  ],
};
