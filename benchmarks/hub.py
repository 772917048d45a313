"""The hub over HTTP: one-entity actions, reads, upserts of batches, queries."""

from benchmarks import pgbench
from benchmarks.city import ServedCity, request, served_city
from benchmarks.load import Outcome
from benchmarks.report import Result, load_average, repeated, throughput
from benchmarks.town import COUNTERS, counter_id
from hapgang.contract import Role

RUNS = 5
BATCH = 100
GOAL_PER_S = 7_000.0
_ENTITIES = "/ngsi-ld/v1/entities"


def run() -> list[Result]:
    """Measure all of it."""
    peer = (pgbench.NAME, pgbench.updates_per_s())
    with served_city() as city:
        updates = repeated(lambda: _updates(city), RUNS)
        gets = repeated(lambda: _gets(city), RUNS)
        upserts = repeated(lambda: _upserts(city), RUNS)
        queries = repeated(lambda: _queries(city), RUNS)
    return [
        throughput(
            "hub.updates_per_s", [run.per_s for run in updates], goal=GOAL_PER_S, peer=peer,
            note="actions on one of 5,000 entities, 64 clients",
        ),
        *latencies("hub.updates", updates),
        throughput(
            "hub.gets_per_s", [run.per_s for run in gets],
            note="NGSI-LD entities by id, 64 clients",
        ),
        throughput(
            "hub.upserts_per_s", [run.per_s * BATCH for run in upserts],
            note=f"free entities in batches of {BATCH}, 16 clients",
        ),
        Result(
            name="hub.query_p95_ms", value=round(sorted(q.p95_ms for q in queries)[RUNS // 2], 2),
            unit="ms", note=f"NGSI-LD near with a filter, 8 clients; {load_average()}",
        ),
    ]  # fmt: skip


def latencies(name: str, runs: list[Outcome]) -> list[Result]:
    """Return the latencies of the median run."""
    middle = sorted(runs, key=lambda run: run.per_s)[len(runs) // 2]
    return [
        Result(name=f"{name}_p50_ms", value=round(middle.p50_ms, 2), unit="ms"),
        Result(name=f"{name}_p99_ms", value=round(middle.p99_ms, 2), unit="ms"),
    ]


def _updates(city: ServedCity) -> Outcome:
    tokens = [city.token(f"p{client}") for client in range(64)]
    return city.load(
        city.circles(
            lambda client: request(
                "POST", "/api/bench/town/bump", tokens[client],
                {"counter": counter_id(city.pick(COUNTERS))},
            )
        )
    )  # fmt: skip


def _gets(city: ServedCity) -> Outcome:
    token = city.token("reader")
    return city.load(
        city.circles(
            lambda _: request("GET", f"{_ENTITIES}/{counter_id(city.pick(COUNTERS))}", token)
        )
    )


def _upserts(city: ServedCity) -> Outcome:
    token = city.token("gateway", Role.DEVICE)

    def batch(_: int) -> str:
        records = [
            {"id": f"urn:ngsi-ld:BenchLamp:{city.pick(20_000)}", "type": "BenchLamp",
             "power": {"type": "Property", "value": city.pick(100), "unitCode": "KWT"}}
            for _ in range(BATCH)
        ]  # fmt: skip
        return request("POST", "/api/collect", token, {"origin": "bench", "records": records})

    return city.load(city.circles(batch, 16))


def _queries(city: ServedCity) -> Outcome:
    token = city.token("reader")

    def query(_: int) -> str:
        at = f"[{127.3 + city.pick(20_000) / 1e6:.6f},{36.51 + city.pick(20_000) / 1e6:.6f}]"
        near = f"georel=near;maxDistance==300&geometry=Point&coordinates={at}"
        return request("GET", f"{_ENTITIES}?type=BenchCounter&q=value>=0&{near}", token)

    return city.load(city.circles(query, 8))
