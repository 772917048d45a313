"""Free-flow speeds: values on the flat, slopes, limits."""

import numpy as np
import pytest

from hapgang.twin.modes import Modes
from hapgang.twin.speeds import (
    BICYCLE_KMH,
    WALK_M_S,
    cycling_speed_kmh,
    mode_speed_kmh,
    walking_speed_kmh,
)


def test_walking_is_scaled_to_the_flat_and_fastest_slightly_downhill() -> None:
    slope = np.array([-0.2, -0.05, 0.0, 0.05, 0.2])
    speed = walking_speed_kmh(slope)
    assert speed[2] == pytest.approx(WALK_M_S * 3.6)
    assert speed.argmax() == 1
    # Tobler: 6 exp(-3.5 |s + 0.05|) km/h; ratios between slopes do not depend on the scale.
    tobler = 6 * np.exp(-3.5 * np.abs(slope + 0.05))
    assert speed / speed[2] == pytest.approx(tobler / tobler[2])


def test_cycling_obeys_the_power_balance_uphill() -> None:
    slope = np.array([0.03, 0.05])
    v = cycling_speed_kmh(slope) / 3.6
    power = v * (95 * 9.81 * (slope + 0.01) + 0.5 * 1.2 * 0.6 * v**2)
    assert power == pytest.approx([120, 120], rel=0.002)


def test_cycling_is_flat_downhill_and_never_slower_than_pushing() -> None:
    speed = cycling_speed_kmh(np.array([-0.1, 0.0, 0.08, 0.25, 0.6]))
    assert speed[0] == speed[1] == BICYCLE_KMH
    assert (np.diff(speed) <= 0).all()
    assert speed[-1] == pytest.approx(0.75 * WALK_M_S * 3.6)


def test_nobody_in_a_vehicle_is_faster_than_posted() -> None:
    posted = np.array([10.0, 50.0, 40.0], dtype=np.float32)
    allowed = np.array([127, 127, int(Modes.PM)], dtype=np.int32)
    flat = np.zeros(3)
    assert mode_speed_kmh(Modes.CAR, posted, allowed, flat).tolist() == [10, 50, 40]
    assert mode_speed_kmh(Modes.PM, posted, allowed, flat).tolist() == [10, 25, 40]
    assert mode_speed_kmh(Modes.SHUTTLE, posted, allowed, flat).tolist() == [10, 40, 40]
    assert mode_speed_kmh(Modes.BICYCLE, posted, allowed, flat).tolist() == [10, 14.5, 14.5]
