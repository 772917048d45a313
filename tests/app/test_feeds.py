"""Feeds over HTTP: what is posted is in the next plan; plans keep nobody waiting; polling."""

import asyncio
import shutil
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote
from zoneinfo import ZoneInfo

import msgspec
import pytest

from hapgang.app import feeds
from hapgang.app.feeds import Document, fetched, pause_s, secrets_of
from hapgang.contract import Feed, Role
from hapgang.runtime.platform import platform
from hapgang.services.mobility.maas import service as maas
from hapgang.twin.realtime import Moment, StopTime, TripName, TripUpdate, read, write
from hapgang.twin.scene import load_scene
from tests.living import Town, run
from tests.village import person

pytestmark = pytest.mark.slow  # fetches over HTTP

CITY = Path(__file__).resolve().parents[2] / "cities" / "sejong"
SERVICES = {"mobility.maas": maas, "platform": platform}
DEVICE, OPERATOR = person("bus", Role.DEVICE), person("op", Role.OPERATOR)
OPTIONS, FEED = "/api/mobility/maas/options", "/api/mobility/maas/feeds/gtfs-rt"
PROTOBUF = {"content-type": "application/x-protobuf"}
Then = Callable[[Town], Awaitable[None]]


@pytest.fixture
def live(database: dict[str, Any], tmp_path: Path) -> Callable[[Then], None]:
    return lambda then: run(then, database, CITY, tmp_path / "state", services=SERVICES)


def asking(town: Town, days: int = 1) -> str:
    """The path of a plan from the middle out of town, at eight in the morning of another day."""
    zones = town.live.scene.zones
    places = [zones.row_of["A01"], zones.row_of["outside_daejeon_science_belt"]]
    (a, b), seoul = places, ZoneInfo("Asia/Seoul")
    day = (town.live.clock.now().astimezone(seoul) + timedelta(days=days)).date()
    at = datetime.combine(day, datetime.min.time(), seoul).replace(hour=8).isoformat()
    return (
        f"{OPTIONS}?from_lon={zones.lon[a]}&from_lat={zones.lat[a]}&to_lon={zones.lon[b]}"
        f"&to_lat={zones.lat[b]}&ways=walk,bus&leave_at={quote(at)}"
    )


def rides(options: Any) -> list[dict[str, Any]]:
    return [leg["ride"] for one in options for leg in one["legs"] if leg["ride"] is not None]


def cancelling(town: Town, ride: dict[str, Any]) -> bytes:
    name = TripName(ride["trip"], "", ride["day"].replace("-", ""), relation="CANCELED")
    return write(int(town.live.clock.now().timestamp()), [TripUpdate("a", name)])


def test_once_the_feed_is_answered_the_next_plan_has_it(live: Callable[[Then], None]) -> None:
    async def then(town: Town) -> None:
        before = (await town.call("GET", asking(town))).json()
        ride = rides(before)[0]
        body = cancelling(town, ride)
        for caller, status in ((None, 401), (person("mina"), 403), (DEVICE, 200)):
            answer = await town.call("POST", FEED, body, caller=caller, headers=PROTOBUF)
            assert answer.status == status
        assert answer.json()["cancelled_runs"] == 1
        after = (await town.call("GET", asking(town))).json()
        assert ride not in rides(after)
        told = await town.call("GET", "/api/mobility/maas/feeds/trip-updates.pb")
        assert told.headers["content-type"] == "application/x-protobuf"
        assert [one.trip.trip for one in read(told.body).updates] == [ride["trip"]]
        late = TripName(ride["trip"], "", ride["day"].replace("-", ""))
        stop = StopTime(None, ride["from_stop"], Moment(60), Moment(60))
        body = write(int(town.live.clock.now().timestamp()), [TripUpdate("a", late, (stop,))])
        again = await town.call("POST", f"{FEED}?source=posted", body, caller=OPERATOR)
        assert again.json()["late_runs"] == 1
        for rubbish in (b"", b"<html>", bytes(range(256))):
            answer = await town.call("POST", FEED, rubbish, caller=DEVICE, headers=PROTOBUF)
            assert answer.status == 422
        huge = await town.call("POST", FEED, b"\0" * 4_000_001, caller=DEVICE, headers=PROTOBUF)
        assert huge.status == 413

    live(then)


