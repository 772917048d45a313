/** One who works for the city: a code for their device, and taking them out. */
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useSession } from "~/api/session";
import { Trouble } from "~/design/page";
import styles from "~/identity/identity.module.css";
import { Twice, useWhen } from "~/identity/parts";
import { RunningCode } from "~/me/pay/qr";
import { useWords } from "~/words/language";
import { codeFor, removeStaff, staffQuery, type Member } from "./api";
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

function Doing({ member: { id, name } }: { member: Member }) {
  const t = useWords(staffWords);
  const queries = useQueryClient();
  const make = useMutation({ mutationFn: () => codeFor(id) });
  const remove = useMutation({
    mutationFn: () => removeStaff(id),
    onSuccess: () => queries.invalidateQueries({ queryKey: staffQuery.queryKey }),
  });
  return (
    <>
      <div className={styles.row}>
        <Button
          variant="default"
          size="compact-md"
          aria-label={t("codeOf", { name })}
          loading={make.isPending}
          onClick={() => make.mutate()}
        >
          {t("code")}
        </Button>
        <Twice
          verb={t("remove")}
          label={t("removeOf", { name })}
          warning={t("removeHelp")}
          doing={remove}
        />
      </div>
      {make.error && <Trouble error={make.error} />}
      {make.data && (
        <div className={styles.stack} style={{ flexBasis: "100%" }}>
          <p className={styles.fine}>{t("codeHelp")}</p>
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
