import { Menu } from "@mantine/core";
import { Link, useLocation, useNavigate } from "react-router";
import { isPerson, useSession, type Role } from "~/api/session";
import { Icon } from "~/design/icons";
import { identityWords } from "~/identity/words";
import { meWords } from "~/me/words";
import { useSay, useWords, type Translate } from "~/words/language";
import { shellWords } from "~/words/shell";
import styles from "./shell.module.css";
import { useSignOut } from "./sign-out";

export function roleName(role: Role, t: Translate<typeof shellWords>): string {
  if (role === "resident") return t("roleResident");
  if (role === "visitor") return t("roleVisitor");
  if (role === "operator") return t("roleOperator");
  if (role === "planner") return t("rolePlanner");
  if (role === "agency") return t("roleAgency");
  return t("roleOther");
}

/** Who is signed in, with the way out; or the way in. */
export function Account() {
  const session = useSession();
  const t = useWords(shellWords);
  const { pathname } = useLocation();
  if (session) return <SignedIn />;
  return (
    <Link
      className={`${styles.tool ?? ""} ${styles.signIn ?? ""}`}
      to="/sign-in"
      state={{ from: pathname }}
    >
      <Icon name="person" />
      {t("signIn")}
    </Link>
  );
}

function SignedIn() {
  const session = useSession();
  const t = useWords(shellWords);
  const i = useWords(identityWords);
  const m = useWords(meWords);
  const say = useSay();
  const navigate = useNavigate();
  const signOut = useSignOut();
  if (!session) return null;
  const name = say(session.name);
  const face = isPerson(session) ? "/me" : "/city";
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <button type="button" className={styles.tool} aria-label={t("account", { name })}>
          <Icon name="person" />
          <span className={styles.who}>{name}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {name} · {roleName(session.role, t)}
        </Menu.Label>
        {session.session && (
          <>
            <Menu.Item onClick={() => void navigate(`${face}/inbox`)}>{m("inbox")}</Menu.Item>
            <Menu.Item onClick={() => void navigate(`${face}/security`)}>{i("security")}</Menu.Item>
          </>
        )}
        <Menu.Item onClick={() => void navigate("/me/settings")}>{t("settings")}</Menu.Item>
        <Menu.Item onClick={signOut}>{t("signOut")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
