"""The data map tells everybody what they may know, and of what is open where to get it."""

from pathlib import Path
from typing import Any

import pytest
from rdflib import DCAT, DCTERMS, RDF

from hapgang.app.datamap.city import publisher_of
from hapgang.contract import Caller, Role
from hapgang.core.errors import Invalid
from hapgang.twin.scene import read_facts
from tests.hub.datamap.peer import read, violations
from tests.living import Town, run
from tests.village import move_in, person, write_diary

OPERATOR, PLANNER = person("op", Role.OPERATOR), person("planner", Role.PLANNER)
ANNE, DEVICE = person("anne"), person("gateway", Role.DEVICE)


async def settle(town: Town) -> None:
    """A city with two wells, one person, one diary, one free lamp, and something set aside."""
    for well in ("a", "b"):
        await town.call("POST", "/api/test/village/wells", {"well": well}, caller=OPERATOR)
    move_in(town.runtime, ANNE)
    town.runtime.perform(write_diary, ANNE, text="dear diary")
    lamp = {"id": "urn:l:1", "type": "Lamp", "power": 5}
    await town.call("POST", "/ngsi-ld/v1/entities", lamp, caller=DEVICE)


async def listed(town: Town, words: str = "", caller: Caller | None = None) -> dict[str, Any]:
    answer = await town.call("GET", f"/api/data{words}", caller=caller)
    assert answer.status == 200, answer.body
    return {one["id"]: one for one in answer.json()["sets"]}


def test_each_hears_what_they_may(
    database: dict[str, Any], small_city: Path, tmp_path: Path
) -> None:
    async def then(town: Town) -> None:
        await settle(town)
        strangers, of_anne = await listed(town), await listed(town, caller=ANNE)
        of_operator = await listed(town, caller=OPERATOR)
        assert strangers["type.TestWell"]["access"] == "open"
        assert strangers["type.TestWell"]["number"] == 2
        assert strangers["type.TestTally"]["access"] == "signed_in"  # it does not say it is open
        assert strangers["type.TestDiary"]["access"] == "sealed"
        assert strangers["type.TestDiary"]["number"] is None
        assert strangers["layer.buildings"]["title"]["ko"] == "건물"
        assert not {"type.Job", "type.Lamp", "type.QuarantinedRecord"} & strangers.keys()
        assert of_anne["type.Lamp"]["access"] == "signed_in"
        assert of_anne["type.Job"]["number"] is None
        assert of_anne["type.Person"]["number"] is None
        assert of_operator["type.Person"]["number"] == 1
        assert of_operator["type.Job"]["number"] == 0
        for path in ("type.Job", "type.Lamp", "type.Nothing", "nothing"):
            assert (await town.call("GET", f"/api/data/{path}")).status == 404
        sealed = (await town.call("GET", "/api/data/type.TestDiary", caller=ANNE)).json()
        assert sealed["quality"] is None
        assert [way["media_type"] for way in sealed["set"]["distributions"]] == [
            "application/schema+json"
        ]

    run(then, database, small_city, tmp_path / "state")


def test_the_list_is_searched_in_both_languages(
    database: dict[str, Any], small_city: Path, tmp_path: Path
) -> None:
    async def then(town: Town) -> None:
        assert set(await listed(town, "?q=trees")) == {"layer.trees"}
        assert set(await listed(town, "?q=나무")) == {"layer.trees"}
        assert "type.TestWell" in await listed(town, "?q=DEPTH test")  # an attribute, a part of it
        assert await listed(town, "?q=unheard-of") == {}
        assert all(one["kind"] == "table" for one in (await listed(town, "?kind=table")).values())
        for words in (f"q={'x' * 201}", "kind=unheard", "unheard=of", "q=%00"):
            assert (await town.call("GET", f"/api/data?{words}")).status == 422

    run(then, database, small_city, tmp_path / "state")


