"""Subscribers are told, whoever else hangs; what is not taken is tried again, seen, replayed."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from hapgang.app.notify.places import EVENTS, Places
from hapgang.contract import Role
from tests.app.notify.receiver import Receiver, receiving
from tests.living import Town, run
from tests.village import person

ANNE, BEN, OPERATOR = person("anne"), person("ben"), person("op", Role.OPERATOR)
API = "/ngsi-ld/v1"
Live = Callable[..., None]


@pytest.fixture
def live(database: dict[str, Any], small_city: Path, tmp_path: Path) -> Live:
    def do(then: Callable[[Town], Awaitable[None]]) -> None:
        run(
            then, database, small_city, tmp_path / "state", notify=Places(allows_loopback=True)
        )  # fmt: skip

    return do


def lamp(number: int, power: int = 1) -> dict[str, Any]:
    return {
        "id": f"urn:ngsi-ld:Lamp:{number}", "type": "Lamp",
        "power": {"type": "Property", "value": power},
    }  # fmt: skip


async def subscribe(town: Town, uri: str, name: str = "a", **more: Any) -> str:
    notification = {"endpoint": {"uri": uri, **more.pop("endpoint", {})}, **more.pop("told", {})}
    body = {
        "id": f"urn:ngsi-ld:Subscription:{name}", "type": "Subscription",
        "entities": [{"type": "Lamp"}], "notification": notification, **more,
    }  # fmt: skip
    caller = body.pop("caller", ANNE)
    made = await town.call("POST", f"{API}/subscriptions", body, caller=caller)
    assert made.status == 201, made.body
    return f"{API}/subscriptions/{body['id']}"


async def create(town: Town, number: int, power: int = 1) -> None:
    made = await town.call("POST", f"{API}/entities", lamp(number, power), caller=OPERATOR)
    assert made.status == 201, made.body


async def told_of(town: Town, place: str, wanted: Callable[[dict[str, Any]], bool]) -> Any:
    async with asyncio.timeout(20):
        while True:
            found = (await town.call("GET", place, caller=ANNE)).json()["notification"]
            if wanted(found):
                return found
            await asyncio.sleep(0.02)


def test_a_change_is_told_with_what_it_was(live: Live) -> None:
    async def then(town: Town) -> None:
        async with receiving() as receiver:
            place = await subscribe(
                town, receiver.url, told={"showChanges": True},
                endpoint={"receiverInfo": [{"key": "X-Room", "value": "3"}]},
            )  # fmt: skip
            await create(town, 1, 4)
            changed = {"power": {"type": "Property", "value": 7}}
            await town.call("PATCH", f"{API}/entities/urn:ngsi-ld:Lamp:1", changed, caller=OPERATOR)
            first, second = await receiver.wait(2)
            assert first["type"] == "Notification"
            assert first["data"] == [lamp(1, 4)]
            power = {"type": "Property", "value": 7, "previousValue": 4}
            assert second["data"] == [{**lamp(1), "power": power}]
            assert first["id"] != second["id"]
            assert "X-Room: 3\r\n" in receiver.heads[0]
            assert "Link: <https://uri.etsi.org/" in receiver.heads[0]
            found = await told_of(town, place, lambda told: told.get("timesSent") == 2)
            assert found["status"] == "ok"
            assert found["lastSuccess"]

    live(then)


def test_a_batch_is_told_at_once(live: Live) -> None:
    async def then(town: Town) -> None:
        async with receiving() as receiver:
            await subscribe(town, receiver.url, q="power>2")
            batch = [lamp(number, number) for number in range(5)]
            await town.call("POST", f"{API}/entityOperations/create", batch, caller=OPERATOR)
            (told,) = await receiver.wait(1)
            assert [one["power"]["value"] for one in told["data"]] == [3, 4]

    live(then)


@pytest.mark.parametrize("manner", ["hang", "500", "close"])
def test_a_receiver_that_fails_is_in_nobodys_way_and_is_tried_again(
    live: Live, manner: str
) -> None:
    async def then(town: Town) -> None:
        async with receiving() as bad, receiving() as good:
            bad.manner = manner
            place = await subscribe(town, bad.url, "bad", endpoint={"timeout": 300})
            await subscribe(town, good.url, "good")
            await create(town, 1)
            await good.wait(1)
            failed = await told_of(town, place, lambda told: told.get("status") == "failed")
            assert (failed["timesSent"], failed["lastFailureReason"] != "") == (1, True)
            bad.manner = "200"
            (told,) = await bad.wait(1)
            assert told["data"] == [lamp(1)]
            found = await told_of(town, place, lambda told: told["status"] == "ok")
            assert found["timesSent"] == 1
            assert found["timesFailed"] >= 1

    live(then)


def test_what_is_refused_for_good_is_seen_and_sent_again(live: Live) -> None:
    async def then(town: Town) -> None:
        async with receiving() as receiver:
            receiver.manner = "410"
            place = await subscribe(town, receiver.url)
            await create(town, 1)
            await told_of(town, place, lambda told: told.get("status") == "failed")
            path = "/api/deliveries?state=dead"
            (dead,) = (await town.call("GET", path, caller=OPERATOR)).json()
            assert (dead["attempts"], dead["reason"]) == (1, "HTTP 410")
            assert (await town.call("GET", path, caller=ANNE)).status == 403
            receiver.manner = "200"
            chosen = {"subscription": dead["subscription"]}
            again = await town.call("POST", "/api/deliveries/replay", chosen, caller=OPERATOR)
            assert again.json() == {"count": 1, "has_more": False}
            (told,) = await receiver.wait(1)
            assert told["data"] == [lamp(1)]
            await told_of(town, place, lambda told: told["status"] == "ok")
            assert (await town.call("GET", path, caller=OPERATOR)).json() == []
            (sent,) = (await town.call("GET", "/api/deliveries", caller=OPERATOR)).json()
            assert sent["state"] == "sent"

    live(then)


def test_what_waits_is_dropped_with_its_subscription(live: Live) -> None:
    async def then(town: Town) -> None:
        async with receiving() as receiver:
            receiver.manner = "503"
            place = await subscribe(town, receiver.url)
            await create(town, 1)
            await receiver.asked(1)
            assert (await town.call("DELETE", place, caller=ANNE)).status == 204
            async with asyncio.timeout(10):
                while town.live.notifier.waiting:
                    await asyncio.sleep(0.02)
            (gone,) = (await town.call("GET", "/api/deliveries", caller=OPERATOR)).json()
            assert gone["state"] == "dropped"

    live(then)


def test_what_is_throttled_is_told_together_and_nothing_is_lost(live: Live) -> None:
    async def then(town: Town) -> None:
        async with receiving() as receiver:
            await subscribe(town, receiver.url, throttling=0.5)
            for number in range(5):
                await create(town, number)
            first, second = await receiver.wait(2)
            ids = [one["id"] for told in (first, second) for one in told["data"]]
            assert ids == [lamp(number)["id"] for number in range(5)]

    live(then)


def test_an_interval_tells_again_and_again(live: Live) -> None:
    async def then(town: Town) -> None:
        async with receiving() as receiver:
            await create(town, 1)
            await subscribe(town, receiver.url, timeInterval=1)
            first, second = (await receiver.wait(2))[:2]
            assert first["data"] == second["data"] == [lamp(1)]

    live(then)


def test_who_is_paused_is_told_nothing(live: Live) -> None:
    async def then(town: Town) -> None:
        async with receiving() as receiver:
            place = await subscribe(town, receiver.url, isActive=False)
            await create(town, 1)
            assert (await town.call("GET", place, caller=ANNE)).json()["status"] == "paused"
            woken = await town.call("PATCH", place, {"isActive": True}, caller=ANNE)
            assert woken.status == 204
            await create(town, 2)
            (told,) = await receiver.wait(1)
            assert told["data"] == [lamp(2)]

    live(then)


def test_a_subscription_is_its_owners(live: Live) -> None:
    async def then(town: Town) -> None:
        async with receiving() as receiver:
            place = await subscribe(town, receiver.url)
            assert (await town.call("GET", place, caller=BEN)).status == 404
            assert (await town.call("DELETE", place, caller=BEN)).status == 404
            assert (await town.call("GET", f"{API}/subscriptions", caller=BEN)).json() == []
            assert (await town.call("GET", place, caller=OPERATOR)).status == 200
            hidden = await town.call("GET", f"{API}/entities?type=Subscription", caller=OPERATOR)
            assert hidden.json() == []

    live(then)


def test_what_is_somebodys_is_told_to_nobody_else(live: Live) -> None:
    async def then(town: Town) -> None:
        async with receiving() as mine, receiving() as others:
            own = [{"type": "TestDiary"}, {"type": "Lamp"}]
            await subscribe(town, mine.url, "anne", entities=own)
            await subscribe(town, others.url, "ben", entities=own, caller=BEN)
            words = {"text": "Dear diary"}
            path = "/api/test/village/diaries"
            assert (await town.call("POST", path, words, caller=ANNE)).status == 200
            await create(town, 1)
            first, _ = await mine.wait(2)
            assert first["data"][0]["text"]["value"] == "Dear diary"
            (told,) = await others.wait(1)
            assert told["data"] == [lamp(1)]
            rows = await town.live.reads.pool.fetch("SELECT body, person FROM notice")
            assert not any(b"Dear diary" in row["body"] for row in rows)

    live(then)


def test_only_what_an_operator_allowed_is_told_anything(live: Live) -> None:
    async def then(town: Town) -> None:
        body = {
            "type": "Subscription", "entities": [{"type": "Lamp"}],
            "notification": {"endpoint": {"uri": "http://169.254.169.254/latest"}},
        }  # fmt: skip
        refused = await town.call("POST", f"{API}/subscriptions", body, caller=OPERATOR)
        assert refused.status == 403

    live(then)


def test_listeners_get_events(live: Live) -> None:
    async def then(town: Town) -> None:
        place = await subscribe(town, EVENTS)
        await create(town, 1)
        events = town.live.notifier.events
        lines = await events.listen(place.rpartition("/")[2])
        assert await anext(lines) == b": listening\n\n"
        town.live.notifier.hurry(place.rpartition("/")[2])
        async with asyncio.timeout(10):
            line = await anext(lines)
        assert line.startswith(b"id: urn:ngsi-ld:Notification:1-")
        assert b'"id":"urn:ngsi-ld:Lamp:1"' in line
        await told_of(town, place, lambda told: told.get("status") == "ok")

    live(then)


def test_a_city_that_stopped_in_between_tells_when_it_is_back(
    database: dict[str, Any], small_city: Path, tmp_path: Path
) -> None:
    port: list[int] = []

    async def before(town: Town) -> None:
        async with receiving() as receiver:
            receiver.manner = "503"
            await subscribe(town, receiver.url)
            for number in range(3):
                await create(town, number)
            await receiver.asked(1)
            port.append(receiver.port)

    async def after(town: Town) -> None:
        receiver = Receiver()
        server = await asyncio.start_server(receiver.serve, "127.0.0.1", port[0])
        try:
            told = await receiver.wait(3)
            assert [one["data"] for one in told] == [[lamp(number)] for number in range(3)]
        finally:
            server.close()

    places = Places(allows_loopback=True)
    for then in (before, after):
        run(then, database, small_city, tmp_path / "state", notify=places)


def test_who_asks_for_sources_at_an_interval_hears_of_none_too(live: Live) -> None:
    async def then(town: Town) -> None:
        async with receiving() as receiver:
            body = {
                "id": "urn:ngsi-ld:Subscription:sources", "type": "Subscription",
                "entities": [{"type": "Lamp"}], "timeInterval": 1,
                "notification": {"endpoint": {"uri": receiver.url}},
            }  # fmt: skip
            made = await town.call("POST", f"{API}/csourceSubscriptions", body, caller=OPERATOR)
            assert made.status == 201, made.body
            first, second = (await receiver.wait(2))[:2]
            assert (first["data"], first["triggerReason"]) == ([], "newlyMatching")
            assert (second["data"], second["triggerReason"]) == ([], "updated")

    live(then)
