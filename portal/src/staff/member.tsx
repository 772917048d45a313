/** One who works for the city: a code for their device, and taking them out. */
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useSession } from "~/api/session";
import { Trouble } from "~/design/page";
import styles from "~/identity/identity.module.css";
import { Twice, useWhen } from "~/identity/parts";
import { RunningCode } from "~/me/pay/qr";
import { useWords } from "~/words/language";
import { agreeTo, codeFor, removeStaff, staffQuery, type Member } from "./api";
import { roleWords, staffWords } from "./words";

const nameIn = (id: string): string => id.split(":").at(-1) ?? id;

export function MemberLine({ member }: { member: Member }) {
  const t = useWords(staffWords);
  const r = useWords(roleWords);
  const when = useWhen();
  const { id, name, role, entered_by, until, ended_at, is_in, n_devices } = member;
  const isMe = useSession()?.id === id;
  const line = t("line", { role: r(role), devices: n_devices, by: nameIn(entered_by) });
  const over = ended_at ?? until;
  return (
    <li>
      <div>
        <span>
          <strong>{name}</strong>
          {isMe && <span className={styles.here}>{t("you")}</span>}
          {!is_in && <> · {t("gone")}</>}
        </span>
        <small>
          {nameIn(id)} · {line}
          {over && <> · {t("until", { at: when(over) })}</>}
        </small>
      </div>
      {is_in && <Doing member={member} />}
    </li>
  );
}

function Doing({ member }: { member: Member }) {
  const { id, name, code_waits_for_another_than: madeBy } = member;
  const t = useWords(staffWords);
  const queries = useQueryClient();
  const me = useSession()?.id;
  const onSuccess = () => queries.invalidateQueries({ queryKey: staffQuery.queryKey });
  const make = useMutation({ mutationFn: (lost: boolean) => codeFor(id, lost), onSuccess });
  const remove = useMutation({ mutationFn: () => removeStaff(id), onSuccess });
  const agree = useMutation({ mutationFn: () => agreeTo(id), onSuccess });
  return (
    <>
      <div className={styles.row}>
        <Button
          variant="default"
          size="compact-md"
          aria-label={t("codeOf", { name })}
          loading={make.isPending}
          onClick={() => make.mutate(false)}
        >
          {t("code")}
        </Button>
        <Twice
          key={make.data?.code}
          verb={t("lost")}
          label={t("lostOf", { name })}
          warning={t("lostHelp")}
          doing={{ isPending: make.isPending, error: null, mutate: () => make.mutate(true) }}
        />
        <Twice
          verb={t("remove")}
          label={t("removeOf", { name })}
          warning={t("removeHelp")}
          doing={remove}
        />
      </div>
      {madeBy && (
        <div className={styles.row} role="group" aria-label={t("waitsOf", { name })}>
          <p className={styles.fine}>{t("waits", { by: nameIn(madeBy) })}</p>
          {madeBy !== me && (
            <Button size="compact-md" loading={agree.isPending} onClick={() => agree.mutate()}>
              {t("agree")}
            </Button>
          )}
        </div>
      )}
      {agree.error && <Trouble error={agree.error} />}
      {make.error && <Trouble error={make.error} />}
      {make.data && (
        <div className={styles.stack} style={{ flexBasis: "100%" }}>
          <p className={styles.fine}>{t(make.data.waits ? "codeWaits" : "codeHelp")}</p>
          <div data-print className={styles.stack}>
            <output className={styles.typed} aria-label={t("codeOf", { name })}>
              {make.data.code}
            </output>
            <RunningCode
              key={make.data.code}
              payload={make.data.link}
              until={make.data.until}
              label={t("codeOf", { name })}
            />
          </div>
        </div>
      )}
    </>
  );
}
