"""The past over HTTP: what was saved, recorded, told afterwards, corrected and taken out."""

import math
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from hapgang.app.lakes import RUN, write_on
from hapgang.app.ngsild.temporal import reading
from hapgang.app.ngsild.temporal.written import PAGE
from hapgang.contract import Role
from hapgang.hub.lake import Lake
from hapgang.hub.temporal.recorded import files_and_gaps
from hapgang.runtime.perform import PLATFORM
from hapgang.writer import history
from tests.living import Town, run
from tests.village import measure, move_in, person, well_id

ANNE, BERT = person("anne"), person("bert")
OPERATOR = person("op", Role.OPERATOR)
ENTITIES, TEMPORAL = "/ngsi-ld/v1/entities", "/ngsi-ld/v1/temporal/entities"
LAMP = "urn:ngsi-ld:Lamp:1"
AFTER = "timerel=after&timeAt=2026-01-01T00:00:00Z"
Then = Callable[[Town], Awaitable[None]]
Live = Callable[..., None]


@pytest.fixture
def live(database: dict[str, Any], small_city: Path, tmp_path: Path) -> Live:
    def do(then: Then, **options: Any) -> None:
        run(then, database, small_city, tmp_path / "state", **options)

    return do


def prop(value: Any, minute: int | None = None, **more: Any) -> dict[str, Any]:
    seen = {} if minute is None else {"observedAt": f"2026-03-01T09:{minute:02}:00Z"}
    return {"type": "Property", "value": value, **seen, **more}


async def lamp(town: Town, *minutes: int) -> None:
    """Make a lamp whose power is what the minute is, and changes."""
    first, *rest = minutes
    body = {"id": LAMP, "type": "Lamp", "power": prop(first, first)}
    assert (await town.call("POST", ENTITIES, body, caller=OPERATOR)).status == 201
    for minute in rest:
        change = {"power": prop(minute, minute)}
        await town.call("PATCH", f"{ENTITIES}/{LAMP}/attrs", change, caller=OPERATOR)


async def get(town: Town, words: str = "", caller: Any = ANNE, entity: str = LAMP) -> Any:
    answer = await town.call("GET", f"{TEMPORAL}/{entity}?{words}", caller=caller)
    assert answer.status == 200, answer
    return answer.json()


async def powers(town: Town, words: str = "") -> list[Any]:
    found = await get(town, f"{words}&options=temporalValues")
    return [value for value, _ in found.get("power", {}).get("values", [])]


def test_what_was_is_there_without_having_been_asked_for(live: Live) -> None:
    async def then(town: Town) -> None:
        await lamp(town, 3, 1, 2)  # the device's clock goes as it likes
        assert await powers(town) == [1, 2, 3]
        found = await get(town, "options=sysAttrs")
        assert [one["value"] for one in found["power"]] == [1, 2, 3]
        assert len({one["instanceId"] for one in found["power"]}) == 3
        assert all(one["createdAt"] for one in found["power"])
        assert await powers(town, "timerel=after&timeAt=2026-03-01T09:02:00Z") == [2, 3]
        assert await powers(town, "timerel=before&timeAt=2026-03-01T09:02:00Z") == [1]
        between = "timerel=between&timeAt=2026-03-01T09:01:00Z&endTimeAt=2026-03-01T09:03:00Z"
        assert await powers(town, between) == [1, 2]
        assert await powers(town, "lastN=2") == [2, 3]
        concise = await get(town, "format=concise&lastN=1")
        (one,) = concise["power"]
        assert (one["value"], "type" in one) == (3, False)
        await town.call("DELETE", f"{ENTITIES}/{LAMP}", caller=OPERATOR)
        gone = await get(town, "timeproperty=deletedAt&options=sysAttrs")
        assert gone["power"][0]["value"] == "urn:ngsi-ld:null"
        assert gone["deletedAt"] == gone["power"][0]["deletedAt"]
        listed = await town.call("GET", f"{TEMPORAL}?type=Lamp&{AFTER}", caller=ANNE)
        assert listed.json() == []  # it is not there any more
        ended = f"{TEMPORAL}?type=Lamp&{AFTER}&timeproperty=deletedAt"
        (one,) = (await town.call("GET", ended, caller=ANNE)).json()
        assert one["id"] == LAMP

    live(then)


