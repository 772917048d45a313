/** Every type of thing that the city knows: how many, who writes it, and whose it is. */
import { TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, Navigate } from "react-router";
import { servicesQuery } from "~/api/queries";
import { useSession } from "~/api/session";
import { number } from "~/design/figures";
import { Icon } from "~/design/icons";
import { Empty, Loaded } from "~/design/page";
import { useLanguage, useSay, useWords } from "~/words/language";
import styles from "./data.module.css";
import { typesQuery, type TypeInfo } from "./queries";
import { DataFrame } from "./role";
import { dataWords } from "./words";

/** Who has not signed in comes to the map, which is for anybody. */
export default function DataPage() {
  if (!useSession()) return <Navigate to="/city/data/map" replace />;
  return (
    <DataFrame>
      <Types />
    </DataFrame>
  );
}

function Types() {
  const t = useWords(dataWords);
  const [wanted, setWanted] = useState("");
  const types = useQuery(typesQuery);
  return (
    <>
      <TextInput
        className={styles.finder ?? ""}
        label={t("findType")}
        leftSection={<Icon name="search" size={18} />}
        value={wanted}
        onChange={(event) => setWanted(event.currentTarget.value)}
      />
      <Loaded from={types} lines={6} height={56}>
        {(all) => <TypeTable types={all.filter((one) => fits(one, wanted))} />}
      </Loaded>
    </>
  );
}

function fits({ name, services, attributes }: TypeInfo, wanted: string): boolean {
  const words = [name, ...services, ...attributes.map((one) => one.name)];
  return words.some((word) => word.toLowerCase().includes(wanted.trim().toLowerCase()));
}

function TypeTable({ types }: { types: readonly TypeInfo[] }) {
  const t = useWords(dataWords);
  if (types.length === 0) {
    return <Empty icon="search" title={t("noType")} detail={t("noTypeDetail")} />;
  }
  return (
    <div className={styles.scroll} role="region" aria-label={t("allTypes")}>
      <table className={styles.table}>
        <caption className="unseen">{t("allTypes")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("type")}</th>
            <th scope="col">{t("number")}</th>
            <th scope="col">{t("writtenBy")}</th>
            <th scope="col">{t("privacy")}</th>
          </tr>
        </thead>
        <tbody>
          {types.map((one) => (
            <Row key={one.name} type={one} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ type }: { type: TypeInfo }) {
  const t = useWords(dataWords);
  const say = useSay();
  const { language } = useLanguage();
  const services = useQuery(servicesQuery).data;
  const title = (name: string) => {
    const service = services?.find((one) => one.name === name);
    return service ? say(service.title) : name === "platform" ? t("platform") : name;
  };
  return (
    <tr>
      <th scope="row">
        <Link to={`/city/data/types/${encodeURIComponent(type.name)}`}>{type.name}</Link>
      </th>
      <td data-name={t("number")} className={styles.figure}>
        {type.number === null ? (
          <span className={styles.soft}>{t("notTold")}</span>
        ) : (
          number(type.number, language)
        )}
      </td>
      <td data-name={t("writtenBy")}>
        {type.services.map(title).join(", ") || t("anyClient")}
        <small>{t(type.sharing)}</small>
      </td>
      <td data-name={t("privacy")}>
        <span className={type.is_personal ? styles.personal : styles.chip}>
          {type.is_personal ? t("personal") : t("nobodys")}
        </span>{" "}
        {type.is_internal && <span className={styles.chip}>{t("internal")}</span>}
      </td>
    </tr>
  );
}
