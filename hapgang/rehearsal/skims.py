"""Cached zone-to-zone times and distances of every mode: what people know before they choose."""

from collections.abc import Mapping
from dataclasses import dataclass

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


@dataclass(frozen=True, eq=False)
class Skims:
    """Between all zones, (zones, zones): seconds and metres by street mode, seconds by transit."""

    time_s: Mapping[Mode, NDArray[np.float32]]
    distance_m: Mapping[Mode, NDArray[np.float32]]
    transit: TransitSkims | None


def skims_of(scene: Scene, network: Network, transit: Transit | None) -> Skims:
    """Compute the skims of a scene, free of other traffic; inf where a mode does not lead."""
    time_s, distance_m = {}, {}
    for mode, bit in STREET_MODES.items():
        nodes = network.nearest_node(scene.zones.xy, bit)
        time_s[mode], distance_m[mode] = network.skim(bit, nodes, nodes)
    leave_s = _LEAVE_S
    return Skims(
        time_s, distance_m, transit.skims(scene.zones.xy, leave_s) if transit is not None else None
    )
