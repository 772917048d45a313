/** How the lots were drawn, what the log has of it, and the reader's own lot, checked here. */
import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { answer, city } from "~/api/client";
import { useSession } from "~/api/session";
import { day } from "~/design/figures";
import { Trouble } from "~/design/page";
import { ProveButton } from "~/ledger/prove-button";
import { useLanguage, useWords } from "~/words/language";
import styles from "../money.module.css";
import report from "../report.module.css";
import { myExperimentsQuery, type Experiment } from "../queries";
import { isDrawn, lotOf } from "./lot";
import { trialWords } from "./words";

const SHOWN = 12; // digits of a number
const KIND = "experiment";
const factOf = (experiment: string, step: string) => `platform/${experiment}/${step}`;

export function Lots({ trial }: { trial: Experiment }) {
  const t = useWords(trialWords);
  const { language } = useLanguage();
  const isDone = Boolean(trial.seed);
  return (
    <section className={styles.form} aria-label={t("lots")}>
      <h2>{t("lots")}</h2>
      <p>{t("lotsHow")}</p>
      {trial.list_hash ? (
        <>
          <dl className={report.facts}>
            <Fact name={t("seedFrom")} value={trial.seed_source} />
            <Fact name={t("draws")} value={trial.draws_on ? day(trial.draws_on, language) : ""} />
            <Fact name={t("listHash")} value={trial.list_hash} />
            {isDone && <Fact name={t("seed")} value={trial.seed} />}
          </dl>
          <div className={`${styles.row ?? ""} ${report.noPrint ?? ""}`}>
            <Labelled name={t("proveList")}>
              <ProveButton
                wanted={{ kind: KIND, id: factOf(trial.id, "list") }}
                what={t("proveList")}
              />
            </Labelled>
            {isDone && (
              <Labelled name={t("proveLots")}>
                <ProveButton
                  wanted={{ kind: KIND, id: factOf(trial.id, "lots") }}
                  what={t("proveLots")}
                />
              </Labelled>
            )}
          </div>
          {isDone && <Mine trial={trial} />}
        </>
      ) : (
        <p className={styles.fine}>{t("notYet")}</p>
      )}
    </section>
  );
}

export function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Labelled({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <span className={styles.row}>
      {name} {children}
    </span>
  );
}

interface Drawn {
  seed: string;
  /** The number up to which people were drawn, by age group. */
  bounds: Readonly<Record<string, string | undefined>>;
}

/** The bounds are those of the fact in the log, not of the page's own data. */
async function boundsOf(experiment: string): Promise<Drawn> {
  const receipt = await answer(
    city.GET("/api/log/facts/{kind}/{fact}/receipt", {
      params: { path: { kind: KIND, fact: factOf(experiment, "lots") } as never },
    }),
  );
  const fact = receipt.fact as unknown as { seed: string; drawn_up_to: Drawn["bounds"] };
  return { seed: fact.seed, bounds: fact.drawn_up_to };
}

function Mine({ trial }: { trial: Experiment }) {
  const t = useWords(trialWords);
  const session = useSession();
  const isResident = session?.role === "resident";
  const all = useQuery({ ...myExperimentsQuery, enabled: isResident }).data;
  const mine = all?.find(({ experiment }) => experiment === trial.id);
  const check = useMutation({ mutationFn: () => boundsOf(trial.id) });
  if (!mine || !session) return null;
  const found = check.data;
  const bound = found?.bounds[mine.stratum];
  return (
    <div className={styles.form}>
      <div className={`${styles.row ?? ""} ${report.noPrint ?? ""}`}>
        <Button variant="default" loading={check.isPending} onClick={() => check.mutate()}>
          {t("checkMine")}
        </Button>
      </div>
      {found && bound !== undefined && (
        <Verdict
          number={lotOf(found.seed, session.id)}
          bound={bound}
          isTreated={mine.arm === "treatment"}
        />
      )}
      {check.error && <Trouble error={check.error} />}
    </div>
  );
}

function Verdict({
  number,
  bound,
  isTreated,
}: {
  number: string;
  bound: string;
  isTreated: boolean;
}) {
  const t = useWords(trialWords);
  const drawn = isDrawn(number, bound);
  const agrees = drawn === isTreated;
  const said = { number: number.slice(0, SHOWN), bound: bound.slice(0, SHOWN) };
  return (
    <div role="status" className={report.verdict} data-holds={agrees}>
      {t(drawn ? "mineDrawn" : "mineNot", said)} {t(agrees ? "mineAgrees" : "mineDiffers")}
    </div>
  );
}
