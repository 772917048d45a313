import { Button, SegmentedControl } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { distance } from "~/design/figures";
import { Empty, Loaded, Waiting } from "~/design/page";
import type { Here } from "~/me/here";
import { HerePicker } from "~/me/here-picker";
import { useLanguage, useWords } from "~/words/language";
import { vehiclesQuery, type Vehicle } from "./queries";
import { shortId } from "./short-id";
import styles from "./sharing.module.css";
import { VehicleFacts } from "./vehicle-facts";
import { sharingWords } from "./words";

const RADII_M = [300, 600, 1_500];
const NearbyMap = lazy(() => import("./nearby-map"));

type Kind = Vehicle["kind"];
const KINDS: readonly Kind[] = ["closed", "open", "accessible"];

/** What is near, as a list and as a map; on a phone one of the two at a time. */
export function Find({ here, onChoose }: { here: Here; onChoose: (vehicle: string) => void }) {
  const t = useWords(sharingWords);
  const isWide = useMediaQuery("(min-width: 56rem)");
  const [view, setView] = useState("list");
  const [within_m, setWithin] = useState(RADII_M[0] ?? 300);
  const [kind, setKind] = useState<Kind>();
  const vehicles = useQuery(vehiclesQuery(here.at, within_m, kind));
  return (
    <>
      <div className={styles.tools}>
        <HerePicker />
        <RadiusChoice value={within_m} onChange={setWithin} />
        <KindChoice value={kind} onChange={setKind} />
        {!isWide && (
          <SegmentedControl
            aria-label={t("view")}
            value={view}
            data={[
              { value: "list", label: t("asList") },
              { value: "map", label: t("asMap") },
            ]}
            onChange={setView}
          />
        )}
      </div>
      <div className={styles.near}>
        {(isWide || view === "list") && (
          <Loaded from={vehicles} lines={5} height={104}>
            {(found) => (
              <VehicleList
                found={found}
                within_m={within_m}
                onChoose={onChoose}
                onFurther={setWithin}
              />
            )}
          </Loaded>
        )}
        {(isWide || view === "map") && (
          <div className={styles.map} role="region" aria-label={t("mapLabel")}>
            <Suspense fallback={<Waiting lines={1} height={360} />}>
              <NearbyMap here={here.at} vehicles={vehicles.data ?? NONE} onChoose={onChoose} />
            </Suspense>
          </div>
        )}
      </div>
    </>
  );
}

const NONE: readonly Vehicle[] = [];

function RadiusChoice({
  value,
  onChange,
}: {
  value: number;
  onChange: (within_m: number) => void;
}) {
  const t = useWords(sharingWords);
  const { language } = useLanguage();
  return (
    <SegmentedControl
      aria-label={t("radius")}
      value={String(value)}
      data={RADII_M.map((metres) => ({
        value: String(metres),
        label: t("within", { distance: distance(metres, language) }),
      }))}
      onChange={(metres) => onChange(Number(metres))}
    />
  );
}

function KindChoice({
  value,
  onChange,
}: {
  value: Kind | undefined;
  onChange: (kind: Kind | undefined) => void;
}) {
  const t = useWords(sharingWords);
  return (
    <SegmentedControl
      aria-label={t("kinds")}
      value={value ?? ""}
      data={[
        { value: "", label: t("anyKind") },
        ...KINDS.map((kind) => ({ value: kind, label: t(`${kind}Short`) })),
      ]}
      onChange={(kind) => onChange(KINDS.find((one) => one === kind))}
    />
  );
}

function VehicleList({
  found,
  within_m,
  onChoose,
  onFurther,
}: {
  found: readonly Vehicle[];
  within_m: number;
  onChoose: (vehicle: string) => void;
  onFurther: (within_m: number) => void;
}) {
  const t = useWords(sharingWords);
  const { language } = useLanguage();
  const further = RADII_M.find((metres) => metres > within_m);
  if (found.length === 0) {
    return (
      <Empty icon="scooter" title={t("none")} detail={t("noneDetail")}>
        {further && (
          <Button onClick={() => onFurther(further)}>
            {t("lookFurther", { distance: distance(further, language) })}
          </Button>
        )}
      </Empty>
    );
  }
  return (
    <div>
      <p className={styles.count} role="status">
        {t("count", { count: found.length })}
      </p>
      <ul className={styles.list}>
        {found.map((vehicle) => (
          <li key={vehicle.vehicle}>
            <VehicleFacts vehicle={vehicle} />
            <Button variant="light" onClick={() => onChoose(vehicle.vehicle)}>
              {t("choose")}
              <span className="unseen">, {t("vehicle", { id: shortId(vehicle.vehicle) })}</span>
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
