/** Find a vehicle, rent it, ride, return it: one page, the step follows from what is true. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { isPerson, useSession } from "~/api/session";
import { Loaded, Page } from "~/design/page";
import { useHere, type Here } from "~/me/here";
import { useWords } from "~/words/language";
import { Check } from "./check";
import { Find } from "./find";
import { rentalQuery, type Rental } from "./queries";
import { Receipt } from "./receipt";
import { Reserved } from "./reserved";
import { Ride } from "./ride";
import { Steps } from "./steps";
import { sharingWords } from "./words";

export default function SharingPage() {
  const t = useWords(sharingWords);
  const here = useHere();
  const known = isPerson(useSession());
  const rental = useQuery({ ...rentalQuery, enabled: known });
  const [finished, setFinished] = useState<Rental | null>(null);
  const [params, setParams] = useSearchParams();
  const startAgain = () => {
    setFinished(null);
    setParams({});
  };
  const choose = (vehicle: string) => setParams({ vehicle });
  const vehicle = params.get("vehicle");
  const choice = here && (
    <Choice here={here} vehicle={vehicle} onChoose={choose} onBack={startAgain} />
  );
  return (
    <Page title={t("title")} lead={t("lead")}>
      {!known && choice}
      {known && (
        <Loaded from={rental} lines={4} height={88}>
          {(current) => {
            if (finished) return <Receipt rental={finished} onAgain={startAgain} />;
            if (current?.state === "reserved") {
              return <Reserved rental={current} onCancelled={startAgain} />;
            }
            if (current) return <Ride rental={current} here={here} onDone={setFinished} />;
            return choice;
          }}
        </Loaded>
      )}
    </Page>
  );
}

/** Before the ride: choose one, then check it. */
function Choice({
  here,
  vehicle,
  onChoose,
  onBack,
}: {
  here: Here;
  vehicle: string | null;
  onChoose: (vehicle: string) => void;
  onBack: () => void;
}) {
  return (
    <>
      <Steps at={vehicle ? 1 : 0} />
      {vehicle ? (
        <Check id={vehicle} here={here} onBack={onBack} />
      ) : (
        <Find here={here} onChoose={onChoose} />
      )}
    </>
  );
}
