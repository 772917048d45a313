/** A button beside a line that opens its proof; what proofs need is fetched only then. */
import { Button } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { Dialog } from "~/design/dialog";
import { Waiting } from "~/design/page";
import { useWords } from "~/words/language";
import type { Wanted } from "./queries";
import { proofWords } from "./words";

const ProofView = lazy(() => import("./proof"));

export function ProveButton({ wanted, what }: { wanted: Wanted; what: string }) {
  const t = useWords(proofWords);
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button
        variant="default"
        size="compact-sm"
        aria-label={t("proveWhat", { what })}
        onClick={() => setOpened(true)}
      >
        {t("prove")}
      </Button>
      <Dialog opened={opened} onClose={() => setOpened(false)} title={t("title")}>
        <Suspense fallback={<Waiting lines={3} />}>
          <ProofView wanted={wanted} />
        </Suspense>
        <Button variant="subtle" onClick={() => setOpened(false)}>
          {t("close")}
        </Button>
      </Dialog>
    </>
  );
}
