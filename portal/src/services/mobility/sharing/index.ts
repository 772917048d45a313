import type { ServicePage } from "~/services/pages";
import { vehiclesOnMap } from "./on-map";
import { sharingWords } from "./words";

export const page: ServicePage = {
  service: "mobility.sharing",
  path: "/me/sharing",
  name: sharingWords.name,
  icon: "scooter",
  page: () => import("./page"),
  home: () => import("./home"),
  step: { title: sharingWords.homeTitle, detail: sharingWords.homeHelp },
  open: true,
  onMap: [vehiclesOnMap],
  operator: () => import("./operator"),
  live: {
    PersonalMobilityArea: [["sharing", "vehicles"]], // a ride began or ended somewhere
  },
};
