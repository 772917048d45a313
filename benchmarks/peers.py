"""Our hub beside another context broker: the same requests to both, in turn, on one machine.

The peer runs already and is empty; where it listens is told by HAPGANG_PEER_SCORPIO
(http://127.0.0.1:9090). Both hold the same entities, of a type that neither was told of, and give
the same answers to the queries before any time is taken.
"""

import os
import statistics
import sys
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import msgspec

from benchmarks.city import ServedCity, loaded, request, served_city
from benchmarks.load import Outcome
from benchmarks.peer_works import TYPES, WORKS, Call, Work, plots, same_for_both
from benchmarks.report import Report, Result, load_average, put_between_marks
from hapgang.contract import Role

ADDRESS = "HAPGANG_PEER_SCORPIO"
_ENTITIES = "/ngsi-ld/v1/entities"
_CREATE = "/ngsi-ld/v1/entityOperations/create"
_FILL = 200  # entities that are put in at once
_CIRCLE = 64  # requests that a client goes round
_PATIENCE_S = 120.0


class Size(msgspec.Struct, frozen=True):
    """How much is measured."""

    entities: int = 10_000
    runs: int = 5
    """Measured ones; one of every work goes before them, as Java compiles what it runs often."""
    warm_up_s: float = 0.5
    measured_s: float = 2.0


class Side(msgspec.Struct, frozen=True):
    """One of the two: where it listens, and the tokens of its writes and reads, if it wants any."""

    name: str
    port: int
    writes: str = ""
    reads: str = ""


class Pair(msgspec.Struct, frozen=True):
    """What one round measured of both."""

    ours: Outcome
    peer: Outcome


def run() -> list[Result]:
    """Measure beside Scorpio, where one is told of."""
    peer = peer_at(os.environ.get(ADDRESS, ""))
    with served_city() as city:
        return compared(_side_of(city), peer, Size())


def peer_at(address: str) -> Side:
    """Return the peer that listens there; end with a sentence where there is none."""
    if not address:
        sys.exit(
            f"Nothing was measured: start a Scorpio with an empty database and tell where it"
            f" listens, {ADDRESS}=http://127.0.0.1:9090 (docs/peers.md says how)."
        )
    place = urlsplit(address)
    if place.hostname not in ("127.0.0.1", "localhost") or not place.port:
        sys.exit(f"{ADDRESS}: a peer is on this machine, such as http://127.0.0.1:9090")
    peer = Side("Scorpio", place.port)
    try:
        told = _asked(peer, "GET", "/q/info")
    except OSError as error:
        sys.exit(f"{ADDRESS}: nobody answers at {address}: {error}")
    return msgspec.structs.replace(peer, name=f"Scorpio {_version(told[1])}".strip())


def compared(ours: Side, peer: Side, size: Size) -> list[Result]:
    """Fill both, see that they answer the same, and measure every work on both in turn."""
    for side in (ours, peer):
        fill(side, size.entities)
    for query in same_for_both(Random(2)):
        check_same(ours, peer, query)
    for work in (work for work in WORKS if not work.grows):
        _round(work, ours, peer, size, Random(3), 0)
    return [result for work in WORKS for result in _measured(work, ours, peer, size)]


def fill(side: Side, entities: int) -> None:
    """Put the entities into one that has none of them."""
    for name in TYPES:
        if there := count(side, f"type={name}"):
            sys.exit(f"{side.name} holds {there} {name} already: give it an empty database")
    every = plots(Random(1), entities)
    for start in range(0, entities, _FILL):
        status, told = _asked(side, "POST", _CREATE, every[start : start + _FILL])
        if status != 201:
            raise RuntimeError(f"{side.name}: {status} {told[:300]!r}")
    if (there := count(side, f"type={TYPES[0]}")) != entities:
        raise RuntimeError(f"{side.name} took {there} of {entities} entities")


def count(side: Side, query: str) -> int:
    """Return how many entities one says that a query finds."""
    line = HTTPConnection("127.0.0.1", side.port, timeout=_PATIENCE_S)
    try:
        answer = _send(line, side, "GET", f"{_ENTITIES}?{query}&limit=1&count=true")
        answer.read()
        return int(answer.headers["NGSILD-Results-Count"])
    finally:
        line.close()


def check_same(ours: Side, peer: Side, query: str) -> None:
    """Refuse to compare times where the answers are not the same entities."""
    found = []
    for side in (ours, peer):
        status, told = _asked(side, "GET", f"{_ENTITIES}?{query}&limit=1000")
        if status != 200:
            raise RuntimeError(f"{side.name}: {status} {told[:300]!r}")
        found.append({entity["id"] for entity in msgspec.json.decode(told)})
    if found[0] != found[1] or not found[0]:
        only = [sorted(found[0] - found[1])[:3], sorted(found[1] - found[0])[:3]]
        raise RuntimeError(f"{query}: only {ours.name} and only {peer.name} found {only}")


