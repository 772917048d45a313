"""The past over HTTP: what a million measurements come to, and what an entity's changes do."""

import statistics
import time
from http.client import HTTPConnection
from typing import Any

import msgspec

from benchmarks.city import ServedCity, request, served_city
from benchmarks.report import Result, load_average
from hapgang.contract import Role

METERS = 100
MINUTES = 10_080  # a week
_AT_ONCE = 240
_TIMES = 9
_SINCE = "2026-03-02T00:00:00+00:00"
_TEMPORAL = "/ngsi-ld/v1/temporal/entities"
_SPAN = "timerel=between&timeAt=2026-03-02T00:00:00Z&endTimeAt=2026-03-09T00:00:00Z"
_SUMS = "format=aggregatedValues&aggrMethods=avg,max&aggrPeriodDuration=P1D"
_LAMP = "urn:ngsi-ld:Lamp:1"
_CLIENTS = 16


def run() -> list[Result]:
    """Measure sums from the feed, then from the lake, and of changes one by one."""
    with served_city() as city:
        operator = city.token("op", Role.OPERATOR)
        _read_meters(city, operator)
        points = METERS * MINUTES
        query = f"{_TEMPORAL}?type=BenchMeter&limit={METERS}&{_SPAN}&{_SUMS}"
        feed_ms = _took_ms(city, query, operator)
        one_ms = _took_ms(city, f"{_TEMPORAL}/urn:ngsi-ld:BenchMeter:7?{_SPAN}&{_SUMS}", operator)
        _get(city, "/api/kpis", operator)  # brings the lake up to date
        lake_ms = _took_ms(city, query, operator)
        changes = _change(city, operator)
        words = f"timerel=after&timeAt={_SINCE[:10]}T00:00:00Z&timeproperty=modifiedAt"
        changes_ms = _took_ms(city, f"{_TEMPORAL}/{_LAMP}?{words}&{_SUMS}", operator)
        newest_ms = _took_ms(city, f"{_TEMPORAL}/{_LAMP}?{words}&lastN=10", operator)
    about = f"{points:,} values of {METERS} meters, avg and max of each day"
    return [
        Result(
            name="hub.temporal_aggregation_ms", value=lake_ms, unit="ms", goal=300.0,
            note=f"{about}, from the lake; {load_average()}",
        ),
        Result(
            name="hub.temporal_aggregation_feed_ms", value=feed_ms, unit="ms",
            note=f"{about}, from the feed alone",
        ),
        Result(
            name="hub.temporal_aggregation_one_ms", value=one_ms, unit="ms",
            note=f"{MINUTES:,} values of one meter of {METERS}, from the feed alone",
        ),
        Result(
            name="hub.temporal_changes_ms", value=changes_ms, unit="ms",
            note=f"avg and max of each day, of {changes:,} changes of one entity, one line each",
        ),
        Result(
            name="hub.temporal_last_ms", value=newest_ms, unit="ms",
            note=f"the last 10 of {changes:,} changes of one entity",
        ),
    ]  # fmt: skip


def _read_meters(city: ServedCity, token: str) -> None:
    for first in range(0, MINUTES, _AT_ONCE):
        day, minute = divmod(first, 1_440)
        since = f"2026-03-{2 + day:02}T{minute // 60:02}:{minute % 60:02}:00+00:00"
        body = {"meters": METERS, "minutes": min(_AT_ONCE, MINUTES - first), "since": since}
        city.post("/api/bench/town/read_meters", token, body)


def _change(city: ServedCity, token: str) -> int:
    """Change an entity for some seconds; return how often."""
    lamp = {"id": _LAMP, "type": "Lamp", "power": {"type": "Property", "value": 1}}
    city.post("/ngsi-ld/v1/entities", token, lamp)
    path = f"/ngsi-ld/v1/entities/{_LAMP}/attrs"
    body = {"power": {"type": "Property", "value": 0}}
    city.load(city.circles(lambda _: request("PATCH", path, token, body), _CLIENTS))
    words = "timerel=after&timeAt=2026-01-01T00:00:00Z&timeproperty=modifiedAt"
    sums = "format=aggregatedValues&aggrMethods=totalCount"
    found = _get(city, f"{_TEMPORAL}/{_LAMP}?{words}&{sums}", token)
    return int(found["power"]["totalCount"][0][0])


def _took_ms(city: ServedCity, path: str, token: str) -> float:
    """Return how long an answer takes: the median of some."""
    took = []
    for _ in range(_TIMES):
        started_s = time.perf_counter()
        _get(city, path, token)
        took.append(1000 * (time.perf_counter() - started_s))
    return round(statistics.median(took), 1)


def _get(city: ServedCity, path: str, token: str) -> Any:
    line = HTTPConnection("127.0.0.1", city.port, timeout=60)
    try:
        line.request("GET", path, headers={"Authorization": f"Bearer {token}"})
        answer = line.getresponse()
        told = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{path}: {answer.status} {told[:300]!r}")
        return msgspec.json.decode(told)
    finally:
        line.close()
