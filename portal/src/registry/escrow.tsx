import { useQuery } from "@tanstack/react-query";
import { cityQuery } from "~/api/queries";
import { useSession } from "~/api/session";
import { dateTime, won } from "~/design/figures";
import { Panel } from "~/design/page";
import { ProveButton } from "~/ledger/prove-button";
import styles from "~/me/me.module.css";
import { shortName } from "~/money/names";
import { useLanguage, useWords } from "~/words/language";
import { Act } from "~/money/parts";
import { AFTER_STEP, confirmPart, giveUpPart, type Escrow, type Milestone } from "./queries";
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
  const mayConfirm = !happens && escrow.confirmer === me;
  const way = wayBack(escrow, me);
  if (!mayConfirm && !way) return null;
  return (
    <div className={`${styles.whole ?? ""} ${styles.buttons ?? ""}`}>
      {mayConfirm && (
        <Act
          again
          verb={t("confirm")}
          what={escrow.title}
          refresh={AFTER_STEP}
          send={() => confirmPart(escrow.id, number)}
        />
      )}
      {way && (
        <Act
          quiet
          again
          verb={t(way)}
          what={escrow.title}
          refresh={AFTER_STEP}
          send={() => giveUpPart(escrow.id, number)}
        />
      )}
    </div>
  );
}
