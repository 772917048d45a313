"""What operators measure: numbers that Prometheus reads, slow requests, whose trace they are."""

import logging
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from hapgang.app import outside_http, traces, traffic
from hapgang.app.exchange import Place
from hapgang.app.traces import TraceFilter
from hapgang.app.traffic import MOST_SLOW, OTHER, Traffic
from hapgang.contract import Role
from hapgang.core.histogram import Histogram
from hapgang.runtime.exposition import OPEN_METRICS, TEXT, Family, Sample, of_histogram, text_of
from tests.living import Town, run
from tests.village import START, person

OPERATOR, ANNE = person("op", Role.OPERATOR), person("anne")
TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = "b7ad6b7169203331"
HEADER = f"00-{TRACE}-{PARENT}-01"


def now() -> datetime:
    return START


def test_a_histogram_counts_up_to_each_bound() -> None:
    histogram = Histogram((1, 2))
    for value in (0.5, 1, 1.5, 9):
        histogram.add(value)
    assert histogram.counts == [2, 1, 1]
    assert [sample.value for sample in of_histogram(histogram)] == [2, 3, 4, 12, 4]


def test_both_forms_of_the_text() -> None:
    families = [Family("a_b", "counter", "Words.", [Sample(2, {"x": 'q"\\\n'})])]
    told = 'a_b_total{x="q\\"\\\\\\n"} 2\n'
    plain = "# HELP a_b_total Words.\n# TYPE a_b_total counter\n"
    assert text_of(families, is_open_metrics=False) == plain + told
    open_metrics = "# HELP a_b Words.\n# TYPE a_b counter\n"
    assert text_of(families, is_open_metrics=True) == open_metrics + told + "# EOF\n"


def test_slow_and_failed_requests_are_kept_up_to_a_number() -> None:
    seen = Traffic()
    seen.done("GET", "/a", 200, 0.001, "resident", now)
    seen.done("GET", "/b", 503, 0.001, "resident", now)
    for number in range(MOST_SLOW):
        seen.done("GET", f"/slow/{number}", 200, traffic.SLOW_S, "operator", now)
    kept = seen.slow()
    assert len(kept) == MOST_SLOW
    assert kept[0].route == f"/slow/{MOST_SLOW - 1}"
    assert "/a" not in {one.route for one in kept}


def test_strange_methods_do_not_make_more_numbers() -> None:
    seen = Traffic()
    for number in range(1000):
        seen.done(f"METHOD{number}", OTHER, 405, 0.0, "", now)
    text = text_of(seen.families(), is_open_metrics=False)
    assert "METHOD" not in text
    assert 'hapgang_http_requests_total{method="other",route="other",status="4xx"} 1000' in text


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "00",
        HEADER.upper(),
        f"00-{'0' * 32}-{PARENT}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"ff-{TRACE}-{PARENT}-01",
        f"{HEADER}-more",
        f"00-{TRACE[:-1]}-{PARENT}-01",
        f"{HEADER}\r\nX: y",
        f"01-{TRACE}-{PARENT}-01-{'x' * 10_000}",
    ],
)
def test_what_is_no_trace_is_none(header: str | None) -> None:
    assert traces.read(header) is None


def test_a_trace_is_followed_with_an_own_step() -> None:
    for header in (HEADER, f"cc-{TRACE}-{PARENT}-ff-later"):
        found = traces.read(header, "vendor=1")
        assert found is not None
        assert (found.trace, found.parent, found.flags) == (TRACE, PARENT, "01")
        assert found.step not in (PARENT, "0" * 16)


@pytest.mark.parametrize("state", [None, "", "a\r\nb: c", "x" * 600])
def test_a_state_that_cannot_be_passed_on_is_left_out(state: str | None) -> None:
    found = traces.read(HEADER, state)
    assert found is not None
    assert found.state == ""


