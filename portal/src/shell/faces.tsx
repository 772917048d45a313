/** The two faces and the plain frame: which destinations each offers, and who may enter. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { QueryKey } from "@tanstack/react-query";
import { Link, Outlet, useLocation } from "react-router";
import { useLive } from "~/api/live";
import { inboxQuery } from "~/api/queries";
import { isPerson, useSession } from "~/api/session";
import { studioWords } from "~/city/studio/words";
import { cityWords } from "~/city/words";
import { Empty, Page } from "~/design/page";
import { isAsker } from "~/identity/desk/askers";
import { identityWords } from "~/identity/words";
import { meWords } from "~/me/words";
import { servicePages } from "~/services/pages";
import { staffWords } from "~/staff/words";
import { useSay, useWords } from "~/words/language";
import { votesWords } from "~/votes/words";
import { shellWords } from "~/words/shell";
import { Shell, type Destination } from "./shell";
import { VisitOffer } from "./visit";
import visiting from "./visit.module.css";

const CITY_LIVE = {
  DeadLetter: [["dead-letters"]],
  Job: [["jobs"]],
  QuarantinedRecord: [["quarantine"]],
  Service: [["services"]],
} as const;

function myLive(): Readonly<Record<string, readonly QueryKey[]>> {
  const live: Record<string, readonly QueryKey[]> = { Message: [["me", "inbox"]] };
  for (const page of servicePages) Object.assign(live, page.live);
  return live;
}

const ME_LIVE = myLive();
const OPEN_TO_STRANGERS = "/me";
const OPEN_TO_ALL: ReadonlySet<string> = new Set([
  "/me/settings",
  ...servicePages.filter(({ open }) => open).map(({ path }) => path),
]);

function useCityDestinations(): Destination[] {
  const t = useWords(cityWords);
  const session = useSession();
  const s = useWords(studioWords);
  const v = useWords(votesWords);
  const i = useWords(identityWords);
  const w = useWords(staffWords);
  return [
    { to: "/city", icon: "map", name: t("map"), exact: true },
    { to: "/city/kpis", icon: "chart", name: t("kpis") },
    { to: "/city/services", icon: "grid", name: t("services") },
    { to: "/city/studio", icon: "change", name: s("title") },
    { to: "/city/runs", icon: "replay", name: t("runs"), rest: true },
    { to: "/city/data", icon: "table", name: t("data"), rest: true },
    { to: "/city/ledger", icon: "ledger", name: t("ledger"), rest: true },
    {
      to: session?.role === "agency" ? "/city/votes" : "/votes",
      icon: "vote",
      name: v("title"),
      rest: true,
    },
    { to: "/city/treasury", icon: "wallet", name: t("treasury"), rest: true },
    ...(session?.role === "operator" || session?.role === "agency"
      ? [{ to: "/city/money", icon: "stamp", name: t("money"), rest: true } as const]
      : []),
    ...(isAsker(session?.role)
      ? [{ to: "/city/ask", icon: "key", name: i("ask"), rest: true } as const]
      : []),
    ...(session?.role === "agency"
      ? [{ to: "/city/counter", icon: "person", name: i("counter"), rest: true } as const]
      : []),
    ...(session?.role === "operator"
      ? ([
          { to: "/city/staff", icon: "person", name: w("title"), rest: true },
          { to: "/city/trouble", icon: "warning", name: t("trouble"), rest: true },
        ] as const)
      : []),
  ];
}

export function CityShell() {
  useLive(CITY_LIVE);
  return (
    <Shell face="city" destinations={useCityDestinations()}>
      <Outlet />
    </Shell>
  );
}

export function PlainShell() {
  return (
    <Shell face={null} destinations={useCityDestinations()}>
      <Outlet />
    </Shell>
  );
}

export function MeShell() {
  const t = useWords(meWords);
  const i = useWords(identityWords);
  const say = useSay();
  const v = useWords(votesWords);
  const session = useSession();
  const inbox = useQuery({ ...inboxQuery, enabled: isPerson(session) });
  const unread = inbox.data?.filter(({ read }) => !read).length ?? 0;
  useLive(ME_LIVE);
  const destinations: Destination[] = [
    { to: "/me", icon: "home", name: t("home"), exact: true },
    ...servicePages.map(({ path, icon, name }) => ({ to: path, icon, name: say(name) })),
    { to: "/me/wallet", icon: "wallet", name: t("wallet") },
    {
      to: "/me/inbox",
      icon: "inbox",
      name: t("inbox"),
      count: { number: unread, spoken: t("unread", { count: unread }) },
    },
    { to: "/me/credentials", icon: "key", name: i("identity"), rest: true },
    { to: "/me/documents", icon: "stamp", name: t("documents"), rest: true },
    { to: "/me/votes", icon: "vote", name: v("title"), rest: true },
    { to: "/me/data", icon: "eye", name: t("data"), rest: true },
    { to: "/me/settings", icon: "gear", name: t("settings"), rest: true },
  ];
  return (
    <Shell face="me" destinations={destinations}>
      <OnlyPeople />
    </Shell>
  );
}

/** The pages of one person, for that person; settings of the device and open pages for all. */
function OnlyPeople() {
  const t = useWords(meWords);
  const session = useSession();
  const { pathname } = useLocation();
  if (OPEN_TO_ALL.has(pathname) || isPerson(session)) return <Outlet />;
  if (!session) return pathname === OPEN_TO_STRANGERS ? <Outlet /> : <SignInFirst />;
  return (
    <Page narrow title={t("onlyPeople")}>
      <Empty icon="person" title={t("onlyPeople")} detail={t("onlyPeopleDetail")}>
        <Button component={Link} to="/sign-in" state={{ from: pathname }}>
          {t("changePerson")}
        </Button>
      </Empty>
    </Page>
  );
}

function SignInFirst() {
  const t = useWords(shellWords);
  const { pathname, hash } = useLocation();
  const from = pathname + hash; // a code that was scanned is behind the #
  return (
    <Page narrow title={t("needSignIn")}>
      <Empty icon="person" title={t("needSignIn")} detail={t("needSignInDetail")}>
        <div className={visiting.choices}>
          <Button component={Link} to="/sign-in" state={{ from }}>
            {t("signIn")}
          </Button>
          <VisitOffer from={from} />
        </div>
      </Empty>
    </Page>
  );
}