def test_the_past_can_be_told_corrected_and_taken_out(live: Live) -> None:
    async def then(town: Town) -> None:
        told = {"id": LAMP, "type": "Lamp", "power": [prop(m, m) for m in (5, 9, 7)]}
        made = await town.call("POST", TEMPORAL, told, caller=OPERATOR)
        assert (made.status, made.headers["location"][: len(TEMPORAL)]) == (201, TEMPORAL)
        now = await town.call("GET", f"{ENTITIES}/{LAMP}", caller=ANNE)
        assert now.json()["power"]["value"] == 9  # the newest is the present
        for _ in range(2):  # told twice, there once
            again = await town.call("POST", TEMPORAL, told, caller=OPERATOR)
            assert again.status == 204
        attrs = f"{TEMPORAL}/{LAMP}/attrs"
        more = {"power": [prop(6, 6), prop(99, 5)]}
        assert (await town.call("POST", attrs, more, caller=OPERATOR)).status == 204
        assert await powers(town) == [99, 6, 7, 9]
        first, second, *_ = (await get(town))["power"]
        place = f"{attrs}/power/{first['instanceId']}"
        assert (await town.call("PATCH", place, prop(55, 5), caller=OPERATOR)).status == 204
        changed = (await get(town, "options=sysAttrs"))["power"][0]
        assert (changed["value"], changed["instanceId"]) == (55, first["instanceId"])
        assert changed["createdAt"] < changed["modifiedAt"]
        gone = f"{attrs}/power/{second['instanceId']}"
        assert (await town.call("DELETE", gone, caller=OPERATOR)).status == 204
        assert (await town.call("DELETE", gone, caller=OPERATOR)).status == 404
        assert await powers(town) == [55, 7, 9]
        assert (await town.call("DELETE", f"{attrs}/power", caller=OPERATOR)).status == 204
        assert await powers(town) == []
        assert (await town.call("DELETE", f"{attrs}/power", caller=OPERATOR)).status == 404
        assert (await town.call("DELETE", f"{TEMPORAL}/{LAMP}", caller=OPERATOR)).status == 204
        assert (await town.call("GET", f"{TEMPORAL}/{LAMP}", caller=ANNE)).status == 404
        # it came by its history, and went with it
        assert (await town.call("GET", f"{ENTITIES}/{LAMP}", caller=ANNE)).status == 404

    live(then)


def test_a_forgotten_past_leaves_the_present(live: Live) -> None:
    async def then(town: Town) -> None:
        await lamp(town, 1, 2)
        assert (await town.call("DELETE", f"{TEMPORAL}/{LAMP}", caller=OPERATOR)).status == 204
        assert (await town.call("GET", f"{TEMPORAL}/{LAMP}", caller=ANNE)).status == 404
        now = await town.call("GET", f"{ENTITIES}/{LAMP}", caller=ANNE)
        assert now.json()["power"]["value"] == 2
        change = {"power": prop(3, 3)}
        await town.call("PATCH", f"{ENTITIES}/{LAMP}/attrs", change, caller=OPERATOR)
        assert await powers(town) == [3]

    live(then)


def test_long_answers_come_in_parts(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PAGE, "2")

    async def then(town: Town) -> None:
        await lamp(town, 1, 2, 3, 4, 5)
        told: list[Any] = []
        words = "timerel=after&timeAt=2026-03-01T09:00:00Z&options=temporalValues"
        for _ in range(9):
            answer = await town.call("GET", f"{TEMPORAL}/{LAMP}?{words}", caller=ANNE)
            told += answer.json()["power"]["values"]
            if answer.status == 200:
                break
            assert answer.status == 206
            span, _, size = answer.headers["content-range"].partition("/")
            assert (span.startswith("date-time 2026-03-01T09:0"), size) == (True, "*")
            # that instant is told; the next one is not
            words = f"timerel=after&timeAt={span[-20:-1]}.000001Z&options=temporalValues"
        assert [value for value, _ in told] == [1, 2, 3, 4, 5]
        back = await town.call("GET", f"{TEMPORAL}/{LAMP}?lastN=4", caller=ANNE)
        assert [one["value"] for one in back.json()["power"]] == [4, 5]
        assert back.headers["content-range"] == (
            "date-time 2026-03-01T09:05:00Z-2026-03-01T09:04:00Z/4"
        )

    live(then)


