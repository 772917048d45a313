/** A line, bars or points by ECharts; whoever cannot see them has the table beside it. */
import { BarChart, LineChart, ScatterChart } from "echarts/charts";
import { GridComponent } from "echarts/components";
import { init, use as register } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { useScheme } from "~/design/scheme";
import { useLanguage, type Language } from "~/words/language";
import { number } from "~/design/figures";
import styles from "./data.module.css";

register([BarChart, LineChart, ScatterChart, GridComponent, SVGRenderer]);

export type Form = "bars" | "line" | "dots" | "steps";
export interface Across {
  kind: "time" | "value" | "category";
  name: string;
}
export type Point = [number | string, number];

export function Plot({
  points,
  form,
  across,
  up,
}: {
  points: readonly Point[];
  form: Form;
  across: Across;
  up: string;
}) {
  const element = useRef<HTMLDivElement>(null);
  const scheme = useScheme();
  const { language } = useLanguage();
  const { kind, name } = across;
  useEffect(() => {
    if (!element.current) return undefined;
    const chart = init(element.current, null, { renderer: "svg" });
    chart.setOption(options(points, form, { kind, name }, up, language, element.current));
    const follow = new ResizeObserver(() => chart.resize());
    follow.observe(element.current);
    return () => {
      follow.disconnect();
      chart.dispose();
    };
  }, [points, form, kind, name, up, language, scheme]);
  return <div ref={element} className={styles.chart} aria-hidden="true" />;
}

function options(
  points: readonly Point[],
  form: Form,
  across: Across,
  up: string,
  language: Language,
  element: Element,
) {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const words = { color: colour("--ink-soft"), fontSize: 12 };
  const axis = {
    nameTextStyle: words,
    axisLabel: { ...words, hideOverlap: true },
    axisLine: { lineStyle: { color: colour("--edge") } },
    splitLine: { lineStyle: { color: colour("--line") } },
  };
  return {
    animation: false,
    textStyle: { fontFamily: style.fontFamily },
    grid: { left: 12, right: 24, top: 40, bottom: 34, containLabel: true },
    xAxis: {
      ...axis,
      type: across.kind,
      name: across.name,
      nameLocation: "middle" as const,
      nameGap: 28,
      splitLine: { show: false },
      scale: true,
    },
    yAxis: {
      ...axis,
      type: "value" as const,
      name: up,
      nameTextStyle: { ...words, align: "left" as const },
      axisLabel: { ...words, formatter: (value: number) => number(value, language, 2) },
      scale: form !== "bars",
    },
    series: [
      {
        type:
          form === "bars"
            ? ("bar" as const)
            : form === "dots"
              ? ("scatter" as const)
              : ("line" as const),
        ...(form === "steps" ? { step: "end" as const } : {}),
        symbolSize: form === "dots" ? 7 : 5,
        silent: true,
        data: points.map((point) => [...point]),
        itemStyle: { color: colour("--river") },
        lineStyle: { color: colour("--river"), width: 2 },
        barMaxWidth: 42,
      },
    ],
  };
}
