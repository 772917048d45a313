/** Collections: giving, and the way of each won to its use. */
import { useQuery } from "@tanstack/react-query";
import { answer, city } from "~/api/client";
import { cityQuery } from "~/api/queries";
import { isPerson, useSession } from "~/api/session";
import { dateTime, won } from "~/design/figures";
import { Loaded } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import { FieldsForm } from "../form";
import { useIsPast } from "../past";
import { waysOf, type Way } from "../giving";
import styles from "../money.module.css";
import { fullId } from "../names";
import { Line, Lines, Meter, Opened } from "../parts";
import { campaignBookQuery, campaignsQuery, myTransfersQuery } from "../queries";
import { useNameOf } from "../use-names";
import { moneyWords } from "../words";
import { moreWords } from "./more-words";
import { Section } from "./section";
import { mineWords } from "./words";

const MOST_NAME = 40; // letters
const SHOWN = 20; // gifts, the newest

type Collected = NonNullable<
  Awaited<ReturnType<NonNullable<typeof campaignsQuery.queryFn>>>
>[number];

export default function GivingPage() {
  const t = useWords(mineWords);
  const m = useWords(moreWords);
  const campaigns = useQuery(campaignsQuery);
  return (
    <Section title={t("giving")} lead={m("givingLead")}>
      <Loaded from={campaigns} lines={2}>
        {(all) => (
          <Lines
            of={all}
            label={t("giving")}
            none={m("noCampaigns")}
            noneDetail={m("noCampaignsDetail")}
          >
            {(one) => <Collection key={one.campaign.id} one={one} />}
          </Lines>
        )}
      </Loaded>
    </Section>
  );
}

function Collection({ one }: { one: Collected }) {
  const m = useWords(moreWords);
  const c = useWords(moneyWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  const { id, title, purpose, goal_won, until } = one.campaign;
  const isOver = useIsPast(until);
  return (
    <Line
      title={title}
      {...(isOver ? { state: m("ended") } : {})}
      facts={[purpose, c("until", { at: dateTime(until, language, zone) })]}
    >
      <Meter
        share={one.left_won / Math.max(1, goal_won)}
        label={m("goal", { goal: won(goal_won, language), left: won(one.left_won, language) })}
      />
      <div className={styles.form}>
        {!isOver && (
          <Opened verb={m("give")}>
            <FieldsForm
              fields={[
                { name: "amount", label: c("amount"), kind: "won" },
                {
                  name: "shown",
                  label: m("shownAs"),
                  help: m("shownHelp"),
                  optional: true,
                  max: MOST_NAME,
                },
              ]}
              verb={m("give")}
              again
              done={m("gave")}
              refresh={[["me"], ["campaigns"]]}
              send={(said) =>
                answer(
                  city.POST("/api/campaigns/{campaign}/gifts", {
                    params: { path: { campaign: id } },
                    body: {
                      amount_won: said.whole("amount"),
                      transfer: said.key,
                      shown_as: said.text("shown"),
                    },
                  }),
                )
              }
            />
          </Opened>
        )}
        <Opened verb={m("ways")}>
          <Ways campaign={id} />
        </Opened>
      </div>
    </Line>
  );
}

export function Ways({ campaign }: { campaign: string }) {
  const m = useWords(moreWords);
  const book = useQuery(campaignBookQuery(campaign));
  const mine = useMine(campaign);
  return (
    <Loaded from={book} lines={1}>
      {(lines) => {
        const ways = waysOf(lines).reverse().slice(0, SHOWN);
        if (ways.length === 0) return <p className={styles.fine}>{m("noGifts")}</p>;
        return (
          <>
            <p className={styles.fine}>{m("waysHelp")}</p>
            <ul className={styles.list} aria-label={m("ways")}>
              {ways.map((way, index) => (
                <OneWay
                  key={`${way.at} ${ways.length - index}`}
                  way={way}
                  isMine={mine.has(giftKey(way.at, way.amount_won))}
                />
              ))}
            </ul>
          </>
        );
      }}
    </Loaded>
  );
}

/** The same instant, however the city wrote it. */
const giftKey = (at: string, won_given: number) => `${Date.parse(at)} ${won_given}`;

/** When the reader's own gifts were made; nobody else can tell whose a gift is. */
function useMine(campaign: string): ReadonlySet<string> {
  const transfers = useQuery({ ...myTransfersQuery, enabled: isPerson(useSession()) }).data ?? [];
  const gifts = transfers.filter(({ other }) => fullId(other) === campaign);
  return new Set(gifts.map(({ at, amount_won }) => giftKey(at, -amount_won)));
}

function OneWay({ way, isMine }: { way: Way; isMine: boolean }) {
  const nameOf = useNameOf();
  const m = useWords(moreWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  const facts = [
    dateTime(way.at, language, zone),
    ...way.uses.map(({ what, payee, won: used }) =>
      m("usedFor", {
        amount: won(used, language),
        what: payee ? `${what} (${nameOf(payee)})` : what,
      }),
    ),
    way.left_won > 0 && m("inPurse", { amount: won(way.left_won, language) }),
  ];
  const who = way.name ?? m("anonymous");
  return (
    <Line
      {...(isMine ? { state: m("mine") } : {})}
      title={m("gift", { who, amount: won(way.amount_won, language) })}
      facts={facts}
    />
  );
}
