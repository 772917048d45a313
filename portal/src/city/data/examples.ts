/** Queries to begin with: of a rehearsed day, and of the living city. */
import type { lakeWords } from "./lake-words";

type ExampleName = Extract<keyof typeof lakeWords, `example${string}`>;

export interface Example {
  name: ExampleName;
  sql: string;
}

export const ofRehearsals: readonly Example[] = [
  {
    name: "exampleModes",
    sql: `SELECT mode, count(*) AS trips, round(avg(distance_m) / 1000, 2) AS mean_km
FROM trip
GROUP BY mode
ORDER BY trips DESC`,
  },
  {
    name: "exampleHours",
    sql: `SELECT CAST(floor(depart_s / 3600) AS INTEGER) AS hour, count(*) AS trips
FROM trip
GROUP BY hour
ORDER BY hour`,
  },
  {
    name: "exampleWaits",
    sql: `SELECT route, count(*) AS rides, round(avg(wait_s) / 60, 1) AS mean_wait_min
FROM leg
WHERE route <> ''
GROUP BY route
ORDER BY mean_wait_min DESC
LIMIT 20`,
  },
  {
    name: "examplePaid",
    sql: `SELECT service, count(*) AS paid_trips, sum(cost_won) AS won
FROM trip
WHERE cost_won > 0
GROUP BY service
ORDER BY won DESC`,
  },
  {
    name: "exampleEvents",
    sql: `SELECT event, count(*) AS times
FROM event
GROUP BY event
ORDER BY times DESC`,
  },
];

export const ofTheCity: readonly Example[] = [
  {
    name: "exampleHourly",
    sql: `SELECT date_trunc('hour', time) AS hour, count(*) AS events
FROM event
GROUP BY hour
ORDER BY hour`,
  },
  {
    name: "exampleEvents",
    sql: `SELECT event, count(*) AS times
FROM event
GROUP BY event
ORDER BY times DESC`,
  },
  {
    name: "exampleMeasured",
    sql: `SELECT type, field, count(*) AS values, min(value) AS least, max(value) AS most
FROM measurement
GROUP BY type, field
ORDER BY type, field`,
  },
  {
    name: "examplePayments",
    sql: `SELECT hour, count(*) AS payments, sum(amount_won) AS won
FROM transfer
GROUP BY hour
ORDER BY hour`,
  },
];
