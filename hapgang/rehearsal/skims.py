"""Cached zone-to-zone times and distances of every mode: what people know before they choose."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hapgang.core.vocabulary.mobility import Mode
from hapgang.science.connection_scan import Skims as TransitSkims
from hapgang.twin.modes import Modes
from hapgang.twin.network import Network
from hapgang.twin.scene import Scene
from hapgang.twin.transit import Transit

STREET_MODES: Mapping[Mode, Modes] = {
    Mode.WALK: Modes.WALK,
    Mode.BICYCLE: Modes.BICYCLE,
    Mode.CAR: Modes.CAR,
}
# Departures over which the timetable's times are averaged: through the hour of the morning peak,
# the middle of the day, and the evening.
_LEAVE_S = tuple(int(hour * 3600) for hour in (7.25, 7.75, 8.25, 12.1, 12.6, 18.1, 18.6))
_FORM = "1"  # of the files; raise it when what is computed changes


@dataclass(frozen=True, eq=False)
class Skims:
    """Between all zones, (zones, zones): seconds and metres by street mode, seconds by transit."""

    time_s: Mapping[Mode, NDArray[np.float32]]
    distance_m: Mapping[Mode, NDArray[np.float32]]
    transit: TransitSkims | None


def skims_of(
    scene: Scene, network: Network, transit: Transit | None, cache: Path | None = None
) -> Skims:
    """Return the skims of a scene, free of other traffic; inf where a mode does not lead.

    With a `cache` folder they are read from there, or left there for the next time.
    """
    if cache is None:
        return _computed(scene, network, transit)
    path = cache / f"{_name(scene, network, transit)}.npz"
    if path.is_file():
        return _read(path)
    found = _computed(scene, network, transit)
    cache.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write(path, found)
    return found


def _computed(scene: Scene, network: Network, transit: Transit | None) -> Skims:
    time_s, distance_m = {}, {}
    for mode, bit in STREET_MODES.items():
        nodes = network.nearest_node(scene.zones.xy, bit)
        time_s[mode], distance_m[mode] = network.skim(bit, nodes, nodes)
    found = transit.skims(scene.zones.xy, _LEAVE_S) if transit is not None else None
    return Skims(time_s, distance_m, found)


def _name(scene: Scene, network: Network, transit: Transit | None) -> str:
    """Return a digest of all that the skims follow from."""
    seen = sha256(_FORM.encode())
    for column in (
        network.link_source,
        network.link_target,
        network.link_length_m,
        network.link_modes,
        network.link_speed_kmh,
        network.node_xy,
        scene.zones.xy,
    ):
        seen.update(np.ascontiguousarray(column).tobytes())
    if transit is not None:
        seen.update(f"{scene.version} {transit.day.day}".encode())
    return seen.hexdigest()[:32]


def _write(path: Path, skims: Skims) -> None:
    columns = {f"time_{mode.value}": table for mode, table in skims.time_s.items()}
    columns |= {f"distance_{mode.value}": table for mode, table in skims.distance_m.items()}
    if skims.transit is not None:
        columns |= {f"transit_{name}": t for name, t in skims.transit._asdict().items()}
    beside = path.with_name(f".{path.stem}.{os.getpid()}.npz")
    np.savez(beside, allow_pickle=False, **columns)
    beside.replace(path)


def _read(path: Path) -> Skims:
    with np.load(path, allow_pickle=False) as file:
        time_s = {mode: file[f"time_{mode.value}"] for mode in STREET_MODES}
        distance_m = {mode: file[f"distance_{mode.value}"] for mode in STREET_MODES}
        names = [f"transit_{name}" for name in TransitSkims._fields]
        transit = TransitSkims(*(file[name] for name in names)) if names[0] in file else None
    return Skims(time_s, distance_m, transit)