def _measured(work: Work, ours: Side, peer: Side, size: Size) -> list[Result]:
    chance, unmeasured = Random(work.name), int(work.grows)
    turns = range(1 - unmeasured, size.runs + 1)
    pairs = [_round(work, ours, peer, size, chance, turn) for turn in turns]
    return results_of(work, pairs[unmeasured:], peer.name)


def _round(work: Work, ours: Side, peer: Side, size: Size, chance: Random, turn: int) -> Pair:
    """Send the same to both; who is first changes from round to round."""
    calls = [
        [work.call(chance, client, size.entities) for _ in range(_CIRCLE)]
        for client in range(work.clients)
    ]
    outcomes = {}
    for side in (ours, peer) if turn % 2 else (peer, ours):
        token = side.writes if work.is_write else side.reads
        lines = [[_line(call, token) for call in circle] for circle in calls]
        outcomes[side.name] = loaded(
            side.port,
            lines,
            warm_up_s=size.warm_up_s * work.longer,
            measured_s=size.measured_s * work.longer,
        )
    return Pair(outcomes[ours.name], outcomes[peer.name])


def _line(call: Call, token: str) -> str:
    method, path, body = call
    return request(method, path, token, body, accept="application/json")  # Scorpio wants one


def results_of(work: Work, pairs: list[Pair], peer: str) -> list[Result]:
    """Return the medians of both, and of what is ours to theirs in each round."""
    ours, theirs = ([getattr(pair, who) for pair in pairs] for who in ("ours", "peer"))
    rates = [
        statistics.median(run.per_s * work.entities for run in runs) for runs in (ours, theirs)
    ]
    p95_ms = [statistics.median(run.p95_ms for run in runs) for runs in (ours, theirs)]
    ratios = [pair.ours.per_s / pair.peer.per_s for pair in pairs]
    return [
        Result(
            name=f"peers.{work.name}_per_s", value=round(rates[0], 1), unit="1/s", peer=peer,
            peer_value=round(rates[1], 1), note=f"{work.title}, {work.clients} clients",
        ),
        Result(
            name=f"peers.{work.name}_p95_ms", value=round(p95_ms[0], 2), unit="ms", peer=peer,
            peer_value=round(p95_ms[1], 2),
        ),
        Result(
            name=f"peers.{work.name}_ratio", value=round(statistics.median(ratios), 2), unit="",
            goal=1.0, note=f"{min(ratios):.1f} to {max(ratios):.1f} in {len(pairs)} rounds;"
            f" {load_average()}",
        ),
    ]  # fmt: skip


def write(report: Report, page: Path) -> None:
    """Put the table between the marks of the page."""
    found = {result.name.removeprefix("peers."): result for result in report.results}
    peer = report.results[0].peer
    lines = [
        f"{datetime.now(UTC):%Y-%m-%d}, {peer}, on {report.machine}. Stolen by other virtual"
        f" machines meanwhile: {report.stolen_pct:.0f} %.",
        "",
        f"| what | ours, 1/s | {peer}, 1/s | ours to theirs | p95 ours, ms | p95 theirs, ms |"
        " notes |",
        "| --- | ---: | ---: | ---: | ---: | ---: | --- |",
    ]
    for work in (work for work in WORKS if f"{work.name}_per_s" in found):
        rate, p95, ratio = (found[f"{work.name}_{key}"] for key in ("per_s", "p95_ms", "ratio"))
        lines.append(
            f"| {rate.note} | {_figure(rate.value)} | {_figure(rate.peer_value)}"
            f" | **{_figure(ratio.value)}** | {_figure(p95.value)} | {_figure(p95.peer_value)}"
            f" | {ratio.note} |"
        )
    put_between_marks(page, "peers", "Beside another broker", lines)


def _figure(value: float | None) -> str:
    return f"{value:,.0f}" if value is not None and value >= 100 else f"{value:.1f}"


def _side_of(city: ServedCity) -> Side:
    return Side("ours", city.port, city.token("gateway", Role.DEVICE), city.token("reader"))


def _asked(side: Side, method: str, path: str, body: object = None) -> tuple[int, bytes]:
    line = HTTPConnection("127.0.0.1", side.port, timeout=_PATIENCE_S)
    try:
        answer = _send(line, side, method, path, body)
        return answer.status, answer.read()
    finally:
        line.close()


def _send(
    line: HTTPConnection, side: Side, method: str, path: str, body: object = None
) -> HTTPResponse:
    token = side.reads if body is None else side.writes
    headers = {"Accept": "application/json"}
    headers |= {"Authorization": f"Bearer {token}"} if token else {}
    headers |= {} if body is None else {"Content-Type": "application/json"}
    line.request(method, path, None if body is None else msgspec.json.encode(body), headers)
    return line.getresponse()


def _version(told: bytes) -> str:
    """Return which edition a Quarkus program says that it is."""
    try:
        return str(msgspec.json.decode(told)["build"]["version"])
    except (msgspec.DecodeError, KeyError, TypeError):
        return ""