def test_a_plan_under_way_keeps_nobody_waiting(live: Callable[[Then], None]) -> None:
    async def then(town: Town) -> None:
        gate, begun = threading.Event(), asyncio.Event()
        loop = asyncio.get_running_loop()

        def occupy() -> None:
            loop.call_soon_threadsafe(begun.set)
            gate.wait()

        occupied = [
            asyncio.create_task(town.live.beside(occupy)) for _ in range(town.live.beside.threads)
        ]
        await begun.wait()
        slow = asyncio.create_task(town.call("GET", asking(town, days=9)))
        await asyncio.sleep(0)
        assert (await town.call("GET", "/health")).status == 200
        done = await town.call("GET", "/api/mobility/maas/journeys/current", caller=person("mina"))
        assert done.status == 200
        assert not slow.done()
        crowd = [asyncio.create_task(town.call("GET", asking(town))) for _ in range(3)]
        await asyncio.sleep(0)
        refused = await town.call("GET", asking(town))  # a fifth from one address
        assert refused.status == 429
        assert refused.json()["detail_ko"]
        assert not slow.done()
        gate.set()
        await asyncio.gather(*occupied)
        assert (await slow).status == 200
        assert {answer.status for answer in await asyncio.gather(*crowd)} == {200}

    live(then)


class Office(BaseHTTPRequestHandler):
    """Where a feed lies: it knows what it was asked, and answers as it is told."""

    body: ClassVar[bytes] = b""
    status: ClassVar[int] = 200
    asked: ClassVar[list[dict[str, str]]] = []

    def do_GET(self) -> None:
        type(self).asked.append(dict(self.headers))
        known = self.headers.get("If-None-Match") == '"1"'
        if self.path == "/elsewhere":
            self.send_response(302)
            self.send_header("Location", "file:///etc/hostname")
            self.end_headers()
            return
        self.send_response(304 if known else type(self).status)
        self.send_header("ETag", '"1"')
        self.end_headers()
        if not known:
            self.wfile.write(type(self).body)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def office(body: bytes, status: int = 200) -> Iterator[str]:
    Office.body, Office.status = body, status
    Office.asked.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Office)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_what_has_not_changed_is_not_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEED_KEY", "secret")
    with office(b"abc") as url:
        feed = Feed(name="a", url=url, headers={"X-Api-Key": "FEED_KEY"})
        first = fetched(url, secrets_of(feed), Document(None))
        assert first == Document(b"abc", '"1"', "")
        assert fetched(url, {}, first).body is None
        assert Office.asked[0]["X-Api-Key"] == "secret"
        assert "If-None-Match" not in Office.asked[0]
        with pytest.raises(OSError, match=r"not allowed|away from the web"):
            fetched(f"{url}/elsewhere", {}, Document(None))
        with pytest.raises(ValueError, match="NOWHERE"):
            secrets_of(Feed(name="a", url=url, headers={"X": "NOWHERE"}))


def test_what_has_no_end_or_fails_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "MOST_BYTES", 1_000)
    with office(b"x" * 1_001) as url, pytest.raises(OSError, match="1,000 bytes"):
        fetched(url, {}, Document(None))
    with office(b"", status=500) as url, pytest.raises(OSError, match="500"):
        fetched(url, {}, Document(None))
    assert [pause_s(30.0, failures) for failures in (0, 1, 2, 50)] == [30, 60, 120, 900]
    assert pause_s(3_600.0, 9) == 3_600


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://x.org/a", "https://", "x"])
def test_only_the_web_is_fetched(url: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"name": "a", "url": url}, Feed)


def test_a_feed_that_the_scenario_names_is_in_the_plans(
    database: dict[str, Any], tmp_path: Path
) -> None:
    model = tmp_path / "sejong"
    shutil.copytree(CITY, model)
    now = datetime.now(ZoneInfo("Asia/Seoul"))
    timetable = load_scene(CITY).timetable
    assert timetable is not None
    trip = str(timetable.trips.trip[timetable.trips_on(now.date())[0]])
    off = TripUpdate("a", TripName(trip, "", f"{now:%Y%m%d}", relation="CANCELED"))

    async def then(town: Town) -> None:
        heard = asyncio.Event()

        def hear(unit: Any) -> None:
            if any(item.name == "TransitFeed" for item in unit.items):
                heard.set()

        town.runtime.writer.listeners.append(hear)
        known = (await town.call("GET", "/api/mobility/maas/feeds")).json()
        if not known:
            await heard.wait()
            known = (await town.call("GET", "/api/mobility/maas/feeds")).json()
        assert [(feed["source"], feed["cancelled_runs"]) for feed in known] == [("bus", 1)]
        (late,) = (await town.call("GET", "/api/mobility/maas/delays")).json()
        assert (late["trip"], late["cancelled"], late["source"]) == (trip, True, "bus")

    with office(write(int(now.timestamp()), [off])) as url:
        scenario = model / "scenarios" / "today.toml"
        feed = f'feeds = [{{ name = "bus", url = "{url}" }}]'
        text = f'{scenario.read_text()}\n[service."mobility.maas"]\n{feed}\n'
        scenario.write_text(text)
        run(then, database, model, tmp_path / "state", services=SERVICES)
