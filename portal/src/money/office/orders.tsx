/** Steps about somebody's account: one asks, others approve, whom it is about is told. */
import { useQuery } from "@tanstack/react-query";
import { answer, city, once } from "~/api/client";
import { cityQuery } from "~/api/queries";
import { useSession } from "~/api/session";
import { dateTime } from "~/design/figures";
import { Loaded, Panel } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import type { Value } from "../field";
import { FieldsForm, type Said } from "../form";
import styles from "../money.module.css";
import { shortName } from "../names";
import { Act, Line, Lines, Opened } from "../parts";
import { OFFICE, ordersQuery, type AccountOrder } from "../queries";
import { orderWords } from "../reasons";
import { useNameOf } from "../use-names";
import { moneyWords } from "../words";
import { officeWords } from "./words";

/** How many beside who asks have to approve. */
const APPROVALS: Readonly<Record<string, number>> = { freeze: 2, inherit: 1, guard: 1, reopen: 1 };
const KINDS = ["freeze", "guard", "inherit", "reopen"] as const;

export function Orders() {
  const t = useWords(officeWords);
  const asked = useQuery(ordersQuery("asked"));
  const inForce = useQuery(ordersQuery("in force"));
  return (
    <>
      <h3>{t("waiting")}</h3>
      <Loaded from={asked} lines={1}>
        {(all) => (
          <Lines of={all} label={t("waiting")} none={t("noOrders")} noneDetail={t("noWaiting")}>
            {(one) => <Order key={one.id} one={one} />}
          </Lines>
        )}
      </Loaded>
      <h3>{t("inForce")}</h3>
      <Loaded from={inForce} lines={1}>
        {(all) => (
          <Lines of={all} label={t("inForce")} none={t("noOrders")} noneDetail={t("noForce")}>
            {(one) => <Order key={one.id} one={one} />}
          </Lines>
        )}
      </Loaded>
      <Panel>
        <Ask />
      </Panel>
    </>
  );
}

/** What is known of an order, a line for each: why, who asked, who approved. */
function useFacts(one: AccountOrder) {
  const t = useWords(officeWords);
  const m = useWords(moneyWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  const names = (ids: readonly string[]) => ids.map(shortName).join(", ");
  const wanted = APPROVALS[one.kind];
  const by = one.approved_by;
  return [
    [one.reason, one.case].filter(Boolean).join(" · "),
    t("askedBy", { who: shortName(one.asked_by), at: dateTime(one.asked_at, language, zone) }),
    one.until && m("until", { at: dateTime(one.until, language, zone) }),
    one.others.length > 0 && t("others", { who: names(one.others) }),
    wanted !== undefined &&
      t("approvals", { part: by.length, all: wanted, who: names(by) || t("nobody") }),
  ];
}

function Order({ one }: { one: AccountOrder }) {
  const o = useWords(orderWords);
  const me = useSession();
  const facts = useFacts(one);
  const title = `${o(one.kind)} · ${useNameOf()(one.person)}`;
  return (
    <Line title={title} state={o(one.state)} facts={facts}>
      {one.state === "asked" && <Decide one={one} title={title} />}
      {one.kind === "lost" && me?.role === "operator" && <Reopen person={one.person} />}
    </Line>
  );
}

function Decide({ one, title }: { one: AccountOrder; title: string }) {
  const t = useWords(officeWords);
  const me = useSession()?.id ?? "";
  const params = { path: { order: one.id } };
  return (
    <div className={styles.row}>
      {![one.asked_by, ...one.approved_by].includes(me) && (
        <Act
          again
          verb={t("approve")}
          what={title}
          refresh={OFFICE}
          send={() => answer(city.POST("/api/account-orders/{order}/approve", { params }))}
        />
      )}
      <Act
        quiet
        again
        verb={t("refuse")}
        what={title}
        refresh={OFFICE}
        send={() => answer(city.POST("/api/account-orders/{order}/refuse", { params }))}
      />
    </div>
  );
}

function Reopen({ person }: { person: string }) {
  const t = useWords(officeWords);
  return (
    <Opened verb={t("reopen")}>
      <FieldsForm
        fields={[{ name: "reason", label: t("howSeen") }]}
        verb={t("reopen")}
        again
        done={t("done")}
        refresh={OFFICE}
        send={(said) =>
          answer(
            city.POST("/api/accounts/{person}/reopen", {
              params: { path: { person } },
              body: { reason: said.text("reason") },
            }),
          )
        }
      />
    </Opened>
  );
}

/** Of each heir; all the same where nothing was said. */
function sharesOf(said: Said): number[] {
  const typed = said.list("shares").map(Number);
  return typed.length > 0 ? typed : said.ids("heirs").map(() => 1);
}

/** Asked for these kinds of step only. */
const isOf =
  (...kinds: readonly (typeof KINDS)[number][]) =>
  ({ kind }: Readonly<Record<string, Value>>) =>
    kinds.some((one) => one === kind);

function Ask() {
  const t = useWords(officeWords);
  const o = useWords(orderWords);
  const m = useWords(moneyWords);
  return (
    <FieldsForm
      title={t("ask")}
      lead={t("askHelp")}
      fields={[
        { name: "person", label: t("person"), help: m("whomHelp") },
        {
          name: "kind",
          label: t("kind"),
          kind: "choice",
          options: KINDS.map((value) => ({ value, label: o(value) })),
        },
        { name: "reason", label: t("reason") },
        { name: "case", label: t("case"), max: 80 },
        { name: "until", label: t("until"), kind: "instant", asked: isOf("freeze", "guard") },
        { name: "heirs", label: t("heirs"), kind: "lines", asked: isOf("inherit") },
        { name: "shares", label: t("shares"), optional: true, asked: isOf("inherit") },
        { name: "guardian", label: t("guardian"), help: m("whomHelp"), asked: isOf("guard") },
        { name: "most", label: t("mostADay"), kind: "won", min: 0, asked: isOf("guard") },
      ]}
      verb={t("send")}
      done={t("asked")}
      refresh={OFFICE}
      send={(said) =>
        answer(
          city.POST("/api/account-orders", {
            body: {
              person: said.id("person"),
              kind: KINDS.find((kind) => kind === said.text("kind")) ?? "freeze",
              reason: said.text("reason"),
              case: said.text("case"),
              until: said.instant("until") || null,
              others: [...said.ids("heirs"), ...said.ids("guardian")],
              shares: sharesOf(said),
              most_won_a_day: said.whole("most") || 0,
            },
            ...once(said.key),
          }),
        )
      }
    />
  );
}
