/** What somebody owns: offers that hand it on together with its price, and liens on it. */
import { Button, NumberInput, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { cityQuery } from "~/api/queries";
import { useSession } from "~/api/session";
import { dateTime, won } from "~/design/figures";
import { Empty, Loaded, Page, Panel, Trouble } from "~/design/page";
import styles from "~/me/me.module.css";
import { fullId, shortName } from "~/money/names";
import { moneyWords } from "~/money/words";
import { useLanguage, useWords } from "~/words/language";
import { Act } from "~/money/parts";
import { Told } from "~/money/told";
import {
  acceptThing,
  AFTER_STEP,
  agreeToLien,
  assetsQuery,
  offerThing,
  releaseLien,
  useStep,
  withdrawOffer,
  type Asset,
  type Lien,
} from "./queries";
import registry from "./registry.module.css";
import { thingWords } from "./words";

export default function ThingsPage() {
  const t = useWords(thingWords);
  const m = useWords(moneyWords);
  const things = useQuery(assetsQuery);
  return (
    <Page
      narrow
      title={t("title")}
      lead={t("lead")}
      beside={<Link to="/me/documents">{m("toDocuments")}</Link>}
    >
      <div className={styles.home}>
        <Told>
          <Loaded from={things} lines={2}>
            {(all) =>
              all.length === 0 ? (
                <Empty icon="stamp" title={t("none")} detail={t("noneDetail")} />
              ) : (
                all.map((one) => <Thing key={one.id} thing={one} />)
              )
            }
          </Loaded>
        </Told>
      </div>
    </Page>
  );
}

function Thing({ thing }: { thing: Asset }) {
  const t = useWords(thingWords);
  const me = useSession()?.id;
  const mine = thing.owner === me;
  const pledged = thing.liens.some(({ is_agreed }) => is_agreed);
  return (
    <Panel label={thing.title}>
      <div className={registry.card}>
        <h2>{thing.title}</h2>
        <p className={styles.source}>
          {t(thing.mobility)} · {t("identifier", { identifier: thing.identifier })}
        </p>
        {thing.liens.map((lien) => (
          <LienLine key={lien.id} thing={thing.id} lien={lien} isOwner={mine} />
        ))}
        {thing.offer && <OfferLine thing={thing} offer={thing.offer} isOwner={mine} />}
        {mine && pledged && <p>{t("pledgedStays")}</p>}
        {mine && !pledged && !thing.offer && <OfferForm thing={thing.id} />}
      </div>
    </Panel>
  );
}

function LienLine({ thing, lien, isOwner }: { thing: string; lien: Lien; isOwner: boolean }) {
  const t = useWords(thingWords);
  const { language } = useLanguage();
  const me = useSession()?.id;
  const words = { amount: won(lien.amount_won, language), reason: lien.reason };
  const step = { what: lien.reason, refresh: AFTER_STEP };
  return (
    <div>
      <p>{lien.is_agreed ? t("lien", words) : t("lienAsked", words)}</p>
      <div className={styles.buttons}>
        {isOwner && !lien.is_agreed && (
          <>
            <Act again verb={t("agree")} {...step} send={() => agreeToLien(thing, lien.id)} />
            <Act quiet verb={t("refuse")} {...step} send={() => releaseLien(thing, lien.id)} />
          </>
        )}
        {lien.creditor === me && (
          <Act quiet again verb={t("release")} {...step} send={() => releaseLien(thing, lien.id)} />
        )}
      </div>
    </div>
  );
}

function OfferLine({
  thing,
  offer,
  isOwner,
}: {
  thing: Asset;
  offer: NonNullable<Asset["offer"]>;
  isOwner: boolean;
}) {
  const t = useWords(thingWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  const price = won(offer.price_won, language);
  const until = dateTime(offer.until, language, zone);
  return (
    <div>
      <p>
        {isOwner
          ? t("offered", { to: shortName(offer.to), price, until })
          : t("offeredToYou", { price, until })}
      </p>
      {isOwner ? (
        <Act
          quiet
          verb={t("withdraw")}
          what={thing.title}
          refresh={AFTER_STEP}
          send={() => withdrawOffer(thing.id)}
        />
      ) : (
        <Act
          again
          verb={t("accept", { price })}
          what={thing.title}
          refresh={AFTER_STEP}
          send={() => acceptThing(thing.id, offer.price_won)}
        />
      )}
    </div>
  );
}

function OfferForm({ thing }: { thing: string }) {
  const t = useWords(thingWords);
  const m = useWords(moneyWords);
  const [to, setTo] = useState("");
  const [price, setPrice] = useState<number | string>("");
  const price_won = Number(price);
  const possible =
    to.trim() !== "" && price !== "" && Number.isInteger(price_won) && price_won >= 0;
  const offer = useStep(() => offerThing(thing, fullId(to), price_won));
  return (
    <form
      className={registry.card}
      onSubmit={(event) => {
        event.preventDefault();
        if (possible) offer.mutate();
      }}
    >
      <TextInput
        label={t("to")}
        description={m("whomHelp")}
        value={to}
        onChange={({ currentTarget }) => setTo(currentTarget.value)}
      />
      <NumberInput
        label={t("price")}
        value={price}
        onChange={setPrice}
        min={0}
        thousandSeparator=","
        allowDecimal={false}
        allowNegative={false}
        hideControls
        inputMode="numeric"
      />
      <Button type="submit" variant="default" loading={offer.isPending} disabled={!possible}>
        {t("offer")}
      </Button>
      {offer.error && <Trouble error={offer.error} />}
    </form>
  );
}
