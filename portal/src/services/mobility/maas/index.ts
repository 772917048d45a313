import type { ServicePage } from "~/services/pages";
import { transitOnMap } from "./on-map";
import { maasWords } from "./words";

export const page: ServicePage = {
  service: "mobility.maas",
  path: "/me/trips",
  name: maasWords.name,
  icon: "route",
  page: () => import("./page"),
  home: () => import("./home"),
  step: { title: maasWords.homePlan, detail: maasWords.homePlanHelp },
  open: true,
  onMap: [transitOnMap],
  operator: () => import("./operators/page"),
  live: {
    // Journeys are personal and in no public stream; a run that is late changes them and all plans.
    TransitDelay: [
      ["me", "journeys"],
      ["maas", "options"],
      ["maas", "vehicles"],
    ],
    TransitVehicle: [["maas", "vehicles"]],
  },
};
