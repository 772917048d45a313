/**
 * The pages that services bring, one folder each: `services/<domain>/<service>/index.ts`
 * exports `page`. Nothing else in the portal names a service.
 */
import type { ComponentType } from "react";
import type { QueryKey, UseQueryOptions } from "@tanstack/react-query";
import type { FeatureCollection } from "geojson";
import type { IconName } from "~/design/icons";
import type { Text } from "~/words/language";

type Loader = () => Promise<{ default: ComponentType }>;

/** What a service shows on the city's map, of now. */
export interface MapLayer {
  id: string;
  name: Text;
  colour: Readonly<Record<"light" | "dark", string>>;
  query: UseQueryOptions<FeatureCollection>;
  /** The property that is written beside each thing when the map is near. */
  label?: string;
  /** The property of things whose place was computed and not seen: they are drawn pale. */
  pale?: string;
  /** How much there is, in words; else it is counted. */
  amount?: (data: FeatureCollection) => Text;
}

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
  /** What it says on the home page of somebody for whom it matters now; else nothing. */
  home?: Loader;
  /** What one can begin here, on the home page of everybody. */
  step?: { title: Text; detail: Text };
  /** Its page for whoever runs the city, under /city/services. */
  operator?: Loader;
  onMap?: readonly MapLayer[];
  /** What to read again when entities of a type change in the city. */
  live?: Readonly<Record<string, readonly QueryKey[]>>;
}

const found = import.meta.glob<{ page: ServicePage }>("./*/*/index.ts", { eager: true });

export const servicePages: readonly ServicePage[] = Object.keys(found)
  .sort()
  .flatMap((file) => found[file]?.page ?? []);
