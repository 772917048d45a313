"""Input from feeds and devices: what fits is taken, what does not is kept with its reason."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hapgang.contract import Caller, Role
from tests.living import Town, run
from tests.village import person

DEVICE, OPERATOR = person("gateway", Role.DEVICE), person("op", Role.OPERATOR)
CARER = person("carer", Role.AGENCY)
Then = Callable[[Town], Awaitable[None]]
Live = Callable[..., None]


@pytest.fixture
def live(database: dict[str, Any], small_city: Path, tmp_path: Path) -> Live:
    def do(then: Then, **options: Any) -> None:
        run(then, database, small_city, tmp_path / "state", **options)

    return do


def deep(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


LAMP = {"id": "urn:l:1", "type": "Lamp", "power": 5}
WEATHER = {
    "id": "urn:w:9", "type": "WeatherObserved", "temperature": 3.5, "relativeHumidity": 60,
    "windSpeed": 2.0, "location": {"type": "Point", "coordinates": [127.31, 36.51]},
}  # fmt: skip
BAD: dict[str, tuple[Any, str]] = {
    "no object": ("rubbish", "JSON object"),
    "no id": ({"type": "Lamp"}, "needs its id"),
    "no URI": ({"id": "l 1", "type": "Lamp"}, "not a URI"),
    "owned": ({"id": "urn:w:1", "type": "TestWell"}, "its service only"),
    "does not fit": ({"id": "urn:w:2", "type": "WeatherObserved", "temperature": "hot"}, "valid"),
    "deep": ({"id": "urn:l:2", "type": "Lamp", "a": deep(100)}, "deeper"),
    "very deep": ({"id": "urn:l:3", "type": "Lamp", "a": deep(850)}, "deeper"),
    "somebody's": ({"id": "urn:p:1", "type": "Person", "ageBand": "30-39"}, "another person"),
    "nobody's": ({"id": "x" * 9000, "type": "Person", "secret": "s"}, "nobody's"),
    "a number too large": ({"id": "urn:l:4", "type": "Lamp", "a": {"b": 10**25}}, "none of"),
}  # fmt: skip


def test_what_does_not_fit_is_kept_with_its_reason(live: Live) -> None:
    async def then(town: Town) -> None:
        records = [LAMP, *(record for record, _ in BAD.values()), {**LAMP, "power": 6}]
        body = {"origin": "feed", "records": records}
        taken = await town.call("POST", "/api/collect", body, caller=DEVICE)
        assert taken.status == 200, taken
        assert taken.json()["accepted"] == 2
        assert len(taken.json()["quarantined"]) == len(BAD)
        shown = (await town.call("GET", "/api/quarantine", caller=OPERATOR)).json()
        for kept, (name, (_, why)) in zip(shown, BAD.items(), strict=True):
            assert why in kept["reason"], name
            assert kept["origin"] == "feed"
        lamp = await town.call("GET", "/ngsi-ld/v1/entities/urn:l:1", caller=DEVICE)
        assert lamp.json()["power"]["value"] == 6
        assert "secret" not in msgspec.json.encode(shown).decode()

    live(then)


async def quarantined(town: Town, caller: Caller, *records: Any) -> list[str]:
    """Send records that do not fit, and return where they are kept."""
    body = {"origin": "feed", "records": records}
    taken = (await town.call("POST", "/api/collect", body, caller=caller)).json()
    assert taken["accepted"] == 0
    return [f"/api/quarantine/{name}" for name in taken["quarantined"]]


async def replay(town: Town, place: str, **words: Any) -> bool:
    """Replay a record as an operator; whether it was taken in."""
    answer = await town.call("POST", f"{place}/replay", words, caller=OPERATOR)
    assert answer.status == 200, answer
    kept = answer.json()["quarantined"]
    assert kept == ([] if answer.json()["accepted"] else [place.rpartition("/")[2]])
    return not kept


async def shown(town: Town) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (
        await town.call("GET", "/api/quarantine", caller=OPERATOR)
    ).json()
    return found


def test_a_record_is_replayed_as_it_came_once_the_cause_is_mended(live: Live) -> None:
    async def then(town: Town) -> None:
        post = {"id": "urn:w:1", "type": "WeatherObserved", "temperature": 3}
        (place,) = await quarantined(town, DEVICE, post)
        assert not await replay(town, place)
        station = {**WEATHER, "id": "urn:w:1"}
        made = await town.call("POST", "/ngsi-ld/v1/entities", station, caller=DEVICE)
        assert made.status == 201
        assert await replay(town, place)
        found = await town.call("GET", "/ngsi-ld/v1/entities/urn:w:1", caller=DEVICE)
        assert found.json()["temperature"]["value"] == 3
        assert await shown(town) == []

    live(then)


def test_a_corrected_record_is_its_senders(live: Live) -> None:
    async def then(town: Town) -> None:
        (place,) = await quarantined(town, DEVICE, {**WEATHER, "temperature": "hot"})
        (kept,) = await shown(town)
        assert (kept["caller"], kept["role"]) == (DEVICE.id, "device")
        assert not await replay(town, place, body={**WEATHER, "windSpeed": "strong"})
        (again,) = await shown(town)
        assert "temperature_c" in kept["reason"]
        assert "wind_m_s" in again["reason"]
        assert {**again, "reason": ""} == {**kept, "reason": ""}
        assert await replay(town, place, body=WEATHER)
        found = await town.call("GET", f"/ngsi-ld/v1/entities/{WEATHER['id']}", caller=DEVICE)
        assert found.json()["createdBy"]["value"] == DEVICE.id
        assert (await town.call("POST", f"{place}/replay", caller=OPERATOR)).status == 404

    live(then)


def test_a_personal_record_is_corrected_for_its_person_only(live: Live) -> None:
    async def then(town: Town) -> None:
        me = {"id": CARER.id, "type": "Person", "ageBand": "30-39"}
        (place,) = await quarantined(town, CARER, {**me, "ageBand": "old"})
        consent = {"id": "urn:c:1", "type": "Consent", "purpose": "anything",
                   "dataSubject": {"object": CARER.id}}  # fmt: skip
        for other in ({**me, "id": DEVICE.id}, consent, {"id": "urn:x:1", "type": "Copy"}):
            assert not await replay(town, place, body=other)
            assert "about the same person" in (await shown(town))[0]["reason"]
        assert await replay(town, place, body=me)
        found = await town.call("GET", f"/ngsi-ld/v1/entities/{CARER.id}", caller=CARER)
        assert found.json()["ageBand"]["value"] == "30-39"
        (place,) = await quarantined(town, DEVICE, {"id": "urn:l:1", "type": "Lamp", "power": {}})
        assert not await replay(town, place, body={**me, "id": DEVICE.id})

    live(then)


def test_the_quarantine_is_browsed_without_anybody_s_data(live: Live) -> None:
    async def then(town: Town) -> None:
        me = {"id": CARER.id, "type": "Person", "ageBand": "as old as my secret"}
        await quarantined(town, CARER, me)
        await quarantined(town, DEVICE, {**WEATHER, "temperature": "hot"}, "rubbish")
        answer = await town.call("GET", "/api/quarantine/lines", caller=OPERATOR)
        assert b"secret" not in answer.body
        assert CARER.id.encode() not in answer.body
        hers, weather, rubbish = answer.json()
        assert (hers["type"], hers["is_personal"], hers["role"]) == ("Person", True, "agency")
        assert hers["reason"] is hers["caller"] is None
        assert (weather["caller"], rubbish["type"]) == (DEVICE.id, None)
        assert "temperature_c" in weather["reason"]
        page = await town.call("GET", "/api/quarantine/lines?limit=1&offset=1", caller=OPERATOR)
        assert page.json() == [weather]
        assert await town.live.reads.reads_of(CARER.id, 10) == []
        read = await town.call("GET", f"/api/quarantine/{hers['id']}", caller=OPERATOR)
        assert read.json()["body"] == me
        (line,) = await town.live.reads.reads_of(CARER.id, 10)
        assert line["reader"] == OPERATOR.id
        for path in ("lines", weather["id"]):
            for caller in (DEVICE, CARER):
                refused = await town.call("GET", f"/api/quarantine/{path}", caller=caller)
                assert refused.status == 403

    live(then)


def test_what_is_in_quarantine_can_be_dropped(live: Live) -> None:
    async def then(town: Town) -> None:
        (place,) = await quarantined(town, DEVICE, "rubbish")
        assert (await town.call("DELETE", place, caller=OPERATOR)).status == 200
        assert await shown(town) == []
        assert (await town.call("DELETE", place, caller=OPERATOR)).status == 404

    live(then)


def test_a_batch_has_an_end(live: Live) -> None:
    async def then(town: Town) -> None:
        body = {"origin": "feed", "records": [1] * 10_001}
        assert (await town.call("POST", "/api/collect", body, caller=DEVICE)).status == 422
        assert town.runtime.state.count("QuarantinedRecord") == 0

    live(then)
