/** Have a draft rehearsed, with its base beside it. */
import { Button, Select } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, city } from "~/api/client";
import { useSession } from "~/api/session";
import { cityWords } from "~/city/words";
import { number } from "~/design/figures";
import { Trouble } from "~/design/page";
import { useLanguage, useWords } from "~/words/language";
import { BOUNDS, SIZES, SKIES, type Draft, type Size, type Sky } from "./queries";
import { RehearsalList } from "./rehearsal-list";
import styles from "./studio.module.css";
import { studioWords } from "./words";

const USUAL: Size = 2000;

export function Rehearse({ draft }: { draft: Draft }) {
  const session = useSession();
  const bounds = session ? BOUNDS[session.role] : undefined;
  return (
    <>
      {bounds && <Form draft={draft} bounds={bounds} />}
      <RehearsalList draft={draft.id} />
    </>
  );
}

function Form({ draft, bounds }: { draft: Draft; bounds: { residents: number; seeds: number } }) {
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
      answer(
        city.POST("/api/rehearsals", { body: { scenario: draft.id, residents, seeds, weather } }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ["rehearsals"] }),
  });
  const skies: Record<Sky, string> = {
    clear: c("weatherClear"),
    rain: c("weatherRain"),
    dust: c("weatherDust"),
    heat: c("weatherHeat"),
    drawn: t("weatherDrawn"),
  };
  return (
    <section className={styles.list} aria-label={t("rehearse")}>
      <h2>{t("rehearse")}</h2>
      <p className={styles.facts}>{t("rehearseHelp")}</p>
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
      </div>
    </section>
  );
}
