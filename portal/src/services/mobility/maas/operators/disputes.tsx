/** Bookings about which an operator and the city do not agree. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { number } from "~/design/figures";
import { Panel, Trouble } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import styles from "./operators.module.css";
import { ordersQuery, useDropDispute, type Order } from "./queries";
import { settlementWords } from "./settlement-words";
import { useParties } from "./parties";

export function Disputes() {
  const t = useWords(settlementWords);
  const { language } = useLanguage();
  const orders = useQuery(ordersQuery);
  const all = orders.data ?? [];
  const disputed = all.filter(({ state }) => state === "disputed");
  const others = all.length - disputed.length;
  if (orders.error) return <Trouble error={orders.error} onRetry={() => void orders.refetch()} />;
  return (
    <>
      {others > 0 && (
        <p className={styles.soft}>{t("asking", { count: number(others, language) })}</p>
      )}
      {disputed.length > 0 && (
        <Panel label={t("disputes")}>
          <h2>{t("disputes")}</h2>
          <p className={styles.soft}>{t("disputesHelp")}</p>
          <ul className={styles.list} aria-label={t("disputes")}>
            {disputed.map((order) => (
              <li key={order.id}>
                <Dispute order={order} />
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </>
  );
}

function Dispute({ order }: { order: Order }) {
  const t = useWords(settlementWords);
  const titleOf = useParties();
  const drop = useDropDispute();
  return (
    <>
      <strong>{titleOf(order.operator)}</strong>
      <p className={styles.reason}>{order.reason}</p>
      {order.theirs && <p className={styles.soft}>{t("theirs", { name: order.theirs })}</p>}
      <div className={styles.buttons}>
        <Button
          size="sm"
          variant="default"
          loading={drop.isPending}
          onClick={() => drop.mutate(order.id)}
        >
          {t("closeDispute")}
        </Button>
      </div>
      {drop.error && <Trouble error={drop.error} />}
    </>
  );
}