@pytest.fixture
def followed() -> Iterator[traces.Trace]:
    trace = traces.read(HEADER, "vendor=1")
    assert trace is not None
    traces.follow(trace)
    yield trace
    traces.follow(None)


def test_what_is_asked_of_others_bears_the_trace(followed: traces.Trace) -> None:
    sent = outside_http._request(Place("h", 443, "", True), "GET", "/x", b"", {"A": "b"}).decode()
    assert f"\r\ntraceparent: 00-{TRACE}-{followed.step}-01\r\n" in sent
    assert "\r\ntracestate: vendor=1\r\n" in sent
    traces.follow(None)
    sent = outside_http._request(Place("h", 443, "", True), "GET", "/x", b"", {}).decode()
    assert "trace" not in sent


def test_log_lines_bear_the_trace(followed: traces.Trace) -> None:
    record = logging.makeLogRecord({"msg": "x"})
    assert TraceFilter().filter(record)
    assert logging.Formatter("%(message)s%(trace)s").format(record) == f"x trace={TRACE}"


def test_a_city_tells_its_numbers_and_what_was_slow(
    database: dict[str, Any], small_city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(traffic, "SLOW_S", 0.0)

    async def then(town: Town) -> None:
        lamp = {"id": "urn:ngsi-ld:Lamp:1", "type": "Lamp"}
        trace = {"traceparent": HEADER}
        for _ in range(3):
            await town.call("POST", "/ngsi-ld/v1/entities", lamp, caller=OPERATOR, headers=trace)
        await town.call("GET", "/nowhere/at/all")
        plain = await town.call("GET", "/metrics")
        assert plain.headers["content-type"] == TEXT
        check_numbers(plain.body.decode())
        accept = {"accept": "application/openmetrics-text;version=1.0.0,text/plain;q=0.5"}
        openly = await town.call("GET", "/metrics", headers=accept)
        assert openly.headers["content-type"] == OPEN_METRICS
        assert openly.body.endswith(b"# EOF\n")
        slow = (await town.call("GET", "/api/operations/slow", caller=OPERATOR)).json()
        assert [one["status"] for one in slow if one["trace"] == TRACE] == [409, 409, 201]
        assert {one["route"] for one in slow} >= {"/ngsi-ld/v1/entities", "/metrics", OTHER}
        assert "Lamp" not in str(slow)
        assert (await town.call("GET", "/api/operations/slow", caller=ANNE)).status == 403
        assert (await town.call("GET", "/api/operations/slow")).status == 401
        parse(plain.body.decode(), openly.body.decode())

    run(then, database, small_city, tmp_path)


def check_numbers(text: str) -> None:
    lines = text.splitlines()
    made = '{method="POST",route="/ngsi-ld/v1/entities",status="%s"}'
    assert f"hapgang_http_requests_total{made % '2xx'} 1" in lines
    assert f"hapgang_http_requests_total{made % '4xx'} 2" in lines
    numbers = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    assert float(numbers["hapgang_commit_seconds_count"]) >= 1
    assert float(numbers["hapgang_group_units_sum"]) >= 1
    assert numbers["hapgang_deliveries_waiting"] == "0"
    if sys.platform == "linux":
        assert float(numbers["process_resident_memory_bytes"]) > 10e6


def parse(plain: str, openly: str) -> None:
    """Read both forms with Prometheus' own parsers, where they are installed."""
    prometheus = pytest.importorskip("prometheus_client")
    assert prometheus
    from prometheus_client.openmetrics import parser as openmetrics  # noqa: PLC0415
    from prometheus_client.parser import text_string_to_metric_families  # noqa: PLC0415

    told = {family.name: family for family in text_string_to_metric_families(plain)}
    other = {family.name: family for family in openmetrics.text_string_to_metric_families(openly)}
    assert told.keys() == other.keys()
    assert {name: family.type for name, family in told.items()} == {
        name: family.type for name, family in other.items()
    }
    assert "unknown" not in {family.type for family in told.values()}