def test_one_set_tells_quality_use_and_lineage(
    database: dict[str, Any], small_city: Path, tmp_path: Path
) -> None:
    async def then(town: Town) -> None:
        await settle(town)
        bad = {"id": "urn:ngsi-ld:WeatherObserved:x", "type": "WeatherObserved", "humidity": []}
        await town.call("POST", "/api/collect", {"origin": "t", "records": [bad]}, caller=DEVICE)
        for _ in range(3):
            await town.call("GET", "/ngsi-ld/v1/entities?type=TestWell", caller=ANNE)
        await town.call("GET", "/ngsi-ld/v1/entities?type=Unheard", caller=ANNE)
        await town.call("GET", "/ogc/collections/type.TestWell/items?limit=zero")  # not answered
        await town.call("GET", "/ogc/collections/type.TestWell/items")
        told = (await town.call("GET", "/api/data/type.TestWell")).json()
        assert told["use"]["reads"] == told["use"]["reads_today"] == 4
        quality = told["quality"]
        assert (quality["number"], quality["plausible_pct"], quality["accepted_pct"]) == (
            2,
            100,
            100,
        )
        filled = {one["name"]: one["share_pct"] for one in quality["filled"]}
        assert filled == {"location": 100, "value": 100, "state": 100, "depth": 100,
                          "checkedAt": 0, "marks": 100}  # fmt: skip
        assert quality["complete_pct"] == pytest.approx(500 / 6)
        weather = (await town.call("GET", "/api/data/type.WeatherObserved")).json()
        assert weather["quality"]["accepted_pct"] == 0
        person = (await town.call("GET", "/api/data/type.Person")).json()
        assert person["read_by"][0]["purpose"] == {"en": "greeting", "ko": "인사"}
        edges = {(edge["source"], edge["target"]) for edge in told["lineage"]["edges"]}
        assert ("service.test.village", "type.TestWell") in edges
        assert ("service.lake", "table.event") in edges

    run(then, database, small_city, tmp_path / "state")


def test_layers_and_tables_are_measured_for_who_may(
    database: dict[str, Any], small_city: Path, tmp_path: Path
) -> None:
    async def then(town: Town) -> None:
        places = (await town.call("GET", "/api/data/layer.places")).json()["quality"]
        assert places["number"] == 9
        assert 0 < places["complete_pct"] < 100  # these places lie in no building
        for caller, is_told in ((None, False), (ANNE, False), (PLANNER, True)):
            answer = await town.call("GET", "/api/data/table.event", caller=caller)
            assert (answer.json()["quality"] is not None) is is_told

    run(then, database, small_city, tmp_path / "state")


def test_dcat_keeps_to_the_shapes_and_tells_no_stranger_of_the_inside(
    database: dict[str, Any], small_city: Path, tmp_path: Path
) -> None:
    async def then(town: Town) -> None:
        await settle(town)
        accept = {"accept": "text/turtle, application/ld+json;q=0.5"}
        answer = await town.call("GET", "/api/data/dcat", headers=accept)
        assert answer.headers["content-type"] == "text/turtle"
        graph = read(answer.body, "turtle")
        names = {str(graph.value(one, DCTERMS.identifier)) for one in _sets(graph)}
        assert names == set(await listed(town))
        mine = await town.call("GET", "/api/data/dcat.jsonld", caller=OPERATOR)
        assert mine.headers["content-type"] == "application/ld+json"
        own = read(mine.body, "json-ld")
        assert len(_sets(own)) == len(await listed(town, caller=OPERATOR)) > len(names)
        for every in (graph, own):
            for shapes in ("shapes.ttl", "range.ttl"):
                assert violations(every, shapes) == []

    run(then, database, small_city, tmp_path / "state")


def _sets(graph: Any) -> list[Any]:
    return list(graph.subjects(RDF.type, DCAT.Dataset))


def test_schemas_are_there_for_what_is_declared(
    database: dict[str, Any], small_city: Path, tmp_path: Path
) -> None:
    async def then(town: Town) -> None:
        await settle(town)
        schema = await town.call("GET", "/api/data/type.TestWell/schema")
        assert schema.headers["content-type"] == "application/schema+json"
        assert schema.json()["properties"]["depth"]["maximum"] == 100
        for name in ("type.Lamp", "layer.trees"):
            answer = await town.call("GET", f"/api/data/{name}/schema", caller=ANNE)
            assert answer.status == 404

    run(then, database, small_city, tmp_path / "state")


def test_a_city_says_who_publishes_and_under_which_licence(
    small_city: Path, tmp_path: Path
) -> None:
    facts = read_facts(small_city)
    assert publisher_of(tmp_path, facts).licence is None  # nobody is allowed anything
    assert publisher_of(tmp_path, facts).name == facts.title
    file = tmp_path / "open_data.toml"
    file.write_text('licence = "CC0-1.0"\ncontact = "a@b.example"\n')
    said = publisher_of(tmp_path, facts)
    assert (said.licence.name if said.licence else "", said.contact) == ("CC0 1.0", "a@b.example")
    for wrong in ('licence = "mine"', 'licens = "CC0-1.0"', "licence = [", 'contact = "a b"'):
        file.write_text(wrong)
        with pytest.raises(Invalid, match=r"open_data\.toml"):
            publisher_of(tmp_path, facts)
