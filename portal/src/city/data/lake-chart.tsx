/** An answer as a chart: which column across, which up, in which form. The table stays below. */
import { Select } from "@mantine/core";
import { useMemo, useState } from "react";
import { Empty } from "~/design/page";
import { useWords } from "~/words/language";
import { acrossOf, isNumeric, likelyAxes, pointsOf, type Axes } from "./cells";
import { Plot } from "./chart";
import { lakeWords } from "./lake-words";
import styles from "./lake.module.css";
import type { LakeAnswer } from "./queries";

const FORMS = ["bars", "line", "dots"] as const;

export function LakeChart({ answer }: { answer: LakeAnswer }) {
  const t = useWords(lakeWords);
  const first = likelyAxes(answer);
  if (!first || answer.rows.length === 0) {
    return <Empty icon="chart" title={t("noNumbers")} detail={t("noNumbersDetail")} />;
  }
  const key = answer.columns.map(({ name }) => name).join(" ");
  return <Drawn key={key} answer={answer} first={first} />;
}

function Drawn({ answer, first }: { answer: LakeAnswer; first: Axes }) {
  const t = useWords(lakeWords);
  const [axes, setAxes] = useState(first);
  const points = useMemo(() => pointsOf(answer, axes), [answer, axes]);
  const { columns } = answer;
  const choice = (index: number) => ({
    value: String(index),
    label: columns[index]?.name ?? "",
  });
  const all = columns.map((_, index) => index);
  const kind = acrossOf(columns[axes.x]?.type, axes.form);
  const [x, y] = [choice(axes.x).label, choice(axes.y).label];
  return (
    <figure className={styles.drawing}>
      <div className={styles.axes}>
        <Select
          label={t("across")}
          value={String(axes.x)}
          data={all.map(choice)}
          onChange={(chosen) => setAxes({ ...axes, x: Number(chosen) })}
        />
        <Select
          label={t("up")}
          value={String(axes.y)}
          data={all.filter((index) => isNumeric(columns[index]?.type)).map(choice)}
          onChange={(chosen) => setAxes({ ...axes, y: Number(chosen) })}
        />
        <Select
          label={t("form")}
          value={axes.form}
          data={FORMS.map((form) => ({ value: form, label: t(form) }))}
          onChange={(chosen) =>
            setAxes({ ...axes, form: FORMS.find((form) => form === chosen) ?? "bars" })
          }
        />
      </div>
      <Plot points={points} form={axes.form} across={{ kind, name: x }} up={y} />
      <figcaption className="unseen">{t("chartOf", { x, y })}</figcaption>
    </figure>
  );
}
