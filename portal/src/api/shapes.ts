/** Shapes that the city's OpenAPI document leaves open: written down here once, by hand. */
import type { components } from "~/api/schema";

type Schemas = components["schemas"];

/** A line of `GET /api/identities`. */
export interface Identity {
  id: string;
  name: Schemas["Text"];
  role: Schemas["Role"];
  about: Schemas["Text"];
}

/** An hour of the weather of a playback. */
export interface Weather {
  hour: number;
  temperature_c: number;
  rain_mm_h: number;
  snow_mm_h: number;
  pm25_ug_m3: number;
}

/** A line of `GET /api/me/access`. */
export interface Access {
  at: string;
  reader: string;
  service: string;
  purpose: string;
  /** Names with commas between them; "*" is everything. */
  fields: string;
}
