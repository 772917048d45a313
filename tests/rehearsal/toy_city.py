"""A small city made by hand: blocks on a grid, buildings, places, three zones beyond."""

from types import SimpleNamespace
from typing import Any

import numpy as np


def _column(values: list[Any]) -> np.ndarray:
    return np.array(values, dtype=object)


def toy_city(residents: int = 20_000, side: int = 6, spare: float = 1.03) -> Any:
    """Return a city of side x side blocks of 300 m with dwellings for its residents."""
    blocks = side * side
    x, y = np.meshgrid(np.arange(side) * 300.0, np.arange(side) * 300.0)
    xy = np.column_stack([x.ravel(), y.ravel()])
    names = [f"block_{i:03d}" for i in range(blocks)]
    beyond = ["outside_sejong", "outside_daejeon", "outside_osong"]
    zone_xy = np.vstack([xy, [[-5000.0, 0.0], [4000.0, -16000.0], [3000.0, 13000.0]]])
    homes = int(np.ceil(residents / 2.2 * spare / blocks))
    rows = []
    for name in names:
        mixed, houses = int(homes * 0.3), min(8, homes // 10)
        rows += [
            (f"{name}_a{k}", name, "apartments", 12, part)
            for k, part in _halves(homes - mixed - houses)
        ]
        rows += [(f"{name}_m{k}", name, "mixed", 5, part) for k, part in _halves(mixed)]
        rows += [(f"{name}_h{k}", name, "house", 2, 1) for k in range(houses)]
        rows.append((f"{name}_o", name, "office", 6, 0))
    count = len(rows)
    kind = _column([row[2] for row in rows])
    buildings = SimpleNamespace(
        building=_column([row[0] for row in rows]),
        zone=_column([row[1] for row in rows]),
        kind=kind,
        floors=np.array([row[3] for row in rows], np.int16),
        dwellings=np.array([row[4] for row in rows], np.int32),
        floor_area_m2=np.full(count, 3000.0, np.float32),
        jobs=np.where(kind == "office", 60, np.where(kind == "mixed", 15, 0)).astype(np.int32),
    )
    jobs_inside = np.full(blocks, 90)
    zones = SimpleNamespace(
        zone=_column(names + beyond),
        kind=_column(["block"] * blocks + ["outside"] * 3),
        population=np.array([residents // blocks] * blocks + [0] * 3, np.int32),
        dwellings=np.array([homes] * blocks + [0] * 3, np.int32),
        jobs=np.array([*jobs_inside, 3000, 2300, 1900], np.int32),
        school_places=np.array([100] * blocks + [0] * 3, np.int32),
        shops=np.array([1.0 + i % 5 for i in range(blocks)] + [20.0, 30.0, 2.0], np.float32),
        leisure=np.array([1.0 + i % 3 for i in range(blocks)] + [9.0, 9.0, 1.0], np.float32),
        health=np.array([1.0 + i % 2 for i in range(blocks)] + [6.0, 9.0, 1.0], np.float32),
        xy=zone_xy,
    )
    return SimpleNamespace(
        residents=residents, zones=zones, buildings=buildings, places=_places(names)
    )


def _halves(dwellings: int) -> list[tuple[int, int]]:
    return [(0, dwellings // 2), (1, dwellings - dwellings // 2)]


def _places(names: list[str]) -> Any:
    middle = len(names) // 2
    rows = [
        ("school_kindergarten", 200, names[1]),
        ("school_kindergarten", 300, names[-2]),
        ("school_elementary", 1200, names[middle]),
        ("school_middle", 700, names[middle + 1]),
        ("school_high", 700, names[middle - 1]),
        ("sport", 300, names[middle + 2]),
        ("culture", 500, names[middle + 3]),
        ("park", 900, names[2]),
        ("clinic", 60, names[3]),
        ("hospital", 200, names[4]),
        ("worship", 200, names[5]),
        ("community", 200, names[0]),
    ]
    return SimpleNamespace(
        place=_column([f"{row[0]}_{i}" for i, row in enumerate(rows)]),
        kind=_column([row[0] for row in rows]),
        capacity=np.array([row[1] for row in rows], np.int32),
        zone=_column([row[2] for row in rows]),
        building=_column([None] * len(rows)),
    )


def cells_only(residents: int = 5000) -> Any:
    """Return a city as open data often has it: cells with people and jobs, nothing else."""
    city = toy_city(residents)
    count = len(city.zones.zone) - 3
    zones = {name: getattr(city.zones, name)[:count] for name in vars(city.zones)}
    zones["dwellings"] = np.zeros(count, np.int32)
    empty = {name: getattr(city.buildings, name)[:0] for name in vars(city.buildings)}
    places = {name: getattr(city.places, name)[:0] for name in vars(city.places)}
    return SimpleNamespace(
        residents=residents,
        zones=SimpleNamespace(**zones),
        buildings=SimpleNamespace(**empty),
        places=SimpleNamespace(**places),
    )
