"""A living city: it comes back by itself, and nothing it was told is lost or taken twice."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
import pytest

from hapgang.app.wiring import LiveCity
from hapgang.contract import City, Role, Schedule, Service
from hapgang.core.errors import Unavailable
from hapgang.runtime import handlers
from hapgang.runtime.platform import platform
from hapgang.writer.journal import AnotherWriter
from tests.living import Town, living, run, url_of
from tests.village import NAME, SERVICES, Drawn, Well, move_in, person, village, well_id

pytestmark = pytest.mark.slow  # starts and kills cities

ANNE, BERT = person("anne"), person("bert")
OPERATOR = person("op", Role.OPERATOR)
SECRET = "my knee hurts"
Then = Callable[[Town], Awaitable[None]]
Live = Callable[..., None]


@pytest.fixture
def live(database: dict[str, Any], small_city: Path, tmp_path: Path) -> Live:
    def do(then: Then, **options: Any) -> None:
        run(then, database, small_city, tmp_path / "state", **options)

    return do


async def query(database: Mapping[str, Any], sql: str, *values: Any) -> list[Any]:
    connection = await asyncpg.connect(url_of(database))
    try:
        return [tuple(row) for row in await connection.fetch(sql, *values)]
    finally:
        await connection.close()


async def dig_and_draw(town: Town, times: int = 1) -> None:
    await town.call("POST", "/api/test/village/wells", {"well": "a"}, caller=OPERATOR)
    await draw(town, times)


async def draw(town: Town, times: int) -> None:
    for _ in range(times):
        assert (await town.call("POST", "/api/test/village/wells/a/draw")).status == 200


def well(town: Town) -> Well:
    record = town.runtime.state.get(well_id("a"))
    assert record is not None
    assert isinstance(record.view, Well)
    return record.view


async def until(test: Callable[[], bool]) -> None:
    while not test():
        await asyncio.sleep(0.005)


def test_handlers_go_on_where_they_were(live: Live) -> None:
    async def first(town: Town) -> None:
        await dig_and_draw(town, 3)
        await until(lambda: len(well(town).marks) == 3)
        await town.runtime.writer.durable()

    async def deaf(town: Town) -> None:
        await draw(town, 2)

    async def again(town: Town) -> None:
        await until(lambda: len(well(town).marks) == 5)
        assert well(town).marks == tuple(f"drawn {n}" for n in range(1, 6))
        assert town.live.handlers.readers[0].position > 0

    live(first)
    live(deaf, services={NAME: replace(village, hears={}), "platform": platform})
    live(again)
    live(again)


def test_a_clock_that_was_a_year_ahead_does_not_stop_the_city(
    live: Live, database: dict[str, Any]
) -> None:
    async def ahead(town: Town) -> None:
        await dig_and_draw(town)
        await query(database, "UPDATE feed SET at = at + interval '1 year'")
        await query(database, "INSERT INTO cursor VALUES ('every:test.village.chime', $1)",
                    int(datetime.now(UTC).timestamp()) + 365 * 86_400)  # fmt: skip

    async def corrected(town: Town) -> None:
        assert abs(town.runtime.clock.now() - datetime.now(UTC)) < timedelta(minutes=1)
        await until(lambda: bool(chimes))

    async def slightly(town: Town) -> None:
        await query(database, "UPDATE feed SET at = now() + interval '40 seconds'")

    async def stands(town: Town) -> None:
        assert town.runtime.clock.now() > datetime.now(UTC)

    chimes: list[datetime] = []

    def chime(city: City) -> None:
        chimes.append(city.now)

    every = (Schedule(every=timedelta(seconds=1), action=chime),)
    services = {NAME: replace(village, every=every), "platform": platform}
    live(ahead)
    live(corrected, services=services)
    live(slightly)
    live(stands)


def test_a_lost_database_comes_back_by_itself(live: Live, database: dict[str, Any]) -> None:
    async def then(town: Town) -> None:
        await dig_and_draw(town, 2)
        runtime = town.runtime
        await query(
            database, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )  # fmt: skip
        await until(lambda: town.live._runtime not in (None, runtime))
        answer = await town.call("POST", "/api/test/village/wells/a/draw")
        assert (answer.status, answer.json()) == (200, 3)
        assert town.runtime.book.total_won() == 0

    live(then)


def test_a_refused_group_is_told_and_memory_goes_back_to_the_disk(
    live: Live, database: dict[str, Any]
) -> None:
    async def then(town: Town) -> None:
        await dig_and_draw(town, 2)
        runtime = town.runtime
        await query(
            database, "ALTER TABLE feed ADD CONSTRAINT full_up CHECK (position < 0) NOT VALID"
        )
        answers = await asyncio.gather(
            *(town.call("POST", "/api/test/village/wells/a/draw") for _ in range(5))
        )
        assert {answer.status for answer in answers} == {503}
        assert "same Idempotency-Key" in answers[0].json()["detail"]
        await query(database, "ALTER TABLE feed DROP CONSTRAINT full_up")
        await until(lambda: town.live._runtime not in (None, runtime))
        assert well(town).count == 2
        assert (await town.call("POST", "/api/test/village/wells/a/draw")).json() == 3

    live(then)


def test_a_city_has_one_process_or_a_standby(
    live: Live, database: dict[str, Any], small_city: Path, tmp_path: Path
) -> None:
    async def then(town: Town) -> None:
        await dig_and_draw(town)
        with pytest.raises(AnotherWriter, match="already running"):
            async with living(small_city, tmp_path / "state"):
                pass
        standby = LiveCity(small_city, "today", state=tmp_path / "state")
        standby.services = dict(SERVICES)
        waiting = asyncio.create_task(standby.run(standby=True))
        await asyncio.sleep(0)
        with pytest.raises(Unavailable):
            _ = standby.runtime
        await query(
            database,
            "SELECT pg_terminate_backend(pid) FROM pg_locks"
            " WHERE locktype = 'advisory' AND objid = 1 AND granted",
        )
        await until(lambda: standby.in_charge.is_set() or town.live.in_charge.is_set())
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)

    live(then)


def test_dead_letters_are_seen_replayed_and_dropped(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handlers, "_PAUSES_S", (0.01, 0.02, 0.05))
    is_mended = False

    def stubborn(city: Any, event: Any) -> None:
        if not is_mended:
            raise ValueError(f"no {event.count}")
        found = city.hub.get(Well, event.entity)
        city.hub.save(msgspec.structs.replace(found, marks=(*found.marks, str(event.count))))

    async def then(town: Town) -> None:
        nonlocal is_mended
        await dig_and_draw(town, 2)
        await until(lambda: town.runtime.state.count("DeadLetter") == 2)
        letters = (await town.call("GET", "/api/dead-letters", caller=OPERATOR)).json()
        assert [letter["reason"] for letter in letters] == ["ValueError: no 1", "ValueError: no 2"]
        place = f"/api/dead-letters/{letters[0]['id']}"
        seen = (await town.call("GET", place, caller=OPERATOR)).json()
        assert seen["letter"] == letters[0]
        assert (seen["line"]["name"], seen["line"]["body"]) == ("Drawn", {"count": 1})
        pages = [await town.call("GET", f"/api/dead-letters?limit=1&offset={n}", caller=OPERATOR)
                 for n in range(3)]  # fmt: skip
        assert [page.json() for page in pages] == [[letters[0]], [letters[1]], []]
        wrong = await town.call("GET", "/api/dead-letters?limit=many", caller=OPERATOR)
        assert wrong.status == 422
        refused = await town.call("POST", f"{place}/replay", caller=OPERATOR)
        assert refused.status == 409
        assert "ValueError: no 1" in refused.json()["detail"]
        is_mended = True
        assert (await town.call("POST", f"{place}/replay", caller=OPERATOR)).status == 200
        assert well(town).marks == ("1",)
        assert (await town.call("POST", f"{place}/replay", caller=OPERATOR)).status == 404
        other = f"/api/dead-letters/{letters[1]['id']}"
        assert (await town.call("DELETE", other, caller=OPERATOR)).status == 200
        assert (await town.call("GET", "/api/dead-letters", caller=OPERATOR)).json() == []

    services = {NAME: village_with(stubborn), "platform": platform}
    live(then, services=services)


def village_with(handler: Any) -> Service:
    return replace(village, hears={Drawn: handler})


def test_news_are_told_to_whoever_listens(live: Live) -> None:
    async def then(town: Town) -> None:
        lines: dict[str, list[bytes]] = {"anyone": [], "anne": [], "operator": []}
        tasks = [
            asyncio.create_task(listen(town, lines["anyone"], None)),
            asyncio.create_task(listen(town, lines["anne"], town.token(ANNE))),
            asyncio.create_task(listen(town, lines["operator"], town.token(OPERATOR))),
        ]
        await until(lambda: all(lines.values()))
        await dig_and_draw(town)
        move_in(town.runtime, ANNE)
        free = {"id": "urn:x:lamp", "type": "Lamp"}
        bad = {"origin": "feed", "records": [free, "rubbish"]}
        await town.call("POST", "/api/collect", bad, caller=OPERATOR)
        await until(lambda: any(b"Quarantined" in line for line in lines["operator"]))
        assert any(b"TestWell" in line for line in lines["anyone"])
        for told in lines.values():
            assert not any(ANNE.id.encode() in line for line in told)
        for name in ("anyone", "anne"):
            assert not any(b"Quarantined" in line for line in lines[name])
        assert any(b"Lamp" in line for line in lines["anne"])
        assert not any(b"Lamp" in line for line in lines["anyone"])  # no open data
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await dig_and_draw(town)

    live(then)


async def listen(town: Town, lines: list[bytes], token: str | None) -> None:
    headers = [(b"authorization", f"Bearer {token}".encode())] if token else []
    scope = {"type": "http", "method": "GET", "path": "/api/live", "raw_path": b"/api/live",
             "query_string": b"", "headers": headers}  # fmt: skip

    async def receive() -> dict[str, Any]:
        await asyncio.Event().wait()
        return {}

    async def send(message: Any) -> None:
        if message.get("body"):
            lines.append(message["body"])

    await town.application(scope, receive, send)
