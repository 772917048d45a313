import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { cityQuery } from "~/api/queries";
import { useSession } from "~/api/session";
import { dateTime, won } from "~/design/figures";
import { Panel, Trouble } from "~/design/page";
import { ProveButton } from "~/ledger/prove-button";
import styles from "~/me/me.module.css";
import { shortName } from "~/money/names";
import { useLanguage, useWords } from "~/words/language";
import { confirmPart, giveUpPart, useStep, type Escrow, type Milestone } from "./queries";
import registry from "./registry.module.css";
import { agreementWords } from "./words";

/** Money that waits: what of it is done, and what one may do as who one is in it. */
export function EscrowCard({ escrow }: { escrow: Escrow }) {
  const t = useWords(agreementWords);
  const { language } = useLanguage();
  const zone = useQuery(cityQuery).data?.time_zone;
  const me = useSession()?.id;
  const roles = [
    ...(escrow.payer === me ? [t("iPay")] : []),
    ...(escrow.payee === me ? [t("iGet")] : []),
    ...(escrow.confirmer === me ? [t("iConfirm")] : []),
  ];
  const until = dateTime(escrow.until, language, zone);
  return (
    <Panel label={escrow.title}>
      <div className={registry.card}>
        <h3>{escrow.title}</h3>
        <p className={styles.source}>
          {roles.join(" · ")} ·{" "}
          {escrow.then === "paid" ? t("untilPaid", { until }) : t("untilBack", { until })}
        </p>
        <ul className={styles.rows}>
          {escrow.parts.map((part, number) => (
            <Part key={part.hold} escrow={escrow} part={part} number={number} />
          ))}
        </ul>
        {escrow.payer === me && (
          <div>
            <ProveButton
              wanted={{ kind: "agreement", id: `platform/${escrow.id}` }}
              what={escrow.title}
            />
          </div>
        )}
      </div>
    </Panel>
  );
}

function Part({ escrow, part, number }: { escrow: Escrow; part: Milestone; number: number }) {
  const t = useWords(agreementWords);
  const { language } = useLanguage();
  return (
    <li>
      <span>{part.title}</span>
      <span className={styles.amount} data-moves={part.state === "paid"}>
        {won(part.amount_won, language)}
      </span>
      <small>
        {part.when ? t("whenIt", { entity: shortName(part.when.entity), q: part.when.q }) : ""}
      </small>
      <small className={styles.step}>{t(`part_${part.state}`)}</small>
      {part.state === "held" && (
        <PartSteps escrow={escrow} number={number} happens={part.when !== null} />
      )}
    </li>
  );
}

/** How somebody may let the money go back, if they may. */
function wayBack(escrow: Escrow, me: string | undefined): "takeBack" | "giveUp" | null {
  if (escrow.then === "paid" && escrow.payer === me) return "takeBack";
  return escrow.payee === me ? "giveUp" : null;
}

/** What one may do with a part that is set aside, as who one is in it. */
function PartSteps({
  escrow,
  number,
  happens,
}: {
  escrow: Escrow;
  number: number;
  happens: boolean;
}) {
  const t = useWords(agreementWords);
  const me = useSession()?.id;
  const confirm = useStep(() => confirmPart(escrow.id, number));
  const giveUp = useStep(() => giveUpPart(escrow.id, number));
  const mayConfirm = !happens && escrow.confirmer === me;
  const way = wayBack(escrow, me);
  const error = confirm.error ?? giveUp.error;
  if (!mayConfirm && !way) return null;
  return (
    <>
      <div className={`${styles.proof ?? ""} ${styles.buttons ?? ""}`}>
        {mayConfirm && (
          <Button size="sm" loading={confirm.isPending} onClick={() => confirm.mutate()}>
            {t("confirm")}
          </Button>
        )}
        {way && (
          <Button
            size="sm"
            variant="default"
            loading={giveUp.isPending}
            onClick={() => giveUp.mutate()}
          >
            {t(way)}
          </Button>
        )}
      </div>
      {error && (
        <div className={styles.whole}>
          <Trouble error={error} />
        </div>
      )}
    </>
  );
}
