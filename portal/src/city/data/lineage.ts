/** A lineage in five columns: what it is made of, by whom, itself, who uses it, what comes of it. */
import type { Lineage } from "./map-queries";

export type Box = Lineage["nodes"][number];
export type ColumnName = "from" | "by" | "here" | "usedBy" | "into";
export interface LineageColumn {
  name: ColumnName;
  boxes: Box[];
}

export function columnsOf(id: string, { nodes, edges }: Lineage): LineageColumn[] {
  const into = edges.filter(({ target }) => target === id).map(({ source }) => source);
  const out = edges.filter(({ source }) => source === id).map(({ target }) => target);
  const isService = (one: string) => nodes.find((node) => node.id === one)?.kind === "service";
  const by = into.filter(isService);
  const usedBy = out.filter(isService);
  const beyond = (ends: readonly string[], side: "source" | "target") => {
    const other = side === "source" ? "target" : "source";
    return edges
      .filter((edge) => ends.includes(edge[other]) && edge[side] !== id)
      .map((edge) => edge[side]);
  };
  const boxes = (ids: readonly string[]) => nodes.filter((node) => ids.includes(node.id));
  return [
    {
      name: "from",
      boxes: boxes([...into.filter((one) => !by.includes(one)), ...beyond(by, "source")]),
    },
    { name: "by", boxes: boxes(by) },
    { name: "here", boxes: boxes([id]) },
    { name: "usedBy", boxes: boxes(usedBy) },
    {
      name: "into",
      boxes: boxes([...out.filter((one) => !usedBy.includes(one)), ...beyond(usedBy, "target")]),
    },
  ];
}
