"""The ledger over HTTP: transfers between many accounts, to a busy one, in batches, and a rush."""

from itertools import count

from benchmarks import ledger_rush, pgbench
from benchmarks.city import CLIENTS, ServedCity, person, request, served_city
from benchmarks.hub import RUNS, latencies
from benchmarks.load import Outcome
from benchmarks.report import Result, repeated, throughput

GOAL_PER_S = 7_000.0
GOAL_BATCHED_PER_S = 40_000.0
AT_ONCE = 1_000  # as many as one batch may have
_numbers = count()


def run() -> list[Result]:
    """Measure all of it."""
    many_peer = (pgbench.NAME, pgbench.transfers_per_s())
    one_peer = (pgbench.NAME, pgbench.transfers_one_account_per_s())
    with served_city() as city:
        _top_up(city)
        many = repeated(lambda: _transfers(city, one_payee=False), RUNS)
        one = repeated(lambda: _transfers(city, one_payee=True), RUNS)
        batched = repeated(lambda: _batches(city), RUNS)
    return [
        throughput(
            "ledger.transfers_per_s", [run.per_s for run in many], goal=GOAL_PER_S,
            peer=many_peer, note="64 clients, each pays the others",
        ),
        *latencies("ledger.transfers", many),
        throughput(
            "ledger.transfers_one_account_per_s", [run.per_s for run in one], goal=GOAL_PER_S,
            peer=one_peer, note="64 clients pay one shop",
        ),
        *latencies("ledger.transfers_one_account", one),
        throughput(
            "ledger.batched_transfers_per_s", [run.per_s * AT_ONCE for run in batched],
            goal=GOAL_BATCHED_PER_S,
            note=f"64 clients, {AT_ONCE:,} linked payments to others in each request",
        ),
        *latencies("ledger.batches", batched),
        *ledger_rush.run(),
    ]  # fmt: skip


def _top_up(city: ServedCity) -> None:
    body = {"amount_won": 500_000}
    people = [*(f"p{client}" for client in range(CLIENTS)), "shop"]
    requests = [
        [request("POST", "/api/me/top-up", city.token(name), body, key="top-up")] for name in people
    ]
    city.load(requests, warm_up_s=0.5, measured_s=1.0)


def _transfers(city: ServedCity, *, one_payee: bool) -> Outcome:
    tokens = [city.token(f"p{client}") for client in range(CLIENTS)]
    run = next(_numbers)

    def transfer(client: int) -> str:
        other = (client + 1 + city.pick(CLIENTS - 1)) % CLIENTS
        payee = person("shop" if one_payee else f"p{other}")
        body = {"transfer": f"{run}-#", "payee": payee, "amount_won": 1}
        return request("POST", "/api/me/transfers", tokens[client], body)

    return city.load(city.circles(transfer))


def _batches(city: ServedCity) -> Outcome:
    tokens = [city.token(f"p{client}") for client in range(CLIENTS)]
    run = next(_numbers)

    def batch(client: int) -> str:
        payments = []
        for number in range(AT_ONCE):
            other = (client + 1 + city.pick(CLIENTS - 1)) % CLIENTS
            payee = person(f"p{other}")
            payments.append({"transfer": f"{run}-#-{number}", "payee": payee, "amount_won": 1})
        body = {"payments": payments, "linked": True}
        return request("POST", "/api/me/transfers/batch", tokens[client], body)

    return city.load([[batch(client)] * 2 for client in range(CLIENTS)], measured_s=8.0)
