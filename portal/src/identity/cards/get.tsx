/** Getting a credential: by one tap what the city itself offers, into this browser or elsewhere. */
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { date } from "~/design/figures";
import { Loaded, Trouble } from "~/design/page";
import { RunningCode } from "~/me/pay/qr";
import { useLanguage, useSay, useWords } from "~/words/language";
import {
  attestationsQuery,
  makeOffer,
  registrationQuery,
  type MadeOffer,
  type MyAttestation,
} from "../api";
import styles from "../identity.module.css";
import { Done } from "../parts";
import { kindWords } from "../words";
import { getHere } from "./queries";
import { sayings } from "./saying";
import { cardWords } from "./words";

type Kind = keyof typeof kindWords;

export function Get({ person }: { person: string }) {
  const t = useWords(cardWords);
  const { language } = useLanguage();
  const registration = useQuery(registrationQuery);
  const attestations = useQuery(attestationsQuery);
  return (
    <div className={styles.stack}>
      <h2>{t("get")}</h2>
      <Loaded from={registration} lines={2} height={56}>
        {(mine) =>
          mine && !mine.left ? (
            <>
              <p className={styles.fine}>
                {t("registered", {
                  name: mine.name,
                  born: date(mine.born, language),
                  zone: mine.living_zone,
                  since: date(mine.since, language),
                })}
              </p>
              <ul className={styles.list}>
                <Line kind="residency" person={person} />
                <Line kind="age" person={person} />
              </ul>
            </>
          ) : (
            <p>{t("notRegistered")}</p>
          )
        }
      </Loaded>
      <Loaded from={attestations} lines={1} height={56}>
        {(all) => {
          const standing = all.filter(({ revoked_at }) => revoked_at === null);
          if (standing.length === 0) return null;
          return (
            <ul className={styles.list}>
              {standing.map((one) => (
                <Line key={one.id} kind={one.kind} person={person} attested={one} />
              ))}
            </ul>
          );
        }}
      </Loaded>
    </div>
  );
}

/** Without what is only said to be so: a registered disability is "yes" by standing here. */
const without = (said: MyAttestation["said"]) =>
  Object.fromEntries(Object.entries(said).filter(([, value]) => value !== true));

function Line({
  kind,
  person,
  attested,
}: {
  kind: Kind;
  person: string;
  attested?: MyAttestation;
}) {
  const t = useWords(cardWords);
  const k = useWords(kindWords);
  const say = useSay();
  const queries = useQueryClient();
  const here = useMutation({
    mutationFn: () => getHere(kind, person, attested?.id),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["me"] }),
  });
  const elsewhere = useMutation({ mutationFn: () => makeOffer(kind, attested?.id) });
  const what = k(kind);
  return (
    <li>
      <div>
        <strong>{what}</strong>
        {attested && (
          <small>
            {sayings(without(attested.said), {})
              .map(({ value }) => say(value))
              .join(" · ")}
          </small>
        )}
      </div>
      <div className={styles.row}>
        <Button
          size="compact-md"
          aria-label={t("of", { what, verb: t("getHere") })}
          loading={here.isPending}
          onClick={() => here.mutate()}
        >
          {t("getHere")}
        </Button>
        <Button
          size="compact-md"
          variant="default"
          aria-label={t("of", { what, verb: t("getElsewhere") })}
          loading={elsewhere.isPending}
          onClick={() => elsewhere.mutate()}
        >
          {t("getElsewhere")}
        </Button>
      </div>
      {here.isSuccess && <Done>{t("gotIt", { what })}</Done>}
      {here.error && <Trouble error={here.error} />}
      {elsewhere.error && <Trouble error={elsewhere.error} />}
      {elsewhere.data && <OfferCode offer={elsewhere.data} />}
    </li>
  );
}

/** An offer for a wallet elsewhere: the code to read, and the digits to type there. */
function OfferCode({ offer }: { offer: MadeOffer }) {
  const t = useWords(cardWords);
  return (
    <div className={styles.stack}>
      <p>{t("otherHelp")}</p>
      <RunningCode payload={offer.offer_link} until={offer.until} label={t("offerCode")} />
      <p>{t("pin")}</p>
      <output className={styles.pin}>{offer.pin}</output>
    </div>
  );
}
