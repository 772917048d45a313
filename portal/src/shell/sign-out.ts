import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { endSession } from "~/api/session";
import { endSessionsHere } from "~/identity/acting-for";

/** Leave: the token, what was read, and what the device keeps of the person. */
export function useSignOut(): () => void {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return () => {
    endSessionsHere();
    endSession();
    queries.clear();
    void navigate("/sign-in");
  };
}
