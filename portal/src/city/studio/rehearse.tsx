/** Have a draft rehearsed, with its base beside it, or a scenario of the city. */
import { Button, Select } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, city } from "~/api/client";
import { useSession } from "~/api/session";
import { cityWords } from "~/city/words";
import { Dialog } from "~/design/dialog";
import { number } from "~/design/figures";
import { Trouble } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import { BOUNDS, SIZES, SKIES, type Draft, type Size, type Sky } from "./queries";
import { RehearsalList } from "./rehearsal-list";
import styles from "./studio.module.css";
import { studioWords } from "./words";

const USUAL: Size = 2000;

interface Bounds {
  residents: number;
  seeds: number;
}

function useBounds(): Bounds | undefined {
  const session = useSession();
  return session ? BOUNDS[session.role] : undefined;
}

export function Rehearse({ draft }: { draft: Draft }) {
  const t = useWords(studioWords);
  const bounds = useBounds();
  return (
    <>
      {bounds && (
        <section className={styles.list} aria-label={t("rehearse")}>
          <h2>{t("rehearse")}</h2>
          <p className={styles.facts}>{t("rehearseHelp")}</p>
          <Form scenario={draft.id} bounds={bounds} />
        </section>
      )}
      <RehearsalList draft={draft.id} />
    </>
  );
}

/** Have a scenario of the city's folder rehearsed as it is. */
export function RehearseButton({ scenario, title }: { scenario: string; title: string }) {
  const t = useWords(studioWords);
  const bounds = useBounds();
  const [isOpen, setOpen] = useState(false);
  const [isOrdered, setOrdered] = useState(false);
  if (!bounds) return null;
  const close = () => setOpen(false);
  const ordered = () => {
    setOrdered(true);
    close();
  };
  return (
    <>
      <Button size="sm" onClick={() => setOpen(true)}>
        {t("rehearse")}
      </Button>
      <Dialog opened={isOpen} onClose={close} title={t("rehearseOf", { name: title })}>
        <div className={styles.list}>
          <p className={styles.facts}>{t("rehearseScenarioHelp")}</p>
          <Form scenario={scenario} bounds={bounds} onOrdered={ordered} onClose={close} />
        </div>
      </Dialog>
      {isOrdered && (
        <p role="status" className={styles.facts}>
          {t("ordered")}
        </p>
      )}
    </>
  );
}

function Form({
  scenario,
  bounds,
  onOrdered,
  onClose,
}: {
  /** The name of a scenario of the city, or the id of a draft. */
  scenario: string;
  bounds: Bounds;
  onOrdered?: () => void;
  onClose?: () => void;
}) {
  const t = useWords(studioWords);
  const c = useWords(cityWords);
  const { language } = useLanguage();
  const client = useQueryClient();
  const sizes = SIZES.filter((size) => size <= bounds.residents);
  const [residents, setResidents] = useState<Size>(
    sizes.includes(USUAL) ? USUAL : (sizes.at(-1) ?? 200),
  );
  const [seeds, setSeeds] = useState(Math.min(2, bounds.seeds));
  const [weather, setWeather] = useState<Sky>("clear");
  const order = useMutation({
    mutationFn: () =>
      answer(city.POST("/api/rehearsals", { body: { scenario, residents, seeds, weather } })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["rehearsals"] });
      onOrdered?.();
    },
  });
  const skies: Record<Sky, string> = {
    clear: c("weatherClear"),
    rain: c("weatherRain"),
    dust: c("weatherDust"),
    heat: c("weatherHeat"),
    drawn: t("weatherDrawn"),
  };
  return (
    <>
      <div className={styles.wishes}>
        <Select
          label={t("residents")}
          value={String(residents)}
          data={sizes.map((size) => ({
            value: String(size),
            label: t("people", { count: number(size, language) }),
          }))}
          onChange={(value) => value && setResidents(Number(value) as Size)}
        />
        <Select
          label={t("seeds")}
          value={String(seeds)}
          data={Array.from({ length: bounds.seeds }, (_, index) => String(index + 1))}
          onChange={(value) => value && setSeeds(Number(value))}
        />
        <Select
          label={t("weather")}
          value={weather}
          data={SKIES.map((sky) => ({ value: sky, label: skies[sky] }))}
          onChange={(value) => value && setWeather(value)}
        />
      </div>
      <p className={styles.facts}>{t("seedsHelp")}</p>
      {order.error && <Trouble error={order.error} />}
      <div className={styles.ways}>
        <Button loading={order.isPending} onClick={() => order.mutate()}>
          {t("start")}
        </Button>
        {onClose && (
          <Button variant="default" onClick={onClose}>
            {t("notNow")}
          </Button>
        )}
      </div>
    </>
  );
}
