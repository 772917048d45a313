"""Input from feeds and devices: what fits is taken, what does not is kept with its reason."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hapgang.contract import Role
from tests.living import Town, run
from tests.village import person

DEVICE, OPERATOR = person("gateway", Role.DEVICE), person("op", Role.OPERATOR)
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


def test_what_was_mended_is_replayed_and_the_rest_dropped(live: Live) -> None:
    async def then(town: Town) -> None:
        wrong = {"id": "urn:l:1", "type": "Lamp", "power": {"nothing": 1}}
        body = {"origin": "feed", "records": [wrong, "rubbish"]}
        kept = (await town.call("POST", "/api/collect", body, caller=DEVICE)).json()["quarantined"]
        place = f"/api/quarantine/{kept[0]}"
        assert (await town.call("POST", f"{place}/replay", caller=OPERATOR)).status == 422
        assert len((await town.call("GET", "/api/quarantine", caller=OPERATOR)).json()) == 2
        record = town.runtime.state.get(kept[0])
        assert record is not None
        mended = msgspec.structs.replace(record.view, body=LAMP)
        town.runtime.state.put(record.with_view(mended, record.modified, record.seq))
        assert (await town.call("POST", f"{place}/replay", caller=OPERATOR)).status == 200
        assert town.runtime.state.get("urn:l:1") is not None
        other = f"/api/quarantine/{kept[1]}"
        assert (await town.call("DELETE", other, caller=OPERATOR)).status == 200
        assert (await town.call("GET", "/api/quarantine", caller=OPERATOR)).json() == []
        assert (await town.call("DELETE", other, caller=OPERATOR)).status == 404

    live(then)


def test_a_batch_has_an_end(live: Live) -> None:
    async def then(town: Town) -> None:
        body = {"origin": "feed", "records": [1] * 10_001}
        assert (await town.call("POST", "/api/collect", body, caller=DEVICE)).status == 422
        assert town.runtime.state.count("QuarantinedRecord") == 0

    live(then)
