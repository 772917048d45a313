"""Collection: thousands of devices by MQTT at QoS 1, and files, into a served city."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import create_server
from typing import Any

import msgspec

from benchmarks.database import wait_until_stopped
from benchmarks.mqtt_load import Outcome, Plan
from benchmarks.report import Result, load_average
from hapgang.app.collect.door import Door
from hapgang.app.collect.files import collect_file
from hapgang.app.tokens import Tokens
from hapgang.contract import Caller, Role
from hapgang.core.ids import urn

DEVICES = 2_500
GOAL_PER_S = 2_500.0
_STEADY_S = 10
_SATURATED = 60_000  # messages
_FILE_ROWS = 100_000
_PATIENCE_S = 60.0
_FEED = 'kind = "mqtt"\ntopic = "devices/+/air"\nmapping = "air-map.toml"\n'
_MAPPING = """
format = 1
title = {en = "Air", ko = "공기"}
source = "the benchmark"
[[entity]]
type = "AirQualityObserved"
id = "urn:ngsi-ld:AirQualityObserved:{@key}"
observed = {from = "@received"}
[entity.attributes]
pm10 = {from = "pm10", is = "number", unit = "GQ", range = [0, 1000000000]}
pm25 = {from = "pm25", is = "number", unit = "GQ", range = [0, 1000]}
temperature = {from = "t", is = "number", unit = "CEL", range = [-50, 60]}
refDevice = {template = "{@device}", is = "relationship"}
"""
_BODY = '{"pm10":#,"pm25":11.5,"t":21.25}'


def run() -> list[Result]:
    """Measure all of it."""
    with _city() as (state, door, port):
        tokens = _tokens(state)
        steady = Plan(port, tokens, "devices/{key}/air", _BODY, int(GOAL_PER_S * _STEADY_S),
                      GOAL_PER_S)  # fmt: skip
        calm, calm_s, calm_lost = _measured(door, steady)
        full = msgspec.structs.replace(steady, messages=_SATURATED, per_s=0.0)
        most, most_s, most_lost = _measured(door, full)
        rows_per_s = _file_rows_per_s(door, state)
    note = f"{DEVICES:,} devices at QoS 1, signed in; {load_average()}"
    return [
        Result(
            name="collection.mqtt_messages_per_s", value=round(_SATURATED / most_s),
            unit="messages/s", goal=GOAL_PER_S,
            note=f"acknowledged, performed and safe, as fast as they are acknowledged; {note}",
        ),
        Result(
            name="collection.mqtt_lost", value=calm_lost + most_lost, unit="messages", goal=0.0,
            note=f"of {calm.sent + most.sent:,} acknowledged; or performed twice",
        ),
        Result(
            name="collection.mqtt_ack_p99_ms", value=round(calm.p99_ms, 1), unit="ms",
            note=f"at {GOAL_PER_S:,.0f} messages/s; median {calm.p50_ms:.1f} ms; {note}",
        ),
        Result(
            name="collection.mqtt_behind_s", value=round(max(0.0, calm_s - calm.took_s), 2),
            unit="s", note="from the last acknowledgement until all is performed and seen",
        ),
        Result(
            name="collection.mqtt_connections_per_s", value=round(DEVICES / calm.connected_s),
            unit="connections/s", note="each with a token that is checked",
        ),
        Result(
            name="collection.file_rows_per_s", value=round(rows_per_s), unit="rows/s",
            note="a CSV file through its mapping into 2,000 entities, by the command's own code",
        ),
    ]  # fmt: skip


def _measured(door: Door, plan: Plan) -> tuple[Outcome, float, int]:
    """Return what the devices saw, when all was performed, and how many were not, or twice."""
    before = _accepted(door)
    began_s = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.mqtt_load"],
        input=msgspec.json.encode(plan), stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    outcome = msgspec.json.decode(done.stdout, type=Outcome)
    while _accepted(door) - before < plan.messages and time.perf_counter() - began_s < _PATIENCE_S:
        time.sleep(0.02)
    took_s = time.perf_counter() - began_s - outcome.connected_s
    return outcome, took_s, abs(plan.messages - (_accepted(door) - before))


def _accepted(door: Door) -> int:
    found: list[Any] = door.call("GET", "/api/feeds")
    return sum(feed["counts"]["accepted"] for feed in found if feed["name"] == "air")


def _file_rows_per_s(door: Door, state: Path) -> float:
    path = state / "air.csv"
    start = datetime(2026, 1, 1, tzinfo=UTC)
    with path.open("w") as file:
        file.write("station,at,pm10,pm25\n")
        for row in range(_FILE_ROWS):
            at = (start + timedelta(minutes=row // 2_000)).isoformat()
            file.write(f"s{row % 2_000},{at},{row % 90},{row % 40}\n")
    number = {"is": "number", "unit": "GQ"}
    mapping = {
        "format": 1, "title": {"en": "Air", "ko": "공기"}, "read": {"format": "csv"},
        "entity": [{
            "type": "AirQualityObserved", "id": "urn:ngsi-ld:AirQualityObserved:{station}",
            "observed": {"from": "at"},
            "attributes": {name: {"from": name, **number} for name in ("pm10", "pm25")},
        }],
    }  # fmt: skip
    began_s = time.perf_counter()
    summary = collect_file(door, path, mapping, "file", lambda *_: None)
    if summary.counts.accepted != _FILE_ROWS:
        raise RuntimeError(f"{summary.counts.accepted} of {_FILE_ROWS} rows were taken in")
    return _FILE_ROWS / (time.perf_counter() - began_s)


def _tokens(state: Path) -> list[str]:
    tokens, now = Tokens.at(state), datetime.now(UTC)
    return [
        tokens.issue(Caller(urn("Device", f"d{at}"), Role.DEVICE), now) for at in range(DEVICES)
    ]


@contextmanager
def _city() -> Iterator[tuple[Path, Door, int]]:
    """Serve a city with a door for devices: its folder, its own door, and the devices' port."""
    with create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder) / "state"
        (state / "feeds").mkdir(mode=0o700, parents=True)
        (state / "feeds" / "air.toml").write_text(_FEED)
        (state / "feeds" / "air-map.toml").write_text(_MAPPING)
        with subprocess.Popen(
            [sys.executable, "-m", "benchmarks.served", str(state), str(port)],
            stdout=subprocess.PIPE, text=True, env={**os.environ, "HAPGANG_STATE": folder},
        ) as process:  # fmt: skip
            assert process.stdout is not None
            try:
                door = Door(f"http://127.0.0.1:{int(process.stdout.readline())}", state)
                _wait_for(port)
                yield state, door, port
            finally:
                process.terminate()
        wait_until_stopped(state)


def _wait_for(port: int) -> None:
    """Return when devices may come in: the first one did."""
    import socket  # noqa: PLC0415

    until_s = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until_s:
        try:
            socket.create_connection(("127.0.0.1", port), 1.0).close()
        except OSError:
            time.sleep(0.1)
        else:
            time.sleep(1.0)  # the guard of the door follows
            return
    raise RuntimeError("the MQTT door did not open")
