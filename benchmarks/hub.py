"""The hub over HTTP, as NGSI-LD clients use it: writes, reads, batches of one entity or of many."""

from benchmarks import pgbench
from benchmarks.city import CLIENTS, ServedCity, request, served_city
from benchmarks.load import Outcome
from benchmarks.report import Result, load_average, repeated, throughput
from benchmarks.town import COUNTERS, counter_id
from hapgang.contract import Role

RUNS = 5
BATCH = 200
_BATCH_CLIENTS = 16
_LAMPS = 5_000
_ENTITIES = "/ngsi-ld/v1/entities"
_OPERATIONS = "/ngsi-ld/v1/entityOperations"


def run() -> list[Result]:
    """Measure all of it."""
    peer = (pgbench.NAME, pgbench.updates_per_s())
    with served_city() as city:
        put_lamps(city)
        updates = repeated(lambda: _updates(city), RUNS)
        creates = repeated(lambda: _creates(city), RUNS)
        gets = repeated(lambda: _gets(city), RUNS)
        upserts = repeated(lambda: _upserts(city), RUNS)
        others = [*_measured_actions(city), _measured_queries(city)]
    return [
        throughput(
            "hub.updates_per_s", [run.per_s for run in updates], goal=8_000.0, peer=peer,
            note=f"an attribute of one of {_LAMPS:,} free entities, PATCH, {CLIENTS} clients",
        ),
        *latencies("hub.updates", updates),
        throughput(
            "hub.creates_per_s", [run.per_s for run in creates], goal=6_000.0,
            note=f"free entities with three attributes, {CLIENTS} clients",
        ),
        *latencies("hub.creates", creates),
        throughput(
            "hub.gets_per_s", [run.per_s for run in gets], goal=12_000.0,
            note=f"entities by id, {CLIENTS} clients",
        ),
        *latencies("hub.gets", gets, goal_p99_ms=30.0),
        throughput(
            "hub.upserts_per_s", [run.per_s * BATCH for run in upserts], goal=40_000.0,
            note=f"free entities in batches of {BATCH}, {_BATCH_CLIENTS} clients",
        ),
        *others,
    ]  # fmt: skip


def _measured_actions(city: ServedCity) -> list[Result]:
    actions = repeated(lambda: _actions(city), RUNS)
    return [
        throughput(
            "hub.actions_per_s", [run.per_s for run in actions],
            note=f"actions of a service on one of {COUNTERS:,} entities, {CLIENTS} clients",
        )
    ]  # fmt: skip


def _measured_queries(city: ServedCity) -> Result:
    queries = repeated(lambda: _queries(city), RUNS)
    return Result(
        name="hub.query_p95_ms", value=round(sorted(q.p95_ms for q in queries)[RUNS // 2], 2),
        unit="ms", goal=20.0,
        note=f"near with a filter among {COUNTERS:,}, 8 clients; {load_average()}",
    )  # fmt: skip


def latencies(name: str, runs: list[Outcome], *, goal_p99_ms: float | None = None) -> list[Result]:
    """Return the latencies of the median run."""
    middle = sorted(runs, key=lambda run: run.per_s)[len(runs) // 2]
    return [
        Result(name=f"{name}_p50_ms", value=round(middle.p50_ms, 2), unit="ms"),
        Result(name=f"{name}_p99_ms", value=round(middle.p99_ms, 2), unit="ms", goal=goal_p99_ms),
    ]


def lamp_id(number: int | str) -> str:
    """Return the id of a lamp."""
    return f"urn:ngsi-ld:BenchLamp:{number}"


def put_lamps(city: ServedCity) -> None:
    """Put the entities into the city that are to be updated."""
    token = city.token("gateway", Role.DEVICE)
    for start in range(0, _LAMPS, 500):
        lamps = [
            {"id": lamp_id(number), "type": "BenchLamp",
             "power": {"type": "Property", "value": 0, "unitCode": "KWT"}}
            for number in range(start, start + 500)
        ]  # fmt: skip
        city.post(f"{_OPERATIONS}/create", token, lamps)


def _updates(city: ServedCity) -> Outcome:
    token = city.token("gateway", Role.DEVICE)

    def update(_: int) -> str:
        path = f"{_ENTITIES}/{lamp_id(city.pick(_LAMPS))}/attrs"
        value = {"type": "Property", "value": city.pick(1_000), "unitCode": "KWT"}
        return request("PATCH", path, token, {"power": value})

    return city.load(city.circles(update))


def _creates(city: ServedCity) -> Outcome:
    token = city.token("gateway", Role.DEVICE)

    def create(_: int) -> str:
        lamp = {
            "id": lamp_id(f"#-{city.pick(10**9)}"), "type": "BenchLight",
            "power": {"type": "Property", "value": 5, "unitCode": "KWT"},
            "state": {"type": "Property", "value": "on"},
            "inArea": {"type": "Relationship", "object": "urn:ngsi-ld:Area:1"},
        }  # fmt: skip
        return request("POST", _ENTITIES, token, lamp)

    return city.load(city.circles(create))


def _gets(city: ServedCity) -> Outcome:
    token = city.token("reader")
    return city.load(
        city.circles(lambda _: request("GET", f"{_ENTITIES}/{lamp_id(city.pick(_LAMPS))}", token))
    )


def _upserts(city: ServedCity) -> Outcome:
    token = city.token("gateway", Role.DEVICE)

    def batch(_: int) -> str:
        lamps = [
            {"id": lamp_id(city.pick(_LAMPS)), "type": "BenchLamp",
             "power": {"type": "Property", "value": city.pick(100), "unitCode": "KWT"}}
            for _ in range(BATCH)
        ]  # fmt: skip
        return request("POST", f"{_OPERATIONS}/upsert", token, lamps)

    return city.load(city.circles(batch, _BATCH_CLIENTS))


def _actions(city: ServedCity) -> Outcome:
    tokens = [city.token(f"p{client}") for client in range(CLIENTS)]
    return city.load(
        city.circles(
            lambda client: request(
                "POST", "/api/bench/town/bump", tokens[client],
                {"counter": counter_id(city.pick(COUNTERS))},
            )
        )
    )  # fmt: skip


def _queries(city: ServedCity) -> Outcome:
    token = city.token("reader")

    def query(_: int) -> str:
        at = f"[{127.3 + city.pick(20_000) / 1e6:.6f},{36.51 + city.pick(20_000) / 1e6:.6f}]"
        near = f"georel=near;maxDistance==300&geometry=Point&coordinates={at}"
        return request("GET", f"{_ENTITIES}?type=BenchCounter&q=value>=0&{near}", token)

    return city.load(city.circles(query, 8))
