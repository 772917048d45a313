/** Offering a credential to the wallet of who stands at the counter: a code, and digits to tell. */
import { Button, Select } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Trouble } from "~/design/page";
import { useWords } from "~/words/language";
import { makeOfferFor, type CredentialKind } from "../api";
import { cardWords } from "../cards/words";
import styles from "../identity.module.css";
import { kindWords } from "../words";
import { TwoWays } from "./two-ways";
import { counterWords } from "./words";

const KINDS = Object.keys(kindWords) as CredentialKind[];

export function Offer({ person }: { person: string }) {
  const t = useWords(counterWords);
  const c = useWords(cardWords);
  const k = useWords(kindWords);
  const [kind, setKind] = useState<CredentialKind>("age");
  const make = useMutation({ mutationFn: () => makeOfferFor(person, kind) });
  return (
    <div className={styles.stack}>
      <h2>{t("offer")}</h2>
      <p className={styles.fine}>{t("offerHelp")}</p>
      <Select
        label={t("kind")}
        value={kind}
        allowDeselect={false}
        data={KINDS.map((one) => ({ value: one, label: k(one) }))}
        onChange={(chosen) => {
          make.reset();
          setKind(chosen ?? "age");
        }}
      />
      <div className={styles.row}>
        <Button loading={make.isPending} onClick={() => make.mutate()}>
          {t("makeOffer")}
        </Button>
      </div>
      {make.error && <Trouble error={make.error} />}
      {make.data && (
        <div key={make.data.pin} className={styles.stack}>
          <TwoWays
            link={make.data.offer_link}
            page="/me/credentials"
            until={make.data.until}
            label={c("offerCode")}
          />
          <p>{c("pin")}</p>
          <output className={styles.pin}>{make.data.pin}</output>
        </div>
      )}
    </div>
  );
}
