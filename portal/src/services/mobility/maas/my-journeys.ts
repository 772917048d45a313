/** The journeys somebody has booked, and the one that failed since they last looked. */
import { useQuery } from "@tanstack/react-query";
import { isPerson, useSession } from "~/api/session";
import { currentQuery, journeyQuery, type Journey } from "./queries";
import { useWishes } from "./wishes";

export interface MyJourneys {
  going: readonly Journey[];
  failed: Journey | null;
  isWaiting: boolean;
}

/** A journey that failed is in no list of the city any more: the device knows what it booked. */
export function useMyJourneys(): MyJourneys {
  const session = useSession();
  const { booked } = useWishes();
  const current = useQuery({ ...currentQuery, enabled: isPerson(session) });
  const going = current.data ?? [];
  const mine = booked && booked.person === session?.id ? booked.journey : "";
  const isOut = current.isSuccess && mine !== "" && !going.some(({ id }) => id === mine);
  const last = useQuery({ ...journeyQuery(mine), enabled: isOut, retry: false });
  return {
    going,
    failed: isOut && last.data?.state === "failed" ? last.data : null,
    isWaiting: isPerson(session) && current.isPending,
  };
}
