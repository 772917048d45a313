/** The pages of votes, for the portal's addresses. */
import type { ComponentType } from "react";

type Load = () => Promise<{ default: ComponentType }>;
type Pages = readonly (readonly [path: string, load: Load])[];

export const votePages = {
  city: [
    ["votes", () => import("./agency/page")],
    ["votes/new", () => import("./agency/new-page")],
    ["votes/:poll", () => import("./agency/poll-page")],
  ],
  me: [
    ["votes", () => import("./my-page")],
    ["votes/:poll", () => import("./booth/page")],
  ],
  open: [
    ["/votes", () => import("./list-page")],
    ["/votes/how/specification", () => import("./specification-page")],
    ["/votes/:poll", () => import("./poll-page")],
    ["/votes/:poll/check", () => import("./check-page")],
    ["/votes/:poll/board", () => import("./board-page")],
  ],
  /** Without the portal's frame around it. */
  bare: [["/votes/:poll/kiosk", () => import("./kiosk-page")]],
} satisfies Record<string, Pages>;
