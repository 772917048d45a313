"""How long walking and riding take between two points, without looking for the way each time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import pi

import numpy as np
from numpy.typing import NDArray

from hapgang.core.vocabulary.people import Walking
from hapgang.services.mobility.sharing.method.fleet import FAST_KMH, OPEN_KMH, SLOW_KMH
from hapgang.twin.modes import Modes
from hapgang.twin.network import Network
from hapgang.twin.scene import Scene
from hapgang.twin.speeds import SLOW_WALK_M_S, WALK_M_S, mode_speed_kmh

Floats = NDArray[np.float64]

# Way over straight line on a square grid, averaged over all directions: the integral of
# |cos| + |sin| over the circle, divided by 2 pi.
GRID_DETOUR = 4.0 / pi
# s. Assumption: finding the vehicle's code, signing in, getting seated.
UNLOCK_S = 30.0
_SOURCES, _TARGETS = 12, 150  # of the sample; the error of its mean is some 1 %
_NEAR_M, _FAR_M = 300.0, 3000.0  # PM trips of the sample


@dataclass(frozen=True, kw_only=True)
class Pace:
    """Detour and seconds for each metre of straight line, by the speed a vehicle is held to."""

    detour: float = GRID_DETOUR
    ride_s_per_m: Mapping[int, float] = field(
        default_factory=lambda: {
            kmh: GRID_DETOUR * 3.6 / kmh for kmh in (SLOW_KMH, OPEN_KMH, FAST_KMH)
        }
    )
    rideable: bool = True

    def ride(self, straight_m: float, held_to_kmh: int) -> tuple[float, float]:
        """Return seconds and metres of a ride."""
        return straight_m * self.ride_s_per_m[held_to_kmh], straight_m * self.detour


def walk(straight_m: float, walking: Walking) -> tuple[float, float]:
    """Seconds and metres of a walk over a straight line of so many metres."""
    way_m = straight_m * GRID_DETOUR
    return way_m / _walk_m_s(walking), way_m


def walking_reach_m(minutes: float, walking: Walking) -> float:
    """Straight metres that somebody walks in some minutes."""
    return minutes * 60.0 * _walk_m_s(walking) / GRID_DETOUR


def measure_pace(scene: Scene) -> Pace:
    """Measure a city's pace on a sample of ways through its own PM network.

    Takes pairs of nodes 300 to 3000 m apart (all pairs in a smaller city): mean time and mean way
    over mean straight line, each link at the least of its own speed and the vehicle's. Ignored:
    junctions, queues, that some places are harder to reach than others. Streets without any link
    for PM are not rideable. Checked: tests/services/mobility/sharing/test_ground.py on a grid.
    """
    network = Network.of(scene)
    open_to_pm = (network.link_modes & int(Modes.PM)) > 0
    if not open_to_pm.any():
        return Pace(rideable=False)
    nodes = np.unique(network.nearest_node(network.node_xy, Modes.PM))
    chance = np.random.Generator(np.random.PCG64(0))
    sources = np.sort(chance.permutation(nodes)[:_SOURCES])
    targets = np.sort(chance.permutation(nodes)[:_TARGETS])
    straight_m = np.hypot(
        *(network.node_xy[sources][:, None] - network.node_xy[targets][None]).transpose(2, 0, 1)
    )
    chosen = (straight_m >= _NEAR_M) & (straight_m <= _FAR_M)
    if not chosen.any():
        chosen = straight_m > 0
    if not chosen.any():
        return Pace()
    own_kmh = mode_speed_kmh(Modes.PM, network.link_speed_kmh, network.link_modes, network.slope())
    per_m, detour = {}, GRID_DETOUR
    for kmh in (SLOW_KMH, OPEN_KMH, FAST_KMH):
        link_s = network.link_length_m / (np.minimum(own_kmh, kmh) / 3.6)
        time_s, way_m = network.skim(Modes.PM, sources, targets, link_s)
        per_m[kmh] = float(time_s[chosen].sum(dtype="f8") / straight_m[chosen].sum())
        detour = float(way_m[chosen].sum(dtype="f8") / straight_m[chosen].sum())
    return Pace(detour=detour, ride_s_per_m=per_m)


def _walk_m_s(walking: Walking) -> float:
    return WALK_M_S if walking == "well" else SLOW_WALK_M_S
