/** Whose work it is to ask people for proof: as the city's door `/api/questions` allows. */
import type { Role } from "~/api/session";

const ASKERS: ReadonlySet<Role> = new Set<Role>([
  "operator", "agency", "company", "clinician", "teacher", "planner",
]); // prettier-ignore

export const isAsker = (role: Role | undefined): boolean => role !== undefined && ASKERS.has(role);
