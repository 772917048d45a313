"""Queries over HTTP among 100,000 entities, and among a million: 20 results of each."""

import os
from collections.abc import Callable, Iterator

from benchmarks.city import ServedCity, request, served_city
from benchmarks.load import Outcome
from benchmarks.report import Result, load_average
from hapgang.contract import Role

CLIENTS = 16
_BATCH = 500
_LARGE = 1_000_000
_ENTITIES = "/ngsi-ld/v1/entities"
_OPERATIONS = "/ngsi-ld/v1/entityOperations"
_SIDE_DEG = 0.2  # of the square over which they lie
_WITH_LARGE = "HAPGANG_BENCH_MILLION"  # set it to measure a million, too: some 4 GB, 3 minutes


def run() -> list[Result]:
    """Measure 100,000, and a million where that is wished for."""
    found = _measured(100_000, "")
    if os.environ.get(_WITH_LARGE):
        found += _measured(_LARGE, "_1m")
    return found


def _measured(count: int, suffix: str) -> list[Result]:
    with served_city() as city:
        _fill(city, count)
        asked = {
            "indexed_0_1_pct": lambda: f"type=BenchSite&q=lot=={city.pick(1_000)}",
            "indexed_1_pct": lambda: f"type=BenchSite&q=block=={city.pick(100)}",
            "indexed_10_pct": lambda: f"type=BenchSite&q=ward=={city.pick(10)}",
            "near": lambda: f"type=BenchSite&{_near(city)}",
            "type": lambda: "type=BenchSite",
            "free": lambda: f"type=BenchSite&q=height>{city.pick(90)};height<{city.pick(9) + 91}",
        }
        results = []
        for name, query in asked.items():
            outcome = _load(city, query)
            results += _results(name + suffix, outcome, count, is_free=name == "free")
        results.append(
            Result(
                name=f"hub.memory_mb{suffix}", value=city.memory_mb(), unit="MB",
                goal=400.0 if count == 100_000 else None, note=f"with {count:,} entities",
            )
        )  # fmt: skip
    return results


def _results(name: str, outcome: Outcome, count: int, *, is_free: bool) -> list[Result]:
    return [
        Result(
            name=f"hub.query_{name}_per_s", value=round(outcome.per_s), unit="1/s",
            goal=None if is_free else 1_500.0,
            note=f"{count:,} entities, {CLIENTS} clients; {load_average()}",
        ),
        Result(
            name=f"hub.query_{name}_p95_ms", value=round(outcome.p95_ms, 2), unit="ms",
            goal=150.0 if is_free else 20.0,
        ),
    ]  # fmt: skip


def _load(city: ServedCity, query: Callable[[], str]) -> Outcome:
    token = city.token("reader")
    return city.load(
        city.circles(lambda _: request("GET", f"{_ENTITIES}?limit=20&{query()}", token), CLIENTS)
    )


def _near(city: ServedCity) -> str:
    lon, lat = (base + city.pick(1_000_000) * _SIDE_DEG / 1e6 for base in (127.2, 36.4))
    at = f"[{lon:.6f},{lat:.6f}]"
    return f"georel=near;maxDistance==300&geometry=Point&coordinates={at}"


def _fill(city: ServedCity, count: int) -> None:
    """Put the entities in."""
    token = city.token("gateway", Role.DEVICE)
    for start in range(0, count, _BATCH):
        city.post(f"{_OPERATIONS}/create", token, list(_sites(city, start)))


def _sites(city: ServedCity, start: int) -> Iterator[dict[str, object]]:
    for number in range(start, start + _BATCH):
        lon, lat = (base + city.pick(1_000_000) * _SIDE_DEG / 1e6 for base in (127.2, 36.4))
        yield {
            "id": f"urn:ngsi-ld:BenchSite:{number}", "type": "BenchSite",
            "location": {"type": "Point", "coordinates": [lon, lat]},
            "lot": number % 1_000, "block": number % 100, "ward": number % 10,
            "height": city.pick(100),
            "name": {"languageMap": {"ko": f"터 {number}", "en": f"Site {number}"}},
        }  # fmt: skip
