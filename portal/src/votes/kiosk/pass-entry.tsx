/** Where a voter begins at a kiosk: with a desk's pass, or, the other way, by signing in. */
import { Button, TextInput } from "@mantine/core";
import { Link, useLocation } from "react-router";
import { endSession } from "~/api/session";
import { Panel, Trouble } from "~/design/page";
import { endSessionsHere } from "~/identity/acting-for";
import { useWords } from "~/words/language";
import type { Booth } from "../booth/use-booth";
import styles from "../kiosk.module.css";
import { kioskWords } from "../kiosk-words";
import votes from "../votes.module.css";
import { isWhole } from "./pass";

export function PassEntry({
  booth: { take },
  pass,
  onPass,
  isOther,
}: {
  booth: Booth;
  pass: string;
  onPass: (typed: string) => void;
  isOther: boolean;
}) {
  const t = useWords(kioskWords);
  const { pathname } = useLocation();
  const endOther = () => {
    if (!isOther) return; // a desk's own session is not for whoever votes here
    endSessionsHere();
    endSession();
  };
  return (
    <Panel label={t("welcome")}>
      <form
        className={votes.stack}
        onSubmit={(event) => {
          event.preventDefault();
          if (!isWhole(pass)) return;
          endOther();
          take.mutate(null);
        }}
      >
        <h2>{t("welcome")}</h2>
        <p>{t("welcomeDetail")}</p>
        <TextInput
          size="xl"
          label={t("pass")}
          description={t("passHelp")}
          value={pass}
          maxLength={40}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="characters"
          classNames={{ input: styles.typed }}
          onChange={({ currentTarget }) => onPass(currentTarget.value)}
        />
        <Button type="submit" size="lg" loading={take.isPending} disabled={!isWhole(pass)}>
          {t("begin")}
        </Button>
        {take.error && <Trouble error={take.error} />}
        <p className={votes.fine}>{t(isOther ? "welcomeOther" : "otherWay")}</p>
        <Button
          component={Link}
          to="/sign-in"
          state={{ from: pathname }}
          variant="default"
          onClick={endOther}
        >
          {t("signIn")}
        </Button>
      </form>
    </Panel>
  );
}
