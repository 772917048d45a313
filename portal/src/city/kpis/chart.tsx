/** Stacked bars by ECharts, of shares in per cent; whoever cannot see them has the table below. */
import { BarChart } from "echarts/charts";
import { GridComponent } from "echarts/components";
import { init, use as register } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { ROW_PX } from "./rows";

register([BarChart, GridComponent, SVGRenderer]);

const NARROWEST_LABEL_PCT = 6;

export interface Series {
  name: string;
  colour: string;
  values: readonly number[];
}

export default function Chart({
  rows,
  series,
}: {
  rows: readonly string[];
  series: readonly Series[];
}) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!element.current) return undefined;
    const chart = init(element.current, null, { renderer: "svg" });
    chart.setOption(options(rows, series, element.current));
    const follow = new ResizeObserver(() => chart.resize());
    follow.observe(element.current);
    return () => {
      follow.disconnect();
      chart.dispose();
    };
  }, [rows, series]);
  return <div ref={element} style={{ height: rows.length * ROW_PX + 8 }} aria-hidden="true" />;
}

function options(rows: readonly string[], series: readonly Series[], element: Element) {
  const style = getComputedStyle(element);
  const font = style.fontFamily;
  const ink = style.getPropertyValue("--ink");
  const paper = style.getPropertyValue("--surface");
  return {
    animation: false,
    textStyle: { fontFamily: font },
    grid: { left: rows.some(Boolean) ? 28 : 0, right: 0, top: 0, bottom: 8 },
    xAxis: { type: "value" as const, max: 100, show: false },
    yAxis: {
      type: "category" as const,
      data: [...rows],
      inverse: true,
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: ink, fontWeight: 700 as const, fontSize: 14 },
    },
    series: series.map(({ name, colour, values }) => ({
      name,
      type: "bar" as const,
      stack: "share",
      silent: true,
      barWidth: 30,
      data: [...values],
      itemStyle: { color: colour, borderColor: paper, borderWidth: 1.5 },
      label: {
        show: true,
        color: paper,
        fontWeight: 700 as const,
        fontSize: 13,
        formatter: ({ value }: { value?: unknown }) =>
          Number(value) < NARROWEST_LABEL_PCT ? "" : `${Math.round(Number(value))} %`,
      },
    })),
  };
}
