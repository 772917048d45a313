/**
 * The pages that services bring, one folder each: `services/<domain>/<service>/index.ts`
 * exports `page`. Nothing else in the portal names a service.
 */
import type { ComponentType } from "react";
import type { QueryKey } from "@tanstack/react-query";
import type { IconName } from "~/design/icons";
import type { Text } from "~/words/language";

type Loader = () => Promise<{ default: ComponentType }>;

export interface ServicePage {
  /** The service's name, `domain.service`. */
  service: string;
  /** Where its page is, under /me. */
  path: `/me/${string}`;
  name: Text;
  icon: IconName;
  page: Loader;
  /** Whether somebody who has not signed in may look at it; it asks when it has to know who. */
  open?: boolean;
  /** What it says on the home page of somebody for whom it matters now. */
  home?: Loader;
  /** Its page for whoever runs the city, under /city/services. */
  operator?: Loader;
  /** What to read again when entities of a type change in the city. */
  live?: Readonly<Record<string, readonly QueryKey[]>>;
}

const found = import.meta.glob<{ page: ServicePage }>("./*/*/index.ts", { eager: true });

export const servicePages: readonly ServicePage[] = Object.keys(found)
  .sort()
  .flatMap((file) => found[file]?.page ?? []);
