/** What somebody owns: offers that hand it on together with its price, and liens on it. */
import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { cityQuery } from "~/api/queries";
import { useSession } from "~/api/session";
import { dateTime, won } from "~/design/figures";
import { Empty, Loaded, Page, Panel, Trouble } from "~/design/page";
import styles from "~/me/me.module.css";
import { fullId, shortName } from "~/money/names";
import { moneyWords } from "~/money/words";
import { useLanguage, useWords } from "~/words/language";
import {
  acceptThing,
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
  const things = useQuery(assetsQuery);
  return (
    <Page narrow title={t("title")} lead={t("lead")}>
      <div className={styles.home}>
        <Loaded from={things} lines={2}>
          {(all) =>
            all.length === 0 ? (
              <Empty icon="stamp" title={t("none")} detail={t("noneDetail")} />
            ) : (
              all.map((one) => <Thing key={one.id} thing={one} />)
            )
          }
        </Loaded>
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
  const agree = useStep(() => agreeToLien(thing, lien.id));
  const release = useStep(() => releaseLien(thing, lien.id));
  const words = { amount: won(lien.amount_won, language), reason: lien.reason };
  const error = agree.error ?? release.error;
  return (
    <div>
      <p>{lien.is_agreed ? t("lien", words) : t("lienAsked", words)}</p>
      <div className={styles.buttons}>
        {isOwner && !lien.is_agreed && (
          <>
            <Button size="sm" loading={agree.isPending} onClick={() => agree.mutate()}>
              {t("agree")}
            </Button>
            <Button
              size="sm"
              variant="default"
              loading={release.isPending}
              onClick={() => release.mutate()}
            >
              {t("refuse")}
            </Button>
          </>
        )}
        {lien.creditor === me && (
          <Button
            size="sm"
            variant="default"
            loading={release.isPending}
            onClick={() => release.mutate()}
          >
            {t("release")}
          </Button>
        )}
      </div>
      {error && <Trouble error={error} />}
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
  const take = useStep(() => acceptThing(thing.id, offer.price_won));
  const withdraw = useStep(() => withdrawOffer(thing.id));
  const price = won(offer.price_won, language);
  const until = dateTime(offer.until, language, zone);
  return (
    <div>
      <p>
        {isOwner
          ? t("offered", { to: shortName(offer.to), price, until })
          : t("offeredToYou", { price, until })}
      </p>
      <Button
        size="sm"
        variant={isOwner ? "default" : "filled"}
        loading={take.isPending || withdraw.isPending}
        onClick={() => (isOwner ? withdraw : take).mutate()}
      >
        {isOwner ? t("withdraw") : t("accept", { price })}
      </Button>
      {(take.error ?? withdraw.error) && <Trouble error={take.error ?? withdraw.error} />}
    </div>
  );
}

function OfferForm({ thing }: { thing: string }) {
  const t = useWords(thingWords);
  const m = useWords(moneyWords);
  const [to, setTo] = useState("");
  const [price, setPrice] = useState("");
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
      <TextInput
        label={t("price")}
        value={price}
        inputMode="numeric"
        onChange={({ currentTarget }) => setPrice(currentTarget.value)}
      />
      <Button type="submit" variant="default" loading={offer.isPending} disabled={!possible}>
        {t("offer")}
      </Button>
      {offer.error && <Trouble error={offer.error} />}
    </form>
  );
}
