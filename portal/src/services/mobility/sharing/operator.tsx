/** The service as its operator runs it: the fleet, the crews' tasks, and the next plan. */
import { useQuery } from "@tanstack/react-query";
import { number } from "~/design/figures";
import { Empty, Loaded, Page, Panel } from "~/design/page";
import { OperatorsOnly } from "~/shell/operators-only";
import { useLanguage, useWords } from "~/words/language";
import { fleetQuery, tasksQuery, type FleetVehicle, type Task } from "./operator-queries";
import { operatorWords } from "./operator-words";
import styles from "./operator.module.css";
import { Plan } from "./plan";

export default function OperatorPage() {
  const t = useWords(operatorWords);
  return (
    <Page title={t("title")} lead={t("lead")}>
      <OperatorsOnly>
        <Operation />
      </OperatorsOnly>
    </Page>
  );
}

function Operation() {
  const fleet = useQuery(fleetQuery);
  const tasks = useQuery(tasksQuery);
  return (
    <div className={styles.parts}>
      <Loaded from={fleet} lines={1} height={280}>
        {(vehicles) => <Fleet vehicles={vehicles} />}
      </Loaded>
      <Plan />
      <Loaded from={tasks} lines={3}>
        {(all) => <Tasks tasks={all} />}
      </Loaded>
    </div>
  );
}

const STATES = [
  "free",
  "reserved",
  "rented",
  "charging",
  "empty",
  "with_crew",
  "out_of_service",
  "missing",
] as const;
const KINDS = ["closed", "open", "accessible"] as const;

function Fleet({ vehicles }: { vehicles: readonly FleetVehicle[] }) {
  const t = useWords(operatorWords);
  const { language } = useLanguage();
  if (vehicles.length === 0) {
    return <Empty icon="scooter" title={t("none")} detail={t("noneDetail")} />;
  }
  const count = (test: (vehicle: FleetVehicle) => boolean) =>
    number(vehicles.filter(test).length, language);
  return (
    <Panel label={t("fleet")}>
      <h2>{t("fleet")}</h2>
      <p className={styles.source}>{t("fleetSource")}</p>
      <table className={styles.fleet}>
        <thead>
          <tr>
            <th scope="col">{t("state")}</th>
            {KINDS.map((kind) => (
              <th scope="col" key={kind}>
                {t(kind)}
              </th>
            ))}
            <th scope="col">{t("all")}</th>
          </tr>
        </thead>
        <tbody>
          {STATES.map((state) => (
            <tr key={state}>
              <th scope="row">{t(state)}</th>
              {KINDS.map((kind) => (
                <td key={kind}>{count((one) => one.state === state && one.kind === kind)}</td>
              ))}
              <td>{count((one) => one.state === state)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t("all")}</th>
            {KINDS.map((kind) => (
              <td key={kind}>{count((one) => one.kind === kind)}</td>
            ))}
            <td>{number(vehicles.length, language)}</td>
          </tr>
        </tfoot>
      </table>
    </Panel>
  );
}

function Tasks({ tasks }: { tasks: readonly Task[] }) {
  const t = useWords(operatorWords);
  const { language } = useLanguage();
  if (tasks.length === 0) {
    return <Empty icon="check" title={t("noTasks")} detail={t("noTasksDetail")} />;
  }
  return (
    <Panel label={t("tasks")}>
      <h2>{t("tasks")}</h2>
      <ul className={styles.tasks}>
        {tasks.map((task) => (
          <li key={task.id}>
            <strong>{t(task.work)}</strong>
            <span>{t("errands", { count: number(task.errands.length, language) })}</span>
            <span>{t("about", { minutes: number(task.duration_s / 60, language) })}</span>
            <span>{task.state === "taken" ? t("taken") : t("waiting")}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
