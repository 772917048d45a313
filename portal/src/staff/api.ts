/** What the pages of staff ask the city. */
import { queryOptions } from "@tanstack/react-query";
import { answer, city } from "~/api/client";
import type { components } from "~/api/schema";

export type Member = components["schemas"]["StaffView"];
export type StaffRole = Member["role"];
export const ROLES = [
  "operator", "planner", "agency", "company", "clinician", "teacher", "auditor",
] as const satisfies readonly StaffRole[]; // prettier-ignore

export const staffQuery = queryOptions({
  queryKey: ["staff"],
  queryFn: ({ signal }) => answer(city.GET("/api/staff", { signal })),
});

export const enterStaff = (name: string, shownAs: string, role: StaffRole, lastDay: string) =>
  answer(
    city.POST("/api/staff", {
      body: {
        name,
        role,
        shown_as: shownAs || null,
        until: lastDay ? new Date(`${lastDay}T23:59:59`).toISOString() : null,
      },
    }),
  );
export const removeStaff = (staff: string) =>
  answer(city.DELETE("/api/staff/{staff}", { params: { path: { staff } } }));
export const codeFor = (staff: string, lost: boolean) =>
  answer(
    city.POST("/api/staff/{staff}/enrolments", {
      params: { path: { staff } },
      body: { lost },
    }),
  );
export const agreeTo = (staff: string) =>
  answer(city.POST("/api/staff/{staff}/agreement", { params: { path: { staff } } }));
