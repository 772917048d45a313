import { expect, test } from "@playwright/test";
import { enterAs, expectNoBarrier, expectNothingCutOff, standAt } from "./city";

const JOURNEY = "urn:ngsi-ld:MobilityJourney:0123456789abcdef";
const BOOKING = "urn:ngsi-ld:MobilityOutsideRide:0123456789abcdef";
const OPERATOR = "urn:ngsi-ld:MobilityOperator:bikes";
const START: [number, number] = [127.309345, 36.518214];
const END: [number, number] = [127.3205, 36.5215];

const point = (coordinates: [number, number]) => ({ type: "Point", coordinates });
const minutesOn = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

/** A city with an operator outside, as far as a journey with it sees one. */
const journeyOf = (state: string) => ({
  id: JOURNEY,
  traveller: "urn:ngsi-ld:Person:designer",
  state: state === "kept" ? "booked" : "under_way",
  legs: [
    {
      mode: "bicycle",
      start_at: minutesOn(0),
      end_at: minutesOn(6),
      origin: point(START),
      destination: point(END),
      from_title: { ko: "", en: "" },
      to_title: { ko: "", en: "" },
      distance_m: 1_300,
      fare_won: 600,
      ride: null,
      service: OPERATOR,
      item: "bike",
      known_at: minutesOn(0),
    },
  ],
  leave_at: minutesOn(0),
  arrive_at: minutesOn(6),
  bookings: [{ service: OPERATOR, booking: BOOKING, held_won: 3_000, until: minutesOn(6) }],
  ticket_won: 0,
  ticket: null,
  ticket_used: false,
  begun: state === "kept" ? [] : [BOOKING],
  reason: null,
  instead: null,
});

test("a ride with an operator outside is begun, refused at its end, ended and paid", async ({
  page,
}) => {
  await enterAs(page, "designer");
  await standAt(page, START);
  await page.setViewportSize({ width: 390, height: 844 });
  let state = "kept";
  const ends: unknown[] = [];
  await page.route("**/api/mobility/maas/journeys/urn*", (route) =>
    route.fulfill({ json: journeyOf(state) }),
  );
  await page.route("**/api/mobility/maas/journeys/urn*/rides/*", (route) =>
    route.fulfill({
      json: {
        booking: BOOKING,
        operator: OPERATOR,
        title: { ko: "금강자전거", en: "Geumgang Bikes" },
        mode: "bicycle",
        state,
        held_won: 3_000,
        paid_won: state === "paid" ? 900 : null,
        begun_at: minutesOn(0),
        ended_at: null,
      },
    }),
  );
  await page.route("**/api/mobility/maas/journeys/urn*/rides/*/begin", (route) => {
    state = "riding";
    return route.fulfill({ json: journeyOf(state) });
  });
  await page.route("**/api/mobility/maas/journeys/urn*/rides/*/end", (route) => {
    ends.push((route.request().postDataJSON() as { location: unknown }).location);
    if (ends.length > 1) state = "paid"; // the first time it may not stand there
    return route.fulfill({ json: { service: OPERATOR, booking: BOOKING, paid_won: 600 } });
  });
  await page.goto(`/me/trips?journey=${encodeURIComponent(JOURNEY)}`);
  const ride = page.getByRole("region", { name: "금강자전거 이용" });
  await ride.getByRole("button", { name: "잠금 풀고 타기" }).click();
  await expect(ride.getByRole("status")).toContainText("부터 타고 있어요");
  await expectNoBarrier(page);
  await expectNothingCutOff(page);
  await ride.getByRole("button", { name: "여기에 두고 끝내기" }).click();
  await expect(ride.getByRole("alert")).toContainText("세울 수 있는 곳에 두고");
  await ride.getByRole("radio", { name: /지금 있는 곳/ }).check();
  await ride.getByRole("button", { name: "여기에 두고 끝내기" }).click();
  await expect(ride.getByRole("status")).toContainText("900원을 냈고");
  expect(ends).toEqual([point(END), point(START)]);
});