def test_measurements_are_part_of_the_past(live: Live) -> None:
    async def then(town: Town) -> None:
        for name in ("a", "b"):
            await town.call("POST", "/api/test/village/wells", {"well": name}, caller=OPERATOR)
        for depth in (3.0, 5.0, 7.0):
            town.runtime.perform(measure, PLATFORM, depths_m={"a": depth, "b": depth + 1})
        words = "timeproperty=observedAt&attrs=depth&options=temporalValues"
        found = await get(town, words, entity=well_id("b"))
        assert [value for value, _ in found["depth"]["values"]] == [4.0, 6.0, 8.0]
        plain = await get(town, "timeproperty=observedAt&attrs=depth", entity=well_id("b"))
        assert plain["depth"][0]["unitCode"] == "MTR"
        some = f"{TEMPORAL}?type=TestWell&{AFTER}&attrs=depth&format=aggregatedValues"
        answer = await town.call(
            "GET", f"{some}&aggrMethods=avg,max,totalCount&aggrPeriodDuration=PT0S", caller=ANNE
        )
        by_id = {one["id"]: one["depth"] for one in answer.json()}
        assert by_id[well_id("a")]["avg"][0][0] == 5.0
        assert by_id[well_id("b")]["max"][0][0] == 8.0
        assert by_id[well_id("b")]["totalCount"][0][0] == 3

    live(then)


def test_a_query_looks_at_what_was_in_that_time(live: Live) -> None:
    async def then(town: Town) -> None:
        await lamp(town, 1, 50, 2)
        late = "timerel=after&timeAt=2026-03-01T09:00:00Z"
        early = "timerel=before&timeAt=2026-03-01T09:30:00Z"
        for words, found in (
            (f"type=Lamp&{late}&q=power>40", 1),
            (f"type=Lamp&{early}&q=power>40", 0),
            (f"type=Lamp&{early}&q=power>1", 1),
            (f"attrs=colour&{late}", 0),
            (f"type=Lamp&{late}&datasetId=urn:d:1", 0),
            (f"type=Lamp&{late}&idPattern=Lamp:[2-9]", 0),
            (f"type=Lamp&{late}&scopeQ=/a", 0),
        ):
            answer = await town.call("GET", f"{TEMPORAL}?{words}&count=true", caller=ANNE)
            assert (len(answer.json()), answer.headers["ngsild-results-count"]) == (
                found, str(found)
            ), words  # fmt: skip
        posted = {
            "type": "Query",
            "entities": [{"type": "Lamp"}],
            "temporalQ": {"timerel": "after", "timeAt": "2026-03-01T09:02:00Z"},
        }
        path = "/ngsi-ld/v1/temporal/entityOperations/query?options=temporalValues"
        (one,) = (await town.call("POST", path, posted, caller=ANNE)).json()
        assert [value for value, _ in one["power"]["values"]] == [2, 50]

    live(then)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("type=Lamp", "BadRequestData"),
        (f"id={LAMP}&{AFTER}", "BadRequestData"),
        (f"type=Lamp&{AFTER}&options=keyValues", "InvalidRequest"),
        (f"type=Lamp&{AFTER}&format=aggregatedValues", "BadRequestData"),
        (f"type=Lamp&{AFTER}&format=aggregatedValues&aggrMethods=median", "BadRequestData"),
        (f"type=Lamp&{AFTER}&lastN=0", "BadRequestData"),
        (f"type=Lamp&{AFTER}&limit=5000", "BadRequestData"),
        (f"type=Lamp&{AFTER}&colour=red", "InvalidRequest"),
        (f"type=Lamp&{AFTER}&pick=power{{value}}", "BadRequestData"),
        (f"type=Lamp&{AFTER}&attrs=name&format=aggregatedValues&aggrMethods=avg", "InvalidRequest"),
    ],
)
def test_what_makes_no_sense_is_told(live: Live, words: str, name: str) -> None:
    async def then(town: Town) -> None:
        body = {"id": LAMP, "type": "Lamp", "name": prop("bright", 1)}
        await town.call("POST", ENTITIES, body, caller=OPERATOR)
        answer = await town.call("GET", f"{TEMPORAL}?{words}", caller=ANNE)
        assert answer.status == 400
        assert answer.json()["type"] == f"https://uri.etsi.org/ngsi-ld/errors/{name}"

    live(then)


