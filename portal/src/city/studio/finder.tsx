import { Select } from "@mantine/core";
import { useMemo } from "react";
import { distance } from "~/design/figures";
import { collator } from "~/design/formats";
import { Icon } from "~/design/icons";
import { useLanguage, useWords } from "~/words/language";
import { compassOf } from "./changes";
import { useHalf } from "./names";
import type { StudioModel } from "./queries";
import styles from "./studio.module.css";
import { studioWords } from "./words";

/** Find a street or a stop by its name: the map for those who use no pointer. */
export function Finder({
  model,
  onFind,
}: {
  model: StudioModel;
  onFind: (kind: "street" | "stop", id: string) => void;
}) {
  const t = useWords(studioWords);
  const nameOf = useHalf();
  const { language } = useLanguage();
  const data = useMemo(() => {
    const order = new Map<string, number>();
    const streets = model.streets.map((one) => {
      const name = nameOf(one.name);
      const number = (order.get(name) ?? 0) + 1;
      order.set(name, number);
      const way = `${t(compassOf(one.heading_deg))} · ${distance(one.length_m, language)}`;
      return { value: `street ${one.street}`, label: `${name} ${number} (${way})` };
    });
    const stops = model.stops.map(({ stop, name }) => ({
      value: `stop ${stop}`,
      label: nameOf(name),
    }));
    const { compare } = collator(language, { numeric: true });
    streets.sort((a, b) => compare(a.label, b.label));
    return [
      { group: t("stops"), items: stops },
      { group: t("streets"), items: streets },
    ];
    // the names follow from the language
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [model, language]);
  return (
    <Select
      className={styles.finder ?? ""}
      searchable
      limit={80}
      label={t("find")}
      nothingFoundMessage={t("nothingFound")}
      leftSection={<Icon name="search" size={17} />}
      value={null}
      data={data}
      onChange={(value) => {
        const [kind, ...id] = (value ?? "").split(" ");
        if (kind === "street" || kind === "stop") onFind(kind, id.join(" "));
      }}
    />
  );
}
