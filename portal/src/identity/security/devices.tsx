/** The passkeys that sign in for somebody: listed, added, taken off. */
import { Button, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Loaded, Trouble } from "~/design/page";
import { useWords } from "~/words/language";
import { addDevice, beginDevice, devicesQuery, removeDevice, type Device } from "../api";
import { entryWords } from "../entry/words";
import styles from "../identity.module.css";
import { Done, Twice, useWhen } from "../parts";
import { hindrance, makePasskey, thisDevice } from "../passkeys";
import { securityWords } from "./words";

const MOST_LABEL = 60;

export function Devices() {
  const t = useWords(securityWords);
  const devices = useQuery(devicesQuery);
  return (
    <div className={styles.stack}>
      <h2>{t("devices")}</h2>
      <p className={styles.fine}>{t("devicesHelp")}</p>
      <Loaded from={devices} lines={2} height={56}>
        {(all) =>
          all.length === 0 ? (
            <p>{t("noDevices")}</p>
          ) : (
            <ul className={styles.list}>
              {all.map((one) => (
                <Line key={one.id} device={one} />
              ))}
            </ul>
          )
        }
      </Loaded>
      <Add />
    </div>
  );
}

function Line({ device }: { device: Device }) {
  const t = useWords(securityWords);
  const when = useWhen();
  const queries = useQueryClient();
  const taking = useMutation({
    mutationFn: () => removeDevice(device.id),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["me"] }),
  });
  return (
    <li>
      <div>
        <strong>{device.label}</strong>
        <small>{t("used", { used: when(device.used_at), added: when(device.added_at) })}</small>
        {device.backed_up && <small>{t("backedUp")}</small>}
      </div>
      <Twice
        verb={t("remove")}
        label={t("removeWhat", { what: device.label })}
        warning={t("removeHelp")}
        doing={taking}
      />
    </li>
  );
}

function Add() {
  const t = useWords(securityWords);
  const e = useWords(entryWords);
  const queries = useQueryClient();
  const [label, setLabel] = useState(thisDevice);
  const obstacle = hindrance();
  const add = useMutation({
    mutationFn: async () => {
      const { attempt, options } = await beginDevice();
      return addDevice(attempt, await makePasskey(options), label.trim());
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: devicesQuery.queryKey }),
  });
  if (obstacle) return <p>{e(`hindered_${obstacle}`)}</p>;
  return (
    <form
      className={styles.stack}
      onSubmit={(event) => {
        event.preventDefault();
        if (label.trim()) add.mutate();
      }}
    >
      <TextInput
        label={t("label")}
        value={label}
        maxLength={MOST_LABEL}
        onChange={({ currentTarget }) => setLabel(currentTarget.value)}
      />
      <div className={styles.row}>
        <Button type="submit" loading={add.isPending} disabled={!label.trim()}>
          {t("addDevice")}
        </Button>
      </div>
      {add.isSuccess && <Done>{t("added")}</Done>}
      {add.error && <Trouble error={add.error} />}
    </form>
  );
}
