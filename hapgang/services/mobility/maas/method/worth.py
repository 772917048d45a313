"""What a way is worth: all that counts of it, in felt minutes; which ways are worth showing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from hapgang.core.vocabulary.mobility import Mode
from hapgang.core.vocabulary.people import Walking
from hapgang.services.mobility.maas.model import Best, Leg, Option, Prefer
from hapgang.twin.felt import TRANSFER_MIN, VALUE_OF_TIME_WON_H, WAIT_WEIGHT, WALK_WEIGHT

# g of CO2 equivalents for each kilometre of a person, vehicle, fuel and operation together.
# International Transport Forum 2020, "Good to Go? Assessing the Environmental Performance of New
# Mobility", read off its chart: car 162, bus 91, shared electric scooter of the second generation
# 106, own bicycle 17. No shuttle there: as a bus.
CO2_G_KM: Mapping[Mode, float] = {
    Mode.WALK: 0.0,
    Mode.BICYCLE: 17.0,
    Mode.PM: 106.0,
    Mode.CAR: 162.0,
    Mode.BUS: 91.0,
    Mode.SHUTTLE: 91.0,
}
_OPEN = (Mode.WALK, Mode.BICYCLE, Mode.PM)
# Assumption: a minute on foot is felt half again as long by who walks badly, or rolls.
_HARD_WALK = 1.5
# Assumptions: how much more what somebody prefers counts for them.
_MORE = 3.0
_GREEN_MIN_KG = 15.0  # felt minutes for each kilogram, for who prefers green ways
_DRY_MIN = 2.0  # felt minutes for each minute in the rain


@dataclass(frozen=True, kw_only=True)
class Taste:
    """What counts how much for one traveller, felt minutes for each unit."""

    walk: float = WALK_WEIGHT
    wait: float = WAIT_WEIGHT
    transfer_min: float = TRANSFER_MIN
    per_won: float = 60.0 / VALUE_OF_TIME_WON_H
    per_co2_kg: float = 0.0
    wet: float = 1.0

    @classmethod
    def of(cls, walking: Walking, prefer: Prefer) -> "Taste":
        """Return the taste of somebody who walks so, and prefers that."""
        walk = WALK_WEIGHT * (1.0 if walking == "well" else _HARD_WALK)
        return cls(
            walk=walk * (_MORE if prefer == "little_walking" else 1.0),
            transfer_min=TRANSFER_MIN * (_MORE if prefer == "few_changes" else 1.0),
            per_won=60.0 / VALUE_OF_TIME_WON_H * _factor(prefer),
            per_co2_kg=_GREEN_MIN_KG if prefer == "green" else 0.0,
            wet=_DRY_MIN * (_MORE if prefer == "dry" else 1.0),
        )


def _factor(prefer: Prefer) -> float:
    """Return how much a won counts: less for who is in a hurry."""
    return {"cheap": _MORE, "fast": 1.0 / _MORE}.get(prefer, 1.0)


def weighed(
    legs: tuple[Leg, ...], leave_at: datetime, taste: Taste, *, is_wet: bool, dry: frozenset[str]
) -> Option:
    """Return an option with everything that counts; `dry` are the items that keep rain off."""
    arrive_at = legs[-1].end_at
    minutes: dict[Mode, float] = {}
    co2_g = wet_min = 0.0
    for leg in legs:
        took_min = (leg.end_at - leg.start_at).total_seconds() / 60.0
        minutes[leg.mode] = minutes.get(leg.mode, 0.0) + took_min
        co2_g += CO2_G_KM[leg.mode] * leg.distance_m / 1000.0
        wet_min += took_min if is_wet and leg.mode in _OPEN and leg.item not in dry else 0.0
    total_min = (arrive_at - leave_at).total_seconds() / 60.0
    walk_min = minutes.get(Mode.WALK, 0.0)
    wait_min = max(0.0, total_min - sum(minutes.values()))
    fare_won = sum(leg.fare_won for leg in legs)
    transfers = max(0, sum(leg.mode is not Mode.WALK for leg in legs) - 1)
    felt_min = (
        total_min + (taste.walk - 1.0) * walk_min + (taste.wait - 1.0) * wait_min
        + taste.transfer_min * transfers + taste.per_won * fare_won
        + taste.per_co2_kg * co2_g / 1000.0 + taste.wet * wet_min
    )  # fmt: skip
    return Option(
        legs=legs, leave_at=leave_at, arrive_at=arrive_at, fare_won=fare_won, transfers=transfers,
        walk_min=walk_min, wait_min=wait_min, co2_g=co2_g, wet_min=wet_min, felt_min=felt_min,
    )  # fmt: skip


def _counts(option: Option) -> tuple[float, ...]:
    """All that somebody might prefer, smaller is better; in whole minutes and grams, as seen."""
    return (
        option.arrive_at.timestamp() // 60, option.fare_won, option.transfers,
        round(option.walk_min), round(option.co2_g, -1), round(option.wet_min),
    )  # fmt: skip


_BEST: tuple[Best, ...] = (
    "fastest", "cheapest", "fewest_changes", "least_walking", "greenest", "driest",
)  # fmt: skip


def worth_showing(options: Iterable[Option], most: int) -> list[Option]:
    """Return the ways of which none is beaten in everything, by what is felt, named by merits."""
    ranked = sorted(options, key=lambda option: (option.felt_min, option.arrive_at))
    kept: list[tuple[tuple[float, ...], Option]] = []
    for option in ranked:
        counts = _counts(option)
        if not any(all(a <= b for a, b in zip(k, counts, strict=True)) for k, _ in kept):
            kept.append((counts, option))
    shown = _varied([option for _, option in kept], most)
    least = [min(_counts(o)[i] for o in shown) for i in range(len(_BEST))] if shown else []
    named = []
    for option in shown:
        counts = _counts(option)
        best = [
            name
            for i, name in enumerate(_BEST)
            if counts[i] == least[i] and any(_counts(o)[i] > least[i] for o in shown)
        ]
        named.append(replace(option, best=tuple(best)))
    return named


def _varied(ranked: list[Option], most: int) -> list[Option]:
    """Return the first ones, and of each further way of travelling the best one before repeats."""
    seen: set[tuple[Mode, ...]] = set()
    fresh: list[Option] = []
    repeats: list[Option] = []
    for option in ranked:
        ways = tuple(leg.mode for leg in option.legs if leg.mode is not Mode.WALK)
        (repeats if ways in seen else fresh).append(option)
        seen.add(ways)
    chosen = (fresh + repeats)[:most]
    return [option for option in ranked if option in chosen]
