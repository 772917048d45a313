"""A city with workers beside one without: reads, writes, and reads while others write."""

import time
from http.client import HTTPConnection

from benchmarks.city import CLIENTS, ServedCity, request, served_city
from benchmarks.hub import lamp_id, put_lamps
from benchmarks.load import Outcome
from benchmarks.report import Result, repeated, throughput
from hapgang.contract import Role

RUNS = 3
LAMPS = 5_000
_ENTITIES = "/ngsi-ld/v1/entities"
_LIMIT_S = 60.0


def run() -> list[Result]:
    """Measure without workers, with one and with two."""
    return [result for n_workers in (0, 1, 2) for result in _with(n_workers)]


def _with(n_workers: int) -> list[Result]:
    with served_city(n_workers) as city:
        _wait_for(city, n_workers)
        put_lamps(city)
        measured = {
            "gets": repeated(lambda: city.load(_gets(city, CLIENTS)), RUNS),
            "queries": repeated(lambda: city.load(_queries(city)), RUNS),
            "updates": repeated(lambda: city.load(_updates(city, CLIENTS)), RUNS),
            "mixed": repeated(lambda: _mixed(city), RUNS),
        }
    note = f"{n_workers} workers" if n_workers else "no workers"
    return [
        throughput(f"workers.{n_workers}.{name}_per_s", [run.per_s for run in runs], note=note)
        for name, runs in measured.items()
    ]


def _wait_for(city: ServedCity, n_workers: int) -> None:
    deadline_s = time.monotonic() + _LIMIT_S
    while n_workers:
        line = HTTPConnection("127.0.0.1", city.port, timeout=_LIMIT_S)
        line.request("GET", "/metrics")
        if f"hapgang_workers {n_workers}" in line.getresponse().read().decode():
            return
        line.close()
        if time.monotonic() > deadline_s:
            raise RuntimeError(f"{n_workers} workers did not begin within {_LIMIT_S:g} s")
        time.sleep(0.1)


def _gets(city: ServedCity, clients: int) -> list[list[str]]:
    token = city.token("reader")

    def get(_: int) -> str:
        return request("GET", f"{_ENTITIES}/{lamp_id(city.pick(LAMPS))}", token)

    return city.circles(get, clients)


def _queries(city: ServedCity) -> list[list[str]]:
    token = city.token("reader")
    path = f"{_ENTITIES}?type=BenchLamp&limit=20&offset="
    return city.circles(lambda _: request("GET", f"{path}{city.pick(1_000)}", token))


def _updates(city: ServedCity, clients: int) -> list[list[str]]:
    token = city.token("gateway", Role.DEVICE)

    def update(_: int) -> str:
        path = f"{_ENTITIES}/{lamp_id(city.pick(LAMPS))}/attrs"
        return request(
            "PATCH", path, token, {"power": {"type": "Property", "value": city.pick(1_000)}}
        )

    return city.circles(update, clients)


def _mixed(city: ServedCity) -> Outcome:
    """Eight clients write while the others read."""
    return city.load([*_gets(city, CLIENTS - 8), *_updates(city, 8)])
