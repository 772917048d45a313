import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { day, won } from "~/design/figures";
import { Loaded, Trouble } from "~/design/page";
import styles from "~/me/me.module.css";
import { useLanguage, useWords } from "~/words/language";
import {
  endOrder,
  ordersQuery,
  plansQuery,
  subscribe,
  useStep,
  type Order,
  type Plan,
} from "./queries";
import { agreementWords } from "./words";

/** What one subscribes to, and what one could. */
export function Plans() {
  const t = useWords(agreementWords);
  const plans = useQuery(plansQuery);
  const orders = useQuery(ordersQuery);
  const mine = orders.data?.filter(({ plan }) => plan !== null) ?? [];
  const taken = new Set(mine.map(({ plan }) => plan));
  return (
    <section className={styles.section} aria-label={t("plans")}>
      <h2>{t("plans")}</h2>
      <p className={styles.source}>{t("planNote")}</p>
      {mine.length > 0 && (
        <ul className={styles.rows} aria-label={t("myPlans")}>
          {mine.map((order) => (
            <Mine key={order.id} order={order} />
          ))}
        </ul>
      )}
      <Loaded from={plans} lines={1}>
        {(all) => {
          const open = all.filter(({ id }) => !taken.has(id));
          if (open.length === 0) return mine.length > 0 ? null : <p>{t("noPlans")}</p>;
          return (
            <ul className={styles.rows}>
              {open.map((plan) => (
                <Open key={plan.id} plan={plan} />
              ))}
            </ul>
          );
        }}
      </Loaded>
    </section>
  );
}

function Price({ amount_won, every }: Pick<Plan, "amount_won" | "every">) {
  const t = useWords(agreementWords);
  const { language } = useLanguage();
  return <small>{t(every, { amount: won(amount_won, language) })}</small>;
}

function Open({ plan }: { plan: Plan }) {
  const t = useWords(agreementWords);
  const take = useStep(subscribe);
  const { title } = plan;
  return (
    <li>
      <span>
        {title}
        <br />
        <Price {...plan} />
      </span>
      <Button
        size="sm"
        aria-label={t("subscribeWhat", { title })}
        loading={take.isPending}
        onClick={() => take.mutate(plan.id)}
      >
        {t("subscribe")}
      </Button>
      {take.error && (
        <div className={styles.whole}>
          <Trouble error={take.error} />
        </div>
      )}
    </li>
  );
}

function Mine({ order }: { order: Order }) {
  const t = useWords(agreementWords);
  const { language } = useLanguage();
  const end = useStep(() => endOrder(order.id));
  const title = order.memo;
  return (
    <li>
      <span>
        {title}
        <br />
        <Price {...order} />{" "}
        <small>
          {order.state === "paused"
            ? t("paused")
            : t("nextOn", { day: day(order.next_on, language) })}
        </small>
      </span>
      <Button
        size="sm"
        variant="default"
        aria-label={t("endWhat", { title })}
        loading={end.isPending}
        onClick={() => end.mutate()}
      >
        {t("end")}
      </Button>
      {end.error && (
        <div className={styles.whole}>
          <Trouble error={end.error} />
        </div>
      )}
    </li>
  );
}