def test_somebodys_past_is_theirs(live: Live) -> None:
    async def then(town: Town) -> None:
        for caller in (ANNE, BERT):
            move_in(town.runtime, caller)
        made = await town.call("POST", "/api/test/village/diaries", {"text": "secret"}, caller=ANNE)
        diary = made.json()
        place = f"{TEMPORAL}/{diary}"
        own = await town.call("GET", place, caller=ANNE)
        assert own.json()["text"][0]["value"] == "secret"
        for stranger in (BERT, OPERATOR):
            assert (await town.call("GET", place, caller=stranger)).status == 404
            some = f"{TEMPORAL}?type=TestDiary&{AFTER}&timeproperty=createdAt"
            assert (await town.call("GET", some, caller=stranger)).json() == []
            added = {"text": [prop("other")]}
            refused = await town.call("POST", f"{place}/attrs", added, caller=OPERATOR)
            assert refused.status == 403
        agreed = await town.call("POST", "/api/me/consents", {"purpose": "care"}, caller=ANNE)
        assert agreed.status == 200
        seen = await town.call("GET", place, caller=BERT, headers={"purpose": "care"})
        assert seen.json()["text"][0]["value"] == "secret"
        looks = (await town.call("GET", "/api/me/access", caller=ANNE)).json()
        assert [look["purpose"] for look in looks if look["reader"] == BERT.id] == ["care"]
        await town.call("DELETE", "/api/me", caller=ANNE)
        for caller in (ANNE, BERT, OPERATOR):
            assert (await town.call("GET", place, caller=caller)).status == 404

    live(then)


def test_what_services_own_has_a_past_that_is_theirs_to_write(live: Live) -> None:
    async def then(town: Town) -> None:
        await town.call("POST", "/api/test/village/wells", {"well": "a"}, caller=OPERATOR)
        place = f"{TEMPORAL}/{well_id('a')}"
        assert (await town.call("GET", place, caller=ANNE)).json()["state"][0]["value"] == "free"
        refused = await town.call(
            "POST", f"{place}/attrs", {"state": [prop("busy", 1)]}, caller=OPERATOR
        )
        assert refused.status == 403
        free = await town.call("POST", f"{place}/attrs", {"smell": [prop("fresh", 1)]},
                               caller=OPERATOR)  # fmt: skip
        assert free.status == 204
        assert (await town.call("DELETE", place, caller=OPERATOR)).status == 403
        assert (await town.call("DELETE", place, caller=ANNE)).status == 403
        made = {"id": well_id("b"), "type": "TestWell", "state": [prop("busy", 1)]}
        assert (await town.call("POST", TEMPORAL, made, caller=OPERATOR)).status == 403

    live(then)


@pytest.mark.parametrize(("name", "most"), [("_MOST_BYTES", 1), ("_BATCH", 1), ("_BATCH", 2)])
def test_the_past_is_read_in_parts(
    live: Live, monkeypatch: pytest.MonkeyPatch, name: str, most: int
) -> None:
    monkeypatch.setattr(history, name, most)

    async def then(town: Town) -> None:
        await lamp(town, 1, 2, 3, 4)
        for minute in (5, 6):
            told = {"power": [prop(minute, minute)]}
            await town.call("POST", f"{TEMPORAL}/{LAMP}/attrs", told, caller=OPERATOR)
        assert await powers(town) == [1, 2, 3, 4, 5, 6]

    live(then)


