/** A player of one run upon one map, and its layer: they come and go together. */
import { useScheme } from "~/design/scheme";
import { useStill } from "~/design/reading";
import { MapboxOverlay } from "@deck.gl/mapbox";
import type { Map as MapLibre } from "maplibre-gl";
import { useEffect, useState, useSyncExternalStore } from "react";
import type { Playback } from "~/api/queries";
import { hasGraphicsCard } from "~/map/graphics";
import { isMode, MODE_COLOURS, rgb } from "~/design/modes";
import { moverLayers } from "./movers";
import { Player, type Shown } from "./player";

const UNKNOWN_MODE = "#777777";

function palette(modes: readonly string[], scheme: "light" | "dark") {
  return modes.map((mode) => rgb(isMode(mode) ? MODE_COLOURS[scheme][mode] : UNKNOWN_MODE));
}

export function usePlayer(
  map: MapLibre | null,
  playback: Playback | undefined,
  origin: readonly [number, number],
  hidden: ReadonlySet<string>,
): Player | null {
  const [player, setPlayer] = useState<Player | null>(null);
  const scheme = useScheme();
  const still = useStill();
  const [lon, lat] = origin;

  useEffect(() => {
    if (!map || !playback) return undefined;
    const look = { origin: [lon, lat] as const, palette: [], hidden: [], tail_s: 0 };
    const opened = new Player(playback, look, !still);
    const overlay = new MapboxOverlay({
      interleaved: false,
      layers: [],
      useDevicePixels: hasGraphicsCard(),
    });
    map.addControl(overlay);
    opened.onFrame = (frame) => overlay.setProps({ layers: moverLayers(frame, [lon, lat]) });
    // eslint-disable-next-line react-hooks/set-state-in-effect -- the player lives as long as the map does
    setPlayer(opened);
    return () => {
      opened.close();
      map.removeControl(overlay);
      setPlayer(null);
    };
  }, [map, playback, lon, lat, still]);

  useEffect(() => {
    if (!player || !playback) return;
    player.setLook({
      palette: palette(playback.modes, scheme),
      hidden: playback.modes.map((mode) => hidden.has(mode)),
    });
  }, [player, playback, scheme, hidden]);
  return player;
}

export function useShown(player: Player): Shown {
  return useSyncExternalStore(player.subscribe, player.shown);
}
