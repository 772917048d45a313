"""What the planning of one day has at hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from hapgang.rehearsal.plans.chance import Chance
from hapgang.rehearsal.plans.choice import Choice
from hapgang.rehearsal.plans.columns import Kind
from hapgang.rehearsal.plans.rates import FIXED, STAY
from hapgang.rehearsal.plans.slate import At, Slate
from hapgang.rehearsal.population.columns import Floats, Ints, Population, Rows
from hapgang.rehearsal.population.sites import Sites

# What people reckon with when they leave: on foot at 4.3 km/h where that is faster, else 5 minutes
# of access and a speed that grows from 12 to 60 km/h with distance; 6 km take 19 minutes, 15 km 31.
# Near MOLIT's 2010 mean of 28 minutes to work in Daejeon. The real trip may take longer or shorter.
_WALK_M_S = 1.2
_ACCESS_S, _SLOW_M_S, _FAST_M_S, _HALF_WAY_M = 300.0, 3.3, 16.7, 9_000.0
_SAME_ZONE_M = (
    250.0  # between two buildings of one zone, where the table says nothing: half a block
)


@dataclass(frozen=True, eq=False, kw_only=True)
class Context:
    """One day of one population."""

    population: Population
    sites: Sites
    distances: NDArray[np.float32]
    choice: Choice
    chance: Chance
    day: date
    workday: bool
    slate: Slate

    @property
    def day_type(self) -> str:
        """Return weekday, saturday or sunday (a public holiday is a sunday)."""
        if self.workday:
            return "weekday"
        return "saturday" if self.day.weekday() == 5 else "sunday"

    def travel_s(self, origin: Rows, target: Rows) -> Floats:
        """Return the seconds people reckon with between zones, (m,)."""
        metres = self.distances[origin, target].astype(np.float64)
        metres = np.where(origin == target, np.clip(metres, _SAME_ZONE_M, 2_000.0), metres)
        metres = np.where(np.isfinite(metres), metres, 100_000.0)
        speed = _SLOW_M_S + (_FAST_M_S - _SLOW_M_S) * metres / (metres + _HALF_WAY_M)
        return np.asarray(np.minimum(metres / _WALK_M_S, _ACCESS_S + metres / speed))

    def visit(
        self,
        who: Ints,
        at: At,
        kind: Ints,
        origin: Ints,
        anchor_s: Floats | None = None,
        *,
        lunch: bool = False,
    ) -> None:
        """Fill a slot with things to do somewhere that is drawn by attraction and distance.

        who, kind, origin (zone), anchor_s: (m,) each. A question of chance belongs to the slot, so
        one person's draws do not depend on the others.
        """
        where, which, stay = (
            self.chance(f"{at.name} {question}")[who] for question in ("zone", "site", "stay")
        )
        for doing in np.unique(kind):
            one = np.flatnonzero(kind == doing)
            here = Kind(doing)
            zone = self.choice.zone(here, origin[one], where[one], lunch=lunch)
            building, place = self.choice.site(here, zone, which[one])
            self.slate.put(
                who[one],
                at,
                kind=here,
                zone=zone,
                building=building,
                place=place,
                stay_s=STAY[here].draw_s(stay[one]),
            )
        if anchor_s is not None:
            self.slate.put(who, at, anchor_s=anchor_s)


def draw_kind(shares: Mapping[Kind, float], chance: Floats) -> Ints:
    """Draw what to do, (m,), from shares that sum to about one."""
    kinds = np.array(list(shares), np.int64)
    running = np.cumsum(list(shares.values()))
    drawn = np.searchsorted(running / running[-1], chance, side="right")
    return np.asarray(kinds[np.minimum(drawn, len(kinds) - 1)])


FIXED_KINDS = np.array([kind in FIXED for kind in Kind], np.bool_)
