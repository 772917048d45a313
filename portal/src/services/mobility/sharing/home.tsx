import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { isPerson, useSession } from "~/api/session";
import { useWords } from "~/words/language";
import { rentalQuery } from "./queries";
import styles from "./sharing.module.css";
import { sharingWords } from "./words";

/** On the home page: the ride in progress, or the vehicle that is kept; else nothing. */
export default function SharingHome() {
  const t = useWords(sharingWords);
  const session = useSession();
  const { data: rental } = useQuery({ ...rentalQuery, enabled: isPerson(session) });
  if (!rental) return null;
  const isKept = rental.state === "reserved";
  const title = t(isKept ? "homeReserved" : "homeRiding");
  return (
    <section className={styles.riding} aria-label={title}>
      <h2>{title}</h2>
      <Button component={Link} to="/me/sharing">
        {t(isKept ? "toReserved" : "toReturn")}
      </Button>
    </section>
  );
}
