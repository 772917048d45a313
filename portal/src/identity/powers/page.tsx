/** For whom one may act, who may act for oneself, and how that is given and taken back. */
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { isPerson, useSession } from "~/api/session";
import { day } from "~/design/figures";
import { Loaded, Page, Panel, Trouble } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import { NotWhileActing } from "../acting";
import { actAs } from "../acting-for";
import { beginActing, delegationsQuery, powersQuery, takeBack, type Delegation } from "../api";
import styles from "../identity.module.css";
import { Twice } from "../parts";
import { IdentityTabs } from "../tabs";
import { valueWords } from "../words";
import { useActionNames } from "./actions";
import { Give } from "./give";
import { powerWords } from "./words";

export default function PowersPage() {
  const t = useWords(powerWords);
  const enabled = !useSession()?.actor;
  const powers = useQuery({ ...powersQuery, enabled });
  const given = useQuery({ ...delegationsQuery, enabled });
  return (
    <Page narrow title={t("title")} lead={t("lead")}>
      <IdentityTabs />
      <NotWhileActing>
        <div className={styles.page}>
          <Panel label={t("mine")}>
            <div className={styles.stack}>
              <h2>{t("mine")}</h2>
              <p className={styles.fine}>{t("mineHelp")}</p>
              <Loaded from={powers} lines={1} height={56}>
                {(all) => <Lines all={all} isMine none={t("noMine")} />}
              </Loaded>
            </div>
          </Panel>
          <Panel label={t("given")}>
            <div className={styles.stack}>
              <h2>{t("given")}</h2>
              <Loaded from={given} lines={1} height={56}>
                {(all) => <Lines all={all} isMine={false} none={t("noGiven")} />}
              </Loaded>
            </div>
          </Panel>
          <Panel label={t("give")}>
            <Give />
          </Panel>
        </div>
      </NotWhileActing>
    </Page>
  );
}

function Lines({ all, isMine, none }: { all: Delegation[]; isMine: boolean; none: string }) {
  if (all.length === 0) return <p>{none}</p>;
  return (
    <ul className={styles.list}>
      {all.map((one) => (
        <Line key={one.id} delegation={one} isMine={isMine} />
      ))}
    </ul>
  );
}

function Line({ delegation, isMine }: { delegation: Delegation; isMine: boolean }) {
  const t = useWords(powerWords);
  const v = useWords(valueWords);
  const { language } = useLanguage();
  const namesOf = useActionNames();
  const queries = useQueryClient();
  const ending = useMutation({
    mutationFn: () => takeBack(delegation.id),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["me"] }),
  });
  const { principal, principal_name, delegate, delegate_name, relation, until } = delegation;
  const who = isMine ? (principal_name ?? principal) : (delegate_name ?? delegate);
  const verb = t(isMine ? "giveUp" : "takeBack");
  return (
    <li>
      <div>
        <strong>{who}</strong>
        <small>{t("line", { relation: v(relation), until: day(until, language) })}</small>
        <small>{namesOf(delegation.actions)}</small>
      </div>
      <div className={styles.row}>
        {isMine && <Act power={delegation.id} who={who} />}
        <Twice
          verb={verb}
          label={t("of", { who, verb })}
          warning={t("takeBackHelp")}
          doing={ending}
        />
      </div>
    </li>
  );
}

function Act({ power, who }: { power: string; who: string }) {
  const t = useWords(powerWords);
  const own = useSession();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const act = useMutation({
    mutationFn: () => beginActing(power),
    onSuccess: (other) => {
      if (own) actAs(own, other);
      queries.clear();
      void navigate(isPerson(other) ? "/me" : "/city");
    },
  });
  return (
    <>
      <Button
        size="compact-md"
        aria-label={t("actFor", { who })}
        loading={act.isPending}
        onClick={() => act.mutate()}
      >
        {t("act")}
      </Button>
      {act.error && <Trouble error={act.error} />}
    </>
  );
}