def test_what_would_take_too_long_is_refused(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    async def then(town: Town) -> None:
        await lamp(town, 1, 2, 3, 4)
        for name, most in (("MOST_LINES", 3), ("MOST_INSTANCES", 3)):
            with monkeypatch.context() as fewer:
                fewer.setattr(reading, name, most)
                answer = await town.call("GET", f"{TEMPORAL}/{LAMP}", caller=ANNE)
            told = answer.json()["type"].rpartition("/")[2]
            assert (answer.status, told) == (403, "TooManyResults")
        assert await powers(town) == [1, 2, 3, 4]

    live(then)


def test_what_strangers_send_is_taken_or_refused(live: Live) -> None:
    bodies: list[Any] = [
        {},
        [],
        {"id": LAMP},
        {"id": "no uri", "type": "Lamp"},
        {"id": LAMP, "type": "Lamp", "power": 5},
        {"id": LAMP, "type": "Lamp", "power": [5]},
        {"id": LAMP, "type": "Lamp", "power": []},
        {"id": LAMP, "type": "Lamp", "power": [prop("\x00")]},
        {"id": LAMP, "type": "Lamp", "power": [prop(1, observedAt="yesterday")]},
        {"id": LAMP, "type": "Lamp", "power": [prop("urn:ngsi-ld:null")]},
        b"{",
        b'{"id": "\xff"}',
        b"[" * 10_000,
    ]
    big = prop(10**400, observedAt="0001-01-01T00:00:00+14:00")
    odd = {"id": LAMP, "type": "Lamp", "power": [big, prop(1, 1), prop("x", 2)], "a": [prop(2)]}

    async def then(town: Town) -> None:
        for body in bodies:
            answer = await town.call("POST", TEMPORAL, body, caller=OPERATOR)
            assert answer.status == 400, body
        assert (await town.call("POST", TEMPORAL, odd, caller=OPERATOR)).status == 201
        for words in (
            "", "options=temporalValues", "format=concise", "lastN=1", "timeproperty=observedAt",
            "format=aggregatedValues&aggrMethods=avg,sum,sumsq,stddev,max,min,distinctCount",
            "format=aggregatedValues&aggrMethods=avg&aggrPeriodDuration=P9000Y",
            "timerel=before&timeAt=9999-12-31T23:59:59-12:00",
            "timerel=after&timeAt=0001-01-01T00:00:00Z&format=aggregatedValues&aggrMethods=avg"
            "&aggrPeriodDuration=P1D",
        ):  # fmt: skip
            answer = await town.call("GET", f"{TEMPORAL}/{LAMP}?{words}", caller=ANNE)
            assert answer.status in (200, 400), (words, answer)

    live(then)


def test_instances_keep_their_names_when_the_city_rises_again(live: Live) -> None:
    kept: list[Any] = []

    async def before(town: Town) -> None:
        await lamp(town, 3, 1, 2)
        told = {"power": [prop(0, 0), prop(9, 2)]}
        await town.call("POST", f"{TEMPORAL}/{LAMP}/attrs", told, caller=OPERATOR)
        first, *_ = (await get(town))["power"]
        place = f"{TEMPORAL}/{LAMP}/attrs/power/{first['instanceId']}"
        await town.call("PATCH", place, prop(5, 0), caller=OPERATOR)
        kept.append(await get(town, "options=sysAttrs"))

    async def after(town: Town) -> None:
        assert await get(town, "options=sysAttrs") == kept[0]
        assert await powers(town) == [5, 1, 9, 3]

    live(before)
    live(after)


def test_sums_are_the_same_from_feed_and_lake(live: Live) -> None:
    async def then(town: Town) -> None:
        for name in ("a", "b", "c"):
            await town.call("POST", "/api/test/village/wells", {"well": name}, caller=OPERATOR)
        some = f"{TEMPORAL}?type=TestWell&{AFTER}&format=aggregatedValues&aggrPeriodDuration=PT1H"
        some += "&aggrMethods=avg,max,min,sum,sumsq,stddev,totalCount,distinctCount"
        lake = Lake(town.live.folder / "lake", RUN)
        for turn in range(3):
            for depth in (3.0 + turn, 5.0, math.nan):
                town.runtime.perform(measure, PLATFORM, depths_m={"a": depth, "b": depth + 1})
            added = {"smell": [prop(turn, turn)]}
            place = f"{TEMPORAL}/{well_id('c')}/attrs"
            assert (await town.call("POST", place, added, caller=OPERATOR)).status == 204
            quick = (await town.call("GET", some, caller=ANNE)).json()
            # with a dataset named, they are read one by one
            slow = (await town.call("GET", f"{some}&datasetId=@none", caller=ANNE)).json()
            assert quick == slow
            depths = {one["id"]: one["depth"] for one in quick if "depth" in one}
            count = sum(row[0] for row in depths[well_id("a")]["totalCount"])
            assert (count, len(depths), len(quick)) == (2 * (turn + 1), 2, 3)
            words = some.partition("type=TestWell&")[2]
            single = await town.call("GET", f"{TEMPORAL}/{well_id('b')}?{words}", caller=ANNE)
            assert single.json()["depth"] == depths[well_id("b")]
            await write_on(town.live.reads, town.live.clock, town.live.folder)
            used, gaps = files_and_gaps(lake.files("measurement"))
            assert (len(used), len(gaps)) == (turn + 1, 1)
            assert gaps[0][0] > 1

    live(then)
