/** The addresses of the portal; each face and each page is fetched when it is first opened. */
import { lazy, Suspense, type ComponentType } from "react";
import { createBrowserRouter, Navigate, type RouteObject } from "react-router";
import { isPerson, useSession } from "~/api/session";
import { Waiting } from "~/design/page";
import { servicePages } from "~/services/pages";
import { CityShell, MeShell, PlainShell } from "~/shell/faces";
import { Broken, Lost } from "~/shell/lost";
import { SignIn } from "~/shell/sign-in";
import { votePages } from "~/votes/pages";

type Loader = () => Promise<{ default: ComponentType }>;

function page(path: string, load: Loader): RouteObject {
  const Content = lazy(load);
  const element = (
    <Suspense fallback={<Waiting lines={3} height={120} />}>
      <Content />
    </Suspense>
  );
  const place = path === "" ? { index: true as const } : { path };
  return { ...place, element, errorElement: <Broken /> };
}

const PHONE = "(max-width: 40rem)";

/** Who is signed in comes to their own face; on a phone strangers come to what they can do. */
function FirstFace() {
  const session = useSession();
  const mine = session ? isPerson(session) : window.matchMedia(PHONE).matches;
  return <Navigate to={mine ? "/me" : "/city"} replace />;
}

export const router = createBrowserRouter([
  { path: "/", element: <FirstFace /> },
  {
    path: "/city",
    element: <CityShell />,
    children: [
      page("", () => import("~/city/map/page")),
      page("kpis", () => import("~/city/kpis/page")),
      page("services", () => import("~/city/services/page")),
      page("runs", () => import("~/city/runs/page")),
      page("data", () => import("~/city/data/page")),
      page("data/map", () => import("~/city/data/map-page")),
      page("data/map/:set", () => import("~/city/data/set-page")),
      page("data/types/:type", () => import("~/city/data/type-page")),
      page("data/entities/:id", () => import("~/city/data/entity-page")),
      page("data/lake", () => import("~/city/data/lake-page")),
      page("trouble", () => import("~/city/trouble/page")),
      page("runs/compare", () => import("~/city/runs/compare/page")),
      page("studio", () => import("~/city/studio/page")),
      page("ledger", () => import("~/ledger/log-page")),
      ...votePages.city.map(([path, load]) => page(path, load)),
      page("treasury", () => import("~/money/treasury/page")),
      page("experiments/:id", () => import("~/money/trials/report-page")),
      page("money", () => import("~/money/office/page")),
      page("money/:part", () => import("~/money/office/page")),
      page("ask", () => import("~/identity/desk/ask-page")),
      page("counter", () => import("~/identity/desk/counter-page")),
      page("security", () => import("~/identity/security/page")),
      page("staff", () => import("~/staff/page")),
      page("inbox", () => import("~/me/inbox")),
      ...servicePages.flatMap(({ service, operator }) =>
        operator ? [page(`services/${service}`, operator)] : [],
      ),
    ],
  },
  {
    path: "/me",
    element: <MeShell />,
    children: [
      page("", () => import("~/me/home")),
      page("wallet", () => import("~/me/wallet")),
      page("abroad", () => import("~/me/abroad/page")),
      page("inbox", () => import("~/me/inbox")),
      page("pay", () => import("~/me/pay/page")),
      page("shops", () => import("~/me/pay/shops")),
      page("shops/:shop", () => import("~/me/pay/till")),
      page("shops/:shop/books", () => import("~/money/shop/page")),
      page("money", () => import("~/money/me/page")),
      page("money/people", () => import("~/money/me/people")),
      page("money/splits", () => import("~/money/me/splits")),
      page("money/standing", () => import("~/money/me/standing")),
      page("money/vouchers", () => import("~/money/me/vouchers")),
      page("money/benefits", () => import("~/money/me/benefits")),
      page("money/dues", () => import("~/money/me/dues")),
      page("money/giving", () => import("~/money/me/giving")),
      page("money/wards", () => import("~/money/me/wards")),
      page("money/safety", () => import("~/money/me/safety")),
      page("money/trials", () => import("~/money/trials/mine-page")),
      page("documents", () => import("~/me/documents")),
      page("agreements", () => import("~/registry/page")),
      page("things", () => import("~/registry/things-page")),
      page("data", () => import("~/me/data")),
      page("credentials", () => import("~/identity/cards/page")),
      page("show", () => import("~/identity/show/page")),
      page("security", () => import("~/identity/security/page")),
      page("powers", () => import("~/identity/powers/page")),
      ...votePages.me.map(([path, load]) => page(path, load)),
      page("settings", () => import("~/me/settings")),
      ...servicePages.map((one) => page(one.path, one.page)),
    ],
  },
  {
    element: <PlainShell />,
    children: [
      { path: "/sign-in", element: <SignIn /> },
      { path: "/enrol", element: <SignIn /> },
      page("/verify", () => import("~/ledger/verify-page")),
      page("/verify/file", () => import("~/ledger/file-page")),
      ...votePages.open.map(([path, load]) => page(path, load)),
      { path: "*", element: <Lost /> },
    ],
  },
  ...votePages.bare.map(([path, load]) => page(path, load)),
]);
