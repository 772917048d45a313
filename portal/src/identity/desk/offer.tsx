/** Offering a credential to the wallet of who stands at the counter: a code, and digits to tell. */
import { Button, Select } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Trouble } from "~/design/page";
import { useWords } from "~/words/language";
import { makeOfferFor, type CredentialKind } from "../api";
import { OfferCode } from "../cards/get";
import styles from "../identity.module.css";
import { kindWords } from "../words";
import { counterWords } from "./words";

const KINDS = Object.keys(kindWords) as CredentialKind[];

export function Offer({ person }: { person: string }) {
  const t = useWords(counterWords);
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
      {make.data && <OfferCode key={make.data.pin} offer={make.data} />}
    </div>
  );
}
