"""The queue model against the arithmetic of one bottleneck."""

from types import SimpleNamespace
from typing import Any, cast

import numpy as np

from hapgang.rehearsal.movement import Streets
from hapgang.twin.network import Network
from validation.case import Case

_VEHICLES = 61
_CAPACITY_VEH_H = 600.0


def cases() -> list[Case]:
    """Return when the first and the last of a platoon leave a road that passes 600 an hour."""
    scene: Any = SimpleNamespace(
        nodes=SimpleNamespace(
            xy=np.array([[0.0, 0.0], [1000.0, 0.0], [2000.0, 0.0], [3000.0, 0.0]]),
            elevation_m=np.zeros(4, np.float32),
        ),
        links=SimpleNamespace(
            link=np.array(["a", "b", "c"], object),
            source=np.array([0, 1, 2], np.int32),
            target=np.array([1, 2, 3], np.int32),
            length_m=np.full(3, 1000.0, np.float32),
            modes=np.full(3, 8, np.int32),
            speed_kmh=np.full(3, 36.0, np.float32),
            lanes=np.full(3, 9.0, np.float32),
            capacity_veh_h=np.array([18_000.0, _CAPACITY_VEH_H, 18_000.0], np.float32),
        ),
    )
    streets = Streets(Network.of(cast(Any, scene)), share=1.0)
    for vehicle in range(_VEHICLES):
        streets.depart(vehicle, np.arange(3, dtype=np.int32), 0.0)
    arrived = streets.advance(np.inf)
    first_s, last_s = arrived[0][1], arrived[-1][1]
    return [
        Case(
            name="first of the platoon, s", value=first_s, expected=300.0, tolerance=2.0,
            source="closed form: three links of 100 s",
        ),
        Case(
            name="from the first to the last, s", value=last_s - first_s,
            expected=3600.0 / _CAPACITY_VEH_H * (_VEHICLES - 1), tolerance=12.0,
            source="closed form: one each 6 s",
        ),
    ]  # fmt: skip
