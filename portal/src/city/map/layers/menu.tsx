/** Which layers the map shows besides the streets and houses. */
import { Button, Checkbox, Popover, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Map as MapLibre } from "maplibre-gl";
import { useMemo, useState } from "react";
import { number } from "~/design/figures";
import { Icon } from "~/design/icons";
import { useScheme } from "~/design/scheme";
import { servicePages, type MapLayer } from "~/services/pages";
import { useLanguage, useSay, useWords } from "~/words/language";
import { EXTRA_COLOURS, PIPES, pipeKm, pipesQuery, treesQuery } from "./extras";
import styles from "./layers.module.css";
import { Live, Pipes, Trees } from "./shown";
import { layerWords } from "./words";

const LIVE: readonly MapLayer[] = servicePages.flatMap(({ onMap }) => onMap ?? []);

/** `map` is the map once its first picture stands. */
export function LayersMenu({ map }: { map: MapLibre | null }) {
  const t = useWords(layerWords);
  const say = useSay();
  const scheme = useScheme();
  const [shown, setShown] = useState<string[]>([]);
  const pipes = useMemo(() => PIPES.filter((kind) => shown.includes(kind)), [shown]);
  const row = (id: string, label: string, colour: string) => (
    <Checkbox
      key={id}
      value={id}
      label={
        <span className={styles.label}>
          <span className={styles.swatch} style={{ background: colour }} aria-hidden />
          {label}
          {shown.includes(id) && <Amount id={id} />}
        </span>
      }
    />
  );
  return (
    <>
      <Popover position="bottom-start" trapFocus withinPortal={false} shadow="md">
        <Popover.Target>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<Icon name="layers" size={16} />}
          >
            {t("layers")}
            {shown.length > 0 && ` (${shown.length})`}
          </Button>
        </Popover.Target>
        <Popover.Dropdown className={styles.menu ?? ""}>
          <Checkbox.Group
            label={t("layers")}
            description={t("help")}
            value={shown}
            onChange={setShown}
          >
            <Stack gap="xs" mt="xs">
              {LIVE.map(({ id, name, colour }) =>
                row(id, t("live", { name: say(name) }), colour[scheme]),
              )}
              {(["trees", ...PIPES] as const).map((id) =>
                row(id, t(id), EXTRA_COLOURS[scheme][id]),
              )}
            </Stack>
          </Checkbox.Group>
        </Popover.Dropdown>
      </Popover>
      {shown.includes("trees") && <Trees map={map} />}
      {pipes.length > 0 && <Pipes map={map} kinds={pipes} />}
      {LIVE.filter(({ id }) => shown.includes(id)).map((layer) => (
        <Live key={layer.id} map={map} layer={layer} />
      ))}
    </>
  );
}

/** How much there is of what was chosen, for those who do not see the map too. */
function Amount({ id }: { id: string }) {
  const live = LIVE.find((layer) => layer.id === id);
  if (live) return <LiveCount layer={live} />;
  return id === "trees" ? <TreeCount /> : <PipeLength kind={id} />;
}

function TreeCount() {
  const { data, error } = useQuery(treesQuery);
  return <Count of={data?.features.length} failed={error !== null} />;
}

function LiveCount({ layer }: { layer: MapLayer }) {
  const say = useSay();
  const { data, error } = useQuery(layer.query);
  if (data && layer.amount) {
    return <span className={styles.amount}>{say(layer.amount(data))}</span>;
  }
  return <Count of={data?.features.length} failed={error !== null} />;
}

function Count({ of, failed }: { of: number | undefined; failed: boolean }) {
  const t = useWords(layerWords);
  const { language } = useLanguage();
  if (failed) return <span className={styles.amount}>{t("failed")}</span>;
  if (of === undefined) return <span className={styles.amount}>{t("reading")}</span>;
  const text = of === 0 ? t("none") : t("count", { count: number(of, language) });
  return <span className={styles.amount}>{text}</span>;
}

function PipeLength({ kind }: { kind: string }) {
  const t = useWords(layerWords);
  const { language } = useLanguage();
  const { data, error } = useQuery(pipesQuery);
  const km = useMemo(() => data && pipeKm(data, kind), [data, kind]);
  if (km === undefined) return <Count of={undefined} failed={error !== null} />;
  const text = km === 0 ? t("none") : t("length", { km: number(km, language, 1) });
  return <span className={styles.amount}>{text}</span>;
}
