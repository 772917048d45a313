"""Entities as any client writes and reads them: ownership and privacy hold there too."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hapgang.core.errors import CityError, Conflict, Invalid, NotFound, Refused
from hapgang.core.remembered import Remembered
from hapgang.core.text import Text
from hapgang.core.vocabulary.people import AgeBand, Consent, Person
from hapgang.core.vocabulary.platform import QuarantinedRecord
from hapgang.hub.desk import Desk
from hapgang.hub.documents import Documents
from hapgang.hub.ngsild.fragment import check_plain
from hapgang.hub.ngsild.geo import GeoQuery
from hapgang.hub.ngsild.kinds import attribute_in
from hapgang.hub.ngsild.represent import Shape, represent
from hapgang.hub.ngsild.types import any_of
from hapgang.hub.qlang import parse
from hapgang.hub.query import where
from hapgang.hub.record import Record
from hapgang.hub.rights import Rights
from hapgang.hub.search import Selection, candidates, search
from hapgang.hub.state import State
from hapgang.writer.unit import Unit
from tests.village import HERE, Well

NOW = datetime(2026, 11, 23, tzinfo=UTC)
ME, OTHER = "urn:p:me", "urn:p:other"
LAMP = {"id": "urn:l:1", "type": "Lamp", "power": {"type": "Property", "value": 5}}


class Town:
    """A state, and documents at it for any caller; each use is a unit of its own."""

    def __init__(self) -> None:
        self.state = State()
        self.closed: Remembered[Record] = Remembered()
        self.unit = Unit(0, NOW, "", "")

    def desk(self, caller: str) -> Desk:
        self.unit = Unit(self.unit.seq + 1, NOW, "test", caller)
        rights = Rights("platform", is_platform=True, owns=frozenset({"TestWell"}))
        return Desk(rights, self.state, self.unit, caller, self.closed)

    def documents(self, caller: str = ME, purpose: str = "") -> Documents:
        desk = self.desk(caller)
        seq = self.unit.seq
        return Documents(desk, self.state, caller=caller, at=NOW, seq=seq, purpose=purpose)

    def search(
        self, selection: Selection, *, caller: str = ME, limit: int = 9, offset: int = 0
    ) -> tuple[list[str], int]:
        page = search(self.documents(caller), self.state, (selection,), limit=limit, offset=offset)
        return [record.id for record in page.records], page.count


def simplified(record: Record) -> dict[str, Any]:
    return represent(record, Shape(style="simplified"))


@pytest.fixture
def town() -> Town:
    town = Town()
    town.desk("").save(Well(id="urn:x:well", location=HERE))
    town.desk(OTHER).save(Person(id=OTHER, age_band=AgeBand.TEENS))
    return town


def test_free_entities_belong_to_everybody(town: Town) -> None:
    town.documents().create(dict(LAMP))
    assert [item.kind for item in town.unit.items] == ["created"]
    town.documents(OTHER).merge("urn:l:1", {"power": 7, "colour": "red"})
    found = town.documents().get("urn:l:1")
    assert simplified(found) == {"id": "urn:l:1", "type": "Lamp", "power": 7, "colour": "red"}
    town.documents().merge("urn:l:1", {"power": "urn:ngsi-ld:null"})
    assert simplified(town.documents().get("urn:l:1")) == {
        "id": "urn:l:1", "type": "Lamp", "colour": "red"
    }  # fmt: skip
    town.documents(OTHER).delete("urn:l:1")
    with pytest.raises(NotFound):
        town.documents().get("urn:l:1")


def test_an_id_is_given_once(town: Town) -> None:
    town.documents().create(dict(LAMP))
    with pytest.raises(Conflict, match="exists"):
        town.documents(OTHER).create(dict(LAMP))
    town.desk("").close(Well(id="urn:x:well", location=HERE))
    with pytest.raises(Conflict, match="closed"):
        town.documents().create({**LAMP, "id": "urn:x:well"})


@pytest.mark.parametrize("name", ["TestWell", "Job", "DeadLetter", "QuarantinedRecord"])
def test_what_services_and_the_platform_own_is_theirs_to_make(town: Town, name: str) -> None:
    with pytest.raises(Refused):
        town.documents().create({"id": "urn:x:2", "type": name})


def test_clients_add_to_owned_entities_what_nobody_declares(town: Town) -> None:
    documents = town.documents()
    documents.merge("urn:x:well", {"colour": {"value": "blue"}})
    assert simplified(documents.get("urn:x:well"))["colour"] == "blue"
    for name in ("value", "location", "createdBy", "state"):
        with pytest.raises(Refused):
            town.documents().merge("urn:x:well", {name: 1})
    with pytest.raises(Refused):
        town.documents().delete("urn:x:well")


@pytest.mark.parametrize("name", ["TestWell", "Job", "Person", "Consent"])
def test_nothing_becomes_what_it_was_not_made_as(town: Town, name: str) -> None:
    town.documents().create({**LAMP, "value": 5})
    said = {"type": name, "power": 1}
    with pytest.raises((Refused, Invalid)):
        town.documents().merge("urn:l:1", said)
    with pytest.raises((Refused, Invalid)):
        town.documents().replace(town.documents().get("urn:l:1"), said)
    assert town.documents().get("urn:l:1").types == ("Lamp",)
    town.documents().merge("urn:l:1", {"type": ["Lamp", "Torch"]})
    assert town.documents().get("urn:l:1").types == ("Lamp", "Torch")


def test_who_made_an_entity_is_not_told_by_clients(town: Town) -> None:
    mine = {
        "id": "urn:c:1",
        "type": "Consent",
        "dataSubject": {"type": "Relationship", "object": ME},
        "purpose": "research",
    }
    town.documents().create(mine)
    for other in ("urn:x:service", "urn:ngsi-ld:null"):
        with pytest.raises(Refused):
            town.documents().merge("urn:c:1", {"createdBy": other})
    town.documents().merge("urn:c:1", {"createdBy": ME, "purpose": "planning"})
    assert town.documents().get("urn:c:1").value("createdBy") == ME


def test_personal_data_is_for_the_person(town: Town) -> None:
    with pytest.raises(NotFound):
        town.documents(ME).get(OTHER)
    assert town.documents(OTHER).get(OTHER).id == OTHER
    assert town.search(Selection(types=any_of(["Person"]))) == ([], 0)
    with pytest.raises(NotFound):
        town.documents(ME).merge(OTHER, {"nickname": "Bob"})
    with pytest.raises(Refused, match="another person"):
        town.documents(ME).create(
            {"id": "urn:p:third", "type": "Person", "ageBand": {"value": "10-19"}}
        )


@pytest.mark.parametrize(
    ("consent", "may"),
    [
        ({}, True),
        ({"until": NOW + timedelta(seconds=1)}, True),
        ({"until": NOW}, False),
        ({"revoked": True}, False),
        ({"purpose": "advertising"}, False),
        ({"person": ME}, False),
    ],
    ids=str,
)
def test_consent_opens_personal_data_for_its_purpose(
    town: Town, consent: dict[str, Any], may: bool
) -> None:
    given = {"id": "urn:c:1", "person": OTHER, "purpose": "research", **consent}
    town.desk(OTHER).save(Consent(**given))
    documents = town.documents(ME, purpose="research")
    if not may:
        with pytest.raises(NotFound):
            documents.get(OTHER)
        return
    documents.get(OTHER)
    (read,) = town.unit.reads
    assert (read.person, read.reader, read.purpose) == (OTHER, ME, "research")


def test_nobody_consents_in_anothers_name(town: Town) -> None:
    consent = {
        "id": "urn:c:1",
        "type": "Consent",
        "dataSubject": {"type": "Relationship", "object": ME},
        "purpose": {"type": "Property", "value": "anything"},
    }
    with pytest.raises(Refused):
        town.documents(ME).create(
            {**consent, "dataSubject": {"type": "Relationship", "object": OTHER}}
        )
    town.documents(ME).create(consent)
    with pytest.raises(Refused, match="cannot become another"):
        town.documents(ME).merge(
            "urn:c:1", {"dataSubject": {"type": "Relationship", "object": OTHER}}
        )
    with pytest.raises(NotFound):
        town.documents(ME, purpose="anything").get(OTHER)


def test_what_operators_keep_is_no_entity_to_clients(town: Town) -> None:
    kept = QuarantinedRecord(
        id="urn:q:1", origin="feed", caller=ME, role="device", reason="bad", body={}, at=NOW
    )
    town.desk("").save(kept)
    with pytest.raises(NotFound):
        town.documents().get("urn:q:1")
    assert town.search(Selection(types=any_of(["QuarantinedRecord"]))) == ([], 0)


def test_pages_count_all_and_show_some(town: Town) -> None:
    for number in range(7):
        town.documents().create({**LAMP, "id": f"urn:l:{number}", "power": {"value": number}})
    bright = Selection(types=any_of(["Lamp"]), query=where.power > 1)
    assert town.search(bright, limit=2, offset=3) == (["urn:l:5", "urn:l:6"], 5)
    here = {"type": "Point", "coordinates": list(HERE.coordinates)}
    around = Selection(
        types=any_of(["TestWell", "Lamp"]), geo=GeoQuery("maxDistance", here, far_m=10.0)
    )
    assert town.search(around) == (["urn:x:well"], 1)
    assert town.search(Selection(ids=("urn:l:1", "urn:none"))) == (["urn:l:1"], 1)


def test_an_index_is_looked_at_where_there_is_one(town: Town) -> None:
    for number in range(3):
        well = Well(id=f"urn:x:{number}", location=HERE, state="busy" if number else "free")
        town.desk("").save(well)
    for q, looked_at in (('state=="busy"', 2), ('state=="busy";value>1', 2), ("value>=0", 4)):
        selection = Selection(types=any_of(["TestWell"]), query=parse(q))
        assert len(list(candidates(town.state, selection))) == looked_at, q
    busy = Selection(types=any_of(["TestWell"]), query=parse('state=="busy"'))
    assert town.search(busy) == (["urn:x:1", "urn:x:2"], 2)


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"id": "urn:l:1"},
        {"type": "Lamp"},
        {"id": 5, "type": "Lamp"},
        {"id": "lamp", "type": "Lamp"},
        {"id": "urn:l:1", "type": ""},
        {"id": "urn:l:1", "type": "Lamp", "a": {"nothing": 1}},
        {"id": "urn:l:1", "type": "Lamp", "a": {"type": "Property"}},
        {"id": "urn:l:1", "type": "Lamp", "a": {"value": "x\x00"}},
        {"id": "urn:l:1", "type": "Lamp", "a\x00": {"value": 1}},
        {"id": "urn:w:1", "type": "WeatherObserved", "temperature": {"value": "warm"}},
    ],
    ids=str,
)
def test_documents_that_do_not_fit(town: Town, document: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        town.documents().create(document)
    assert town.unit.is_empty


def test_depth_has_an_end() -> None:
    nested: Any = 1
    for _ in range(63):
        nested = [nested]
    check_plain(nested)
    with pytest.raises(Invalid, match="deeper"):
        check_plain({"a": [nested]})


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (5, "Property"), ([1, 2], "Property"), ({"value": 5}, "Property"),
        ({"object": "urn:x:1"}, "Relationship"), ({"languageMap": {"en": "a"}}, "LanguageProperty"),
        ({"type": "Point", "coordinates": [1, 2]}, "GeoProperty"),
        ({"value": {"type": "Point", "coordinates": [1, 2]}}, "GeoProperty"),
        ({"json": {"a": 1}}, "JsonProperty"), ({"vocab": "a"}, "VocabProperty"),
        ({"valueList": [1]}, "ListProperty"), ({"objectList": []}, "ListRelationship"),
    ],
)  # fmt: skip
def test_concise_attributes_get_their_type(raw: Any, kind: str) -> None:
    assert attribute_in("a", raw)["type"] == kind


def test_errors_speak_both_languages(town: Town) -> None:
    with pytest.raises(CityError) as error:
        town.documents().get("urn:none")
    assert isinstance(error.value.message, Text)
    assert "없습니다" in error.value.message.ko
