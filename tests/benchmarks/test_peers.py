"""Two brokers are compared only where they hold, and find, the same."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest

from benchmarks import peers
from benchmarks.load import Outcome
from benchmarks.peer_works import TYPES, WORKS, Work, same_for_both
from benchmarks.report import Report
from hapgang.core.ids import check_uri

PLOTS = f"type={TYPES[0]}"


@contextmanager
def broker(*, forgets: int = 0) -> Iterator[peers.Side]:
    """Serve as much of a broker as a comparison asks for; it loses some of what it is given."""
    held: list[dict[str, object]] = []

    class Answers(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked = {name: v[0] for name, v in parse_qs(urlsplit(self.path).query).items()}
            found = [entity for entity in held if entity["type"] == asked.get("type")]
            self._send(200, json.dumps(found[: int(asked["limit"])]).encode(), len(found))

        def do_POST(self) -> None:
            given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            held.extend(given[: len(given) - forgets])
            self._send(201, b"[]", 0)

        def _send(self, status: int, body: bytes, count: int) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("NGSILD-Results-Count", str(count))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield peers.Side("a broker", server.server_port)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_without_a_peer_it_says_what_to_set() -> None:
    with pytest.raises(SystemExit, match=f"{peers.ADDRESS}=http://127.0.0.1:9090"):
        peers.peer_at("")
    with pytest.raises(SystemExit, match="on this machine"):
        peers.peer_at("http://broker.example:9090")


def test_both_are_filled_with_the_same_and_only_where_they_are_empty() -> None:
    with broker() as one, broker() as other:
        for side in (one, other):
            peers.fill(side, 450)
            assert peers.count(side, PLOTS) == 450
        peers.check_same(one, other, PLOTS)
        with pytest.raises(SystemExit, match="holds 450 PeerPlot already"):
            peers.fill(one, 450)


def test_other_answers_are_not_compared() -> None:
    with broker() as one, broker(forgets=1) as other:
        peers.fill(one, 3)
        with pytest.raises(RuntimeError, match="took 2 of 3"):
            peers.fill(other, 3)
        with pytest.raises(RuntimeError, match=r"\['urn:ngsi-ld:PeerPlot:2'\], \[\]"):
            peers.check_same(one, other, PLOTS)


@pytest.mark.parametrize("work", WORKS, ids=lambda work: work.name)
def test_requests_are_the_same_for_both_and_of_what_is_there(work: Work) -> None:
    made = [work.call(Random(3), client, 10_000) for client in range(work.clients)]
    assert made == [work.call(Random(3), client, 10_000) for client in range(work.clients)]
    for method, path, body in made:
        assert (method == "GET") is (body is None) is not work.is_write
        assert path.isascii()
        assert not set(" ;<>[]") & set(path)
        assert not isinstance(body, list) or len({e["id"] for e in body}) == work.entities
    if work.name == "upserts":
        ids = [{entity["id"] for entity in body} for _, _, body in made]
        assert sum(map(len, ids)) == len(set().union(*ids)), "gateways have devices of their own"
        assert all(check_uri(one) == one for batch in ids for one in batch)


def test_queries_that_are_checked_are_of_both_kinds() -> None:
    queries = same_for_both(Random(2))
    assert any("q=" in query for query in queries)
    assert any("georel=near" in query for query in queries)


def test_ratios_are_of_one_round_and_the_page_shows_their_median(tmp_path: Path) -> None:
    work = next(work for work in WORKS if work.name == "upserts")
    rates = [(30.0, 10.0), (20.0, 10.0), (50.0, 5.0)]
    pairs = [peers.Pair(outcome(ours), outcome(theirs)) for ours, theirs in rates]
    results = peers.results_of(work, pairs, "Peer 1")
    assert [(r.name, r.value, r.peer_value) for r in results] == [
        ("peers.upserts_per_s", 1_500.0, 500.0),
        ("peers.upserts_p95_ms", 3.0, 3.0),
        ("peers.upserts_ratio", 3.0, None),
    ]
    page = tmp_path / "peers.md"
    page.write_text(
        "# Peers\n\n<!-- made by benchmarks peers: table -->\nold\n"
        "<!-- made by benchmarks peers: end -->\n\nAfter.\n",
        "utf-8",
    )
    peers.write(Report("peers", "a machine", results, 3.0), page)
    text = page.read_text("utf-8")
    assert "old" not in text
    assert text.endswith("After.\n")
    assert "4 clients | 1,500 | 500 | **3.0** | 3.0 | 3.0 | 2.0 to 10.0 in 3 rounds" in text


def outcome(per_s: float) -> Outcome:
    return Outcome(
        answers=9, per_s=per_s, p50_ms=1.0, p95_ms=3.0, p99_ms=9.0, refused=0, first_refusal=""
    )
