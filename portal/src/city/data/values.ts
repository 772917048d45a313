/** What an attribute says, with its unit, as people read it. */
import { dateTime, measured } from "~/design/figures";
import { dateFormat, LOCALES } from "~/design/formats";
import type { Language } from "~/words/language";
import type { Attribute, Entity } from "./queries";

/** UN/CEFACT Recommendation 20: the codes that entities carry, as they are written after a number. */
const UNITS: Readonly<Record<string, string>> = {
  A86: " GHz",
  CEL: "°C",
  D54: " W/m²",
  DD: "°",
  GQ: " µg/m³",
  HUR: " h",
  KGM: " kg",
  KMH: " km/h",
  KMT: " km",
  KWH: " kWh",
  KWT: " kW",
  LUX: " lx",
  MIN: " min",
  MMT: " mm",
  MTK: " m²",
  MTR: " m",
  MTS: " m/s",
  P1: " %",
  SEC: " s",
};

export function unitOf(code: string | undefined, language: Language): string {
  if (!code) return "";
  if (code === "KRW") return language === "ko" ? "원" : " won";
  return UNITS[code] ?? ` ${code}`;
}

const META = new Set(["id", "type", "@context", "createdAt", "modifiedAt"]);

export function isAttribute(value: unknown): value is Attribute {
  return typeof value === "object" && value !== null && "type" in value;
}

/** The attributes of an entity, in the order of its document. */
export function attributesOf(entity: Entity): [string, Attribute][] {
  return Object.entries(entity).flatMap(([name, value]) =>
    META.has(name) || !isAttribute(value) ? [] : [[name, value] as [string, Attribute]],
  );
}

interface Geometry {
  type: string;
  coordinates: unknown;
}

function isGeometry(value: unknown): value is Geometry {
  return typeof value === "object" && value !== null && "coordinates" in value;
}

function isMoment(value: unknown): value is { "@value": string } {
  return typeof value === "object" && value !== null && "@value" in value;
}

function countPoints(coordinates: unknown): number {
  if (!Array.isArray(coordinates)) return 0;
  if (typeof coordinates[0] === "number") return 1;
  return coordinates.reduce<number>((sum, part) => sum + countPoints(part), 0);
}

/** The number that an attribute holds, for charts. */
export function numberIn(attribute: Attribute | null): number | null {
  const value = attribute?.value;
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** The entities that an attribute points at. */
export function targetsOf(attribute: Attribute): string[] {
  const found = attribute.object;
  if (typeof found === "string") return [found];
  return Array.isArray(found) ? found.filter((one) => typeof one === "string") : [];
}

export interface Speech {
  language: Language;
  timeZone: string | undefined;
  points: (kind: string, count: number) => string;
  yes: string;
  no: string;
}

export function textOf(attribute: Attribute, speech: Speech): string {
  if (attribute.languageMap) {
    return attribute.languageMap[speech.language] ?? Object.values(attribute.languageMap)[0] ?? "";
  }
  const targets = targetsOf(attribute);
  if (targets.length > 0) return targets.join(", ");
  return valueText(attribute.value, attribute.unitCode, speech);
}

function valueText(value: unknown, unitCode: string | undefined, speech: Speech): string {
  if (typeof value === "number") {
    return measured(value, speech.language) + unitOf(unitCode, speech.language);
  }
  if (typeof value === "boolean") return value ? speech.yes : speech.no;
  if (typeof value === "string") return value;
  if (isMoment(value)) return dateTime(value["@value"], speech.language, speech.timeZone);
  if (isGeometry(value)) {
    const { type, coordinates } = value;
    if (type === "Point" && Array.isArray(coordinates)) {
      return coordinates.map((one) => Number(one).toFixed(5)).join(", ");
    }
    return speech.points(type, countPoints(coordinates));
  }
  return value === undefined || value === null ? "" : JSON.stringify(value);
}

/** A moment with its seconds. */
export function dateTimeToTheSecond(iso: string, language: Language, timeZone?: string): string {
  return dateFormat(LOCALES[language], {
    dateStyle: "medium",
    timeStyle: "medium",
    ...(timeZone ? { timeZone } : {}),
  }).format(new Date(iso));
}

/** An entity's id without what all ids have. */
export const shortId = (id: string): string => id.replace(/^urn:ngsi-ld:/, "");

/** The whole id of what somebody typed or copied from a list. */
export function fullId(typed: string): string {
  const id = typed.trim();
  return id === "" || /^(urn:|https?:)/.test(id) ? id : `urn:ngsi-ld:${id}`;
}
