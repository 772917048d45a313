/** Going on without an account: what one may do, and the button that begins a visit. */
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { answer, city } from "~/api/client";
import { cityQuery } from "~/api/queries";
import { keepSession } from "~/api/session";
import { Trouble } from "~/design/page";
import { useWords } from "~/words/language";
import { visitWords } from "~/words/visit";
import styles from "./visit.module.css";

/** Nothing where the city takes in no visitors. */
export function VisitOffer({ from }: { from: string }) {
  const t = useWords(visitWords);
  const visitors = useQuery(cityQuery).data?.visitors ?? false;
  const visit = useVisit(from);
  if (!visitors) return null;
  return (
    <div className={styles.offer}>
      <Button variant="default" loading={visit.isPending} onClick={() => visit.mutate()}>
        {t("goOn")}
      </Button>
      <small>{t("goOnHelp")}</small>
      {visit.error && <Trouble error={visit.error} />}
    </div>
  );
}

function useVisit(from: string) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () => answer(city.POST("/api/visit")),
    onSuccess: (session) => {
      queries.removeQueries({ queryKey: ["me"] });
      keepSession(session);
      void navigate(from, { replace: true });
    },
  });
}
