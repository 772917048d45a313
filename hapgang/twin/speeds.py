"""How fast people and vehicles move on an empty link."""

import numpy as np
from numpy.typing import NDArray

from hapgang.twin.modes import Modes

Floats = NDArray[np.float64]

# m/s, adults undisturbed on the flat. Weidmann 1993, "Transporttechnik der Fussgänger", ETH Zürich,
# Schriftenreihe des IVT 90: mean 1.34.
WALK_M_S = 1.34
# m/s. Somebody who walks badly: what the Korean National Police Agency times green lights for near
# homes of old people; a wheelchair is no slower on the flat.
SLOW_WALK_M_S = 0.7
# km/h, bicycles in a city undisturbed on the flat. Jensen, Rouquier, Ovtracht, Robardet 2010,
# "Characterizing the speed and paths of shared bicycles in Lyon", Transportation Research D 15(8),
# doi 10.1016/j.trd.2010.07.002: early weekday mornings, 11.6 million trips.
BICYCLE_KMH = 14.5
# km/h. Road Traffic Act of Korea, Enforcement Rule, article 2-3: personal mobility below 25.
PM_MIXED_KMH = 25.0
# km/h. The white paper: fast PM 20 to 40 on its own lanes; slow PM 5 to 20.
PM_LANE_KMH = 40.0
# km/h. The white paper: shuttle on the ring up to 40.
SHUTTLE_KMH = 40.0
# Streets steeper than a quarter are errors of the height model or stairs: counted as a quarter.
_STEEPEST = 0.25

# A rider's power, mass with bicycle, drag area and rolling resistance: defaults of GraphHopper's
# profile bike_elevation. The balance of powers is that of Martin et al. 1998, "Validation of a
# mathematical model for road cycling power", doi 10.1123/jab.14.3.276.
_POWER_W = 120.0
_MASS_KG = 95.0
_DRAG_M2 = 0.6
_ROLLING = 0.01
_AIR_KG_M3 = 1.2  # International Standard Atmosphere at 20 degrees Celsius
_GRAVITY_M_S2 = 9.81
_PUSHED_KMH = 0.75 * WALK_M_S * 3.6  # a bicycle is pushed where riding would be slower


def walking_speed_kmh(slope: Floats) -> Floats:
    """Speed of a walking adult, km/h, on links of a slope.

    slope: rise over length, upwards positive. On the flat `WALK_M_S`; at most 1.19 times that.
    Ignored: stairs, crowds, waiting to cross, age.
    Source: Tobler 1993, "Three presentations on geographical analysis and modeling", NCGIA report
    93-1, hiking function, scaled to the flat speed. Checked: tests/twin/test_speeds.py.
    """
    steep = np.clip(slope, -_STEEPEST, _STEEPEST)
    return WALK_M_S * 3.6 * np.exp(-3.5 * (np.abs(steep + 0.05) - 0.05))


def cycling_speed_kmh(slope: Floats) -> Floats:
    """Speed of a bicycle without a motor, km/h, on links of a slope.

    slope: rise over length, upwards positive. Uphill what a steady power allows, at least walking
    with the bicycle; on the flat and downhill `BICYCLE_KMH` (riders brake in cities).
    Ignored: wind, surface, starting and stopping.
    Source: power balance, see the constants. Checked: tests/twin/test_speeds.py.
    """
    speed_m_s = np.linspace(0.5, 10.0, 400)
    push_n = _POWER_W / speed_m_s - 0.5 * _AIR_KG_M3 * _DRAG_M2 * speed_m_s**2
    climbable = push_n / (_MASS_KG * _GRAVITY_M_S2) - _ROLLING  # falls as the speed rises
    steady_kmh = 3.6 * np.interp(np.clip(slope, 0, _STEEPEST), climbable[::-1], speed_m_s[::-1])
    return np.clip(steady_kmh, _PUSHED_KMH, BICYCLE_KMH)


def mode_speed_kmh(
    mode: Modes, posted_kmh: NDArray[np.float32], allowed: NDArray[np.int32], slope: Floats
) -> Floats:
    """Free-flow speed of one mode on links, km/h.

    posted_kmh: for cars, or the lane's PM speed where no car may drive. allowed: bits of `Modes`.
    Slow streets slow everybody: nobody is faster than posted, people on foot apart.
    Ignored: signals, queues, turns. Sources: the constants of this module.
    """
    posted = posted_kmh.astype("f8")
    if mode == Modes.WALK:
        return walking_speed_kmh(slope)
    if mode == Modes.BICYCLE:
        return np.asarray(np.minimum(cycling_speed_kmh(slope), posted))
    if mode == Modes.PM:
        own_lane = (allowed & int(Modes.CAR)) == 0
        return np.asarray(np.minimum(posted, np.where(own_lane, PM_LANE_KMH, PM_MIXED_KMH)))
    if mode == Modes.SHUTTLE:
        return np.asarray(np.minimum(posted, SHUTTLE_KMH))
    return posted
