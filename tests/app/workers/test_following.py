"""A worker in the process of its writer: it knows what is on disk, and answers nothing else."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest

from hapgang.app.http import Application
from hapgang.app.serving import server_of
from hapgang.app.settings import DATABASE_URL
from hapgang.app.wiring import LiveCity
from hapgang.app.workers.following import FollowingCity
from hapgang.app.workers.keeping import Inside, Workers
from hapgang.app.workers.link import PASSAGE
from hapgang.app.workers.passing import Passage
from hapgang.app.workers.worker import Worker
from hapgang.contract import Caller, Role
from hapgang.runtime.perform import PLATFORM, Runtime
from hapgang.runtime.platform.identity.sessions import begin_session
from tests.living import Answer, Town, ask, url_of
from tests.village import SERVICES, dig, draw, fill_in, measure, move_in, person, shut, well_id

ANNE, OPERATOR = person("anne"), person("op", Role.OPERATOR)
ENTITIES = "/ngsi-ld/v1/entities"
LAMP = "urn:ngsi-ld:Lamp:1"


class Pair(Town):
    """A town, and a worker that follows it."""

    def __init__(self, live: LiveCity, application: Application, city: FollowingCity) -> None:
        super().__init__(live, application)
        self.city = city
        self.workers_own = Application(city)
        self.passed: list[str] = []
        self.worker = Worker(city, self.workers_own, self._pass)  # type: ignore[arg-type]
        self.passage: Passage | None = None

    async def _pass(self, scope: Any, receive: Any, send: Any) -> None:
        self.passed.append(f"{scope['method']} {scope['path']}")
        assert self.passage is not None
        await self.passage(scope, receive, send)

    async def at_worker(
        self, method: str, path: str, body: Any = None, caller: Any = OPERATOR, **headers: str
    ) -> tuple[Answer, bool]:
        """Ask the worker; returns its answer, and whether it was its own."""
        self.passed.clear()
        sent = {"content-type": "application/json", "authorization": f"Bearer {self.token(caller)}"}
        content = b"" if body is None else msgspec.json.encode(body)
        answer = await ask(self.worker, method, path, content, {**sent, **headers})  # type: ignore[arg-type]
        return answer, not self.passed


Then = Callable[[Pair], Awaitable[None]]


@asynccontextmanager
async def followed(model: Path, state: Path) -> AsyncIterator[Pair]:
    state.mkdir(mode=0o700, exist_ok=True)
    with TemporaryDirectory() as name:
        folder = Path(name)
        live = LiveCity(model, "today", state=state)
        live.services = dict(SERVICES)
        application = Application(live)
        workers = Workers(1, live, application, folder)
        city = FollowingCity(model, "today", state=state, folder=folder)
        city.services = dict(SERVICES)
        server = server_of(Inside(application), is_inside=True)
        running = [live.run(), city.run(), server.serve(sockets=[workers.passage()])]
        tasks = [asyncio.create_task(one) for one in running]
        pair = Pair(live, application, city)
        pair.passage = Passage(folder / PASSAGE)
        try:
            await city.in_charge.wait()
            yield pair
        finally:
            pair.passage.close()
            server.should_exit = True
            for task in tasks[:2]:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
def follow(database: dict[str, Any], small_city: Path, tmp_path: Path) -> Callable[[Then], None]:
    def do(then: Then) -> None:
        os.environ[DATABASE_URL] = url_of(database)

        async def limited() -> None:
            async with asyncio.timeout(60), followed(small_city, tmp_path / "state") as pair:
                await then(pair)

        try:
            asyncio.run(limited())
        finally:
            del os.environ[DATABASE_URL]

    return do


def test_a_read_after_an_answer_knows_what_the_answer_said(follow: Callable[[Then], None]) -> None:
    async def then(pair: Pair) -> None:
        made, own = await pair.at_worker("POST", ENTITIES, {"id": LAMP, "type": "Lamp", "power": 0})
        assert (made.status, own) == (201, False), made
        for power in range(50):
            await pair.call("PATCH", f"{ENTITIES}/{LAMP}/attrs", {"power": power}, caller=OPERATOR)
            got, own = await pair.at_worker("GET", f"{ENTITIES}/{LAMP}?options=keyValues")
            assert (got.json()["power"], own) == (power, True)
            page, own = await pair.at_worker("GET", f"{ENTITIES}?type=Lamp&q=power=={power}")
            assert ([one["id"] for one in page.json()], own) == ([LAMP], True)
        assert (await pair.at_worker("DELETE", f"{ENTITIES}/{LAMP}"))[0].status == 204
        gone, own = await pair.at_worker("GET", f"{ENTITIES}/{LAMP}")
        assert (gone.status, own) == (404, False), "what is not here is for the writer to say"

    follow(then)


def test_answers_are_the_writers_to_the_byte(follow: Callable[[Then], None]) -> None:
    async def then(pair: Pair) -> None:
        for number in range(30):
            body = {
                "id": f"{LAMP}{number}",
                "type": "Lamp",
                "power": number % 7,
                "location": {"type": "Point", "coordinates": [127 + number / 1e4, 36]},
            }
            await pair.call("POST", ENTITIES, body, caller=OPERATOR)
        for path in (
            f"{ENTITIES}?type=Lamp&limit=10&offset=5&count=true", f"{ENTITIES}/{LAMP}3",
            f"{ENTITIES}?type=Lamp&georel=near;maxDistance==100&geometry=Point"
            "&coordinates=[127.0005,36]", f"{ENTITIES}?type=Lamp&orderBy=-power&limit=4",
            "/ngsi-ld/v1/types", "/ngsi-ld/v1/types/Lamp", "/ngsi-ld/v1/attributes",
        ):  # fmt: skip
            theirs = await pair.call("GET", path, caller=OPERATOR)
            mine, own = await pair.at_worker("GET", path)
            assert own, path
            assert (mine.status, mine.body) == (theirs.status, theirs.body), path
            assert mine.headers == theirs.headers

    follow(then)


def told(runtime: Runtime) -> dict[str, Any]:
    """Return every live entity as it would be stored."""
    return {
        one.id: (one.document(), one.created, one.modified, one.closed)
        for one in runtime.state.each()
    }


def test_what_services_do_is_followed_too(follow: Callable[[Then], None]) -> None:
    async def then(pair: Pair) -> None:
        runtime = pair.runtime
        for well in "abc":
            runtime.perform(dig, PLATFORM, well=well)
        runtime.perform(draw, PLATFORM, well="a")
        runtime.perform(measure, PLATFORM, depths_m={"a": 4.0, "b": 5.0})
        runtime.perform(shut, PLATFORM, well="b", state="free", count=0)
        runtime.perform(fill_in, PLATFORM, well="c")
        while not runtime.state.get(well_id("a")).view.marks:  # type: ignore[union-attr]
            await asyncio.sleep(0)  # until the event was heard
        await runtime.writer.durable()
        assert await pair.city.caught_up()
        assert told(pair.city.runtime) == told(runtime)
        for gone in "bc":
            answer, own_answer = await pair.at_worker("GET", f"{ENTITIES}/{well_id(gone)}")
            assert (answer.status, own_answer) == (404, False), "the writer knows of closed ones"

    follow(then)


def test_a_session_that_was_ended_is_ended_at_workers(follow: Callable[[Then], None]) -> None:
    async def then(pair: Pair) -> None:
        path = f"{ENTITIES}?type=Lamp"
        for _ in range(20):
            begun = pair.runtime.perform(
                begin_session, PLATFORM, person=OPERATOR.id, role=OPERATOR.role, by="demonstration",
                label="desk",
            )  # fmt: skip
            await pair.runtime.writer.durable()
            caller = Caller(OPERATOR.id, OPERATOR.role, session=begun.id)
            got, own = await pair.at_worker("GET", path, caller=caller)
            assert (got.status, own) == (200, True)
            ended = await pair.call("DELETE", f"/api/me/sessions/{begun.id}", caller=caller)
            assert ended.status == 200
            refused, own = await pair.at_worker("GET", path, caller=caller)
            assert (refused.status, own) == (401, False)

    follow(then)


def test_what_leaves_a_trace_is_the_writers(follow: Callable[[Then], None]) -> None:
    async def then(pair: Pair) -> None:
        move_in(pair.runtime, ANNE)
        await pair.runtime.writer.durable()
        assert await pair.city.caught_up()
        path = f"{ENTITIES}/{ANNE.id}"
        theirs = await pair.call("GET", path, caller=ANNE)
        mine, own = await pair.at_worker("GET", path, caller=ANNE)
        assert theirs.status == mine.status == 200
        assert mine.body == theirs.body
        refused, own = await pair.at_worker("GET", path, caller=person("bert"))
        assert not own
        assert refused.status >= 400
        reads = (await pair.call("GET", "/api/me/reads", caller=ANNE)).json()
        looked, own = await pair.at_worker(
            "GET", f"{ENTITIES}?type=Person", caller=OPERATOR, purpose="care"
        )
        after = (await pair.call("GET", "/api/me/reads", caller=ANNE)).json()
        assert own is (len(after) == len(reads)), "a look that is written down is the writer's"
        assert looked.status == 200

    follow(then)


def test_other_doors_are_passed_on(follow: Callable[[Then], None]) -> None:
    async def then(pair: Pair) -> None:
        await pair.call("POST", ENTITIES, {"id": LAMP, "type": "Lamp", "power": 1}, caller=OPERATOR)
        for path in ("/health", "/api/services", f"{ENTITIES}/{LAMP}?join=inline", "/api/nowhere",
                     "/ngsi-ld/v1/subscriptions"):  # fmt: skip
            answer, own = await pair.at_worker("GET", path)
            assert not own, path
            assert answer.status in (200, 404)
            assert answer.headers.get("content-length", "0") == str(len(answer.body)) or (
                "content-length" not in answer.headers
            )
        head, own = await pair.at_worker("HEAD", f"{ENTITIES}/{LAMP}")
        assert (head.status, own) == (200, False)
        tenant, own = await pair.at_worker("GET", f"{ENTITIES}/{LAMP}", **{"ngsild-tenant": "x"})
        assert (tenant.status, own) == (404, False)
        big = {"id": f"{LAMP}0", "type": "Lamp", "note": "x" * 5_000_000}
        refused, own = await pair.at_worker("POST", ENTITIES, big)
        assert (refused.status, own) == (413, False)

    follow(then)


def test_whoever_is_forgotten_is_in_no_workers_memory(follow: Callable[[Then], None]) -> None:
    async def then(pair: Pair) -> None:
        move_in(pair.runtime, ANNE)
        await pair.runtime.writer.durable()
        assert await pair.city.caught_up()
        before = pair.city.runtime
        assert before.state.get(ANNE.id) is not None
        gone = await pair.call("DELETE", "/api/me", caller=ANNE)
        assert gone.status == 200, gone
        while not await pair.city.caught_up():
            await asyncio.sleep(0)
        assert pair.city.runtime is not before
        assert pair.city.runtime.state.get(ANNE.id) is None

    follow(then)


def test_a_worker_whose_writer_is_gone_says_so(follow: Callable[[Then], None]) -> None:
    async def then(pair: Pair) -> None:
        assert pair.passage is not None
        lost = Passage(Path("/nowhere/at/all"))
        answer = await ask(lost, "POST", ENTITIES, b"{}", {})  # type: ignore[arg-type]
        assert (answer.status, answer.headers["retry-after"]) == (503, "2")
        assert "Idempotency-Key" in answer.json()["detail"]

    follow(then)
