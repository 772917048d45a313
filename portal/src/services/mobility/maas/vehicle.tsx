/** A vehicle of the city: unlocked here, returned where its operator shows where it may stand. */
import { Button } from "@mantine/core";
import { Link } from "react-router";
import { servicePages } from "~/services/pages";
import { useWords } from "~/words/language";
import type { Booking } from "./queries";
import { maasWords } from "./words";

export function Vehicle({
  booking,
  begun,
  busy,
  onBegin,
}: {
  booking: Booking;
  begun: boolean;
  busy: boolean;
  onBegin: () => void;
}) {
  const t = useWords(maasWords);
  const path = servicePages.find(({ service }) => service === booking.service)?.path;
  return (
    <>
      {!begun && (
        <Button size="lg" loading={busy} onClick={onBegin}>
          {t("unlockHere")}
        </Button>
      )}
      {path && (
        <Button size="lg" variant={begun ? "filled" : "default"} component={Link} to={path}>
          {t(begun ? "giveBack" : "unlock")}
        </Button>
      )}
    </>
  );
}
