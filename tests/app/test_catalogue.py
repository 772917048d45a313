"""The catalogue tells of every type, and counts for each role what it may know of."""

from pathlib import Path
from typing import Any

from hapgang.contract import Caller, Role
from tests.living import Town, run
from tests.village import NAME, move_in, person

OPERATOR, PLANNER = person("op", Role.OPERATOR), person("planner", Role.PLANNER)
ANNE, DEVICE = person("anne"), person("gateway", Role.DEVICE)


async def types(town: Town, caller: Caller) -> dict[str, dict[str, Any]]:
    answer = await town.call("GET", "/api/types", caller=caller)
    assert answer.status == 200
    return {one["name"]: one for one in answer.json()}


def test_every_type_is_told_and_counted_for_those_who_may(
    database: dict[str, Any], small_city: Path, tmp_path: Path
) -> None:
    async def then(town: Town) -> None:
        await town.call("POST", "/api/test/village/wells", {"well": "a"}, caller=OPERATOR)
        move_in(town.runtime, ANNE)
        lamp = {"id": "urn:l:1", "type": "Lamp", "power": 5}
        await town.call("POST", "/ngsi-ld/v1/entities", lamp, caller=DEVICE)
        bad = {"origin": "feed", "records": ["rubbish"]}
        await town.call("POST", "/api/collect", bad, caller=DEVICE)
        seen = await types(town, OPERATOR)
        well = seen["TestWell"]
        assert (well["number"], well["services"], well["sharing"]) == (1, [NAME], "owned")
        depth = next(one for one in well["attributes"] if one["name"] == "depth")
        assert depth == {"name": "depth", "kind": "Property", "unit": "MTR", "is_time": False}
        assert (seen["Lamp"]["number"], seen["Lamp"]["sharing"]) == (1, "free")
        assert seen["Person"]["is_personal"]
        assert seen["QuarantinedRecord"]["is_internal"]
        for caller, people, kept in (
            (OPERATOR, 1, 1), (PLANNER, 1, None), (ANNE, None, None), (DEVICE, None, None),
        ):  # fmt: skip
            told = await types(town, caller)
            assert told["Person"]["number"] == people
            assert told["QuarantinedRecord"]["number"] == kept
            assert told["TestWell"]["number"] == 1
        assert (await town.call("GET", "/api/types")).status == 401

    run(then, database, small_city, tmp_path / "state")
