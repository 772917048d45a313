/** The office of the local currency: a page for each kind of work. */
import { Button } from "@mantine/core";
import type { ComponentType } from "react";
import { Link, useLocation, useParams } from "react-router";
import { useSession } from "~/api/session";
import { Empty, Page } from "~/design/page";
import { useWords } from "~/words/language";
import { shellWords } from "~/words/shell";
import styles from "../money.module.css";
import { Told } from "../told";
import { Allowances } from "./allowances";
import { Bank } from "./bank";
import { Campaigns } from "./campaigns";
import { Dues } from "./dues";
import { Issues } from "./issues";
import { Orders } from "./orders";
import { Rewards } from "./rewards";
import { Shops } from "./shops";
import { Trials } from "./trials";
import { Vouchers } from "./vouchers";
import { officeWords } from "./words";

const PARTS = {
  shops: Shops,
  orders: Orders,
  vouchers: Vouchers,
  rewards: Rewards,
  issues: Issues,
  allowances: Allowances,
  trials: Trials,
  dues: Dues,
  bank: Bank,
  campaigns: Campaigns,
} as const satisfies Readonly<Record<string, ComponentType>>;

type Part = keyof typeof PARTS;
export const OFFICES: ReadonlySet<string> = new Set(["operator", "agency"]);

export default function OfficePage() {
  const t = useWords(officeWords);
  const s = useWords(shellWords);
  const session = useSession();
  const { pathname } = useLocation();
  const { part = "shops" } = useParams();
  const chosen: Part = part in PARTS ? (part as Part) : "shops";
  const Chosen = PARTS[chosen];
  if (!OFFICES.has(session?.role ?? "")) {
    return (
      <Page title={t("title")}>
        <Empty icon="person" title={t("locked")} detail={t("lockedDetail")}>
          <Button component={Link} to="/sign-in" state={{ from: pathname }}>
            {s("signIn")}
          </Button>
        </Empty>
      </Page>
    );
  }
  return (
    <Page title={t("title")} lead={t("lead")}>
      <nav className={styles.tabs} aria-label={t("parts")}>
        {(Object.keys(PARTS) as Part[]).map((name) => (
          <Link
            key={name}
            to={`/city/money/${name}`}
            aria-current={name === chosen ? "page" : undefined}
          >
            {t(name)}
          </Link>
        ))}
      </nav>
      <div className={styles.parts}>
        <h2>{t(chosen)}</h2>
        <Told key={chosen}>
          <Chosen />
        </Told>
      </div>
    </Page>
  );
}
