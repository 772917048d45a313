"""What a desk lets a service see and write."""

from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
import numpy as np
import pytest

from hapgang.core.entity import Entity, Relationship, Sharing, entity
from hapgang.core.errors import Conflict, Invalid, NotFound, Refused
from hapgang.core.event import Event
from hapgang.core.geometry import Point
from hapgang.core.remembered import Remembered
from hapgang.core.text import Text
from hapgang.core.vocabulary.people import AgeBand, Message, Person
from hapgang.hub.desk import Desk
from hapgang.hub.query import where
from hapgang.hub.record import Record, record_of
from hapgang.hub.rights import Restricted, Rights
from hapgang.hub.state import State
from hapgang.writer.unit import Read, Unit
from tests.village import HERE, Drawn, Well

NOW = datetime(2026, 11, 23, tzinfo=UTC)
OWNER = Rights("wells", owns=frozenset({"TestWell"}))
STRANGER = Rights("stranger")
READER = Rights("reader", reads={"Person": (("age_band", "licence"), "greeting")})
TELLER = Rights("teller", contributes=frozenset({"Message", "TestShared"}))
OTHER_TELLER = Rights("other teller", contributes=frozenset({"Message", "TestShared"}))
PLATFORM = Rights("platform", is_platform=True)
WELL = Well(id="urn:x:1", location=HERE)
ANNE = Person(id="urn:p:anne", age_band=AgeBand.THIRTIES, home=HERE)


@entity("TestShared", sharing=Sharing.SHARED)
class Shared(Entity, frozen=True, kw_only=True):
    """What several may write."""

    note: str = ""


@entity("TestPersonalPlace", person="owner")
class PersonalPlace(Entity, frozen=True, kw_only=True):
    """Where somebody was."""

    owner: Annotated[str, Relationship()]
    location: Point


class Town:
    """A state and desks at it, each with a unit of its own."""

    def __init__(self) -> None:
        self.state = State()
        self.closed: Remembered[Record] = Remembered()
        self.units: list[Unit] = []

    def desk(self, rights: Rights, caller: str = "urn:p:somebody") -> Desk:
        self.units.append(Unit(len(self.units) + 1, NOW, "test", caller))
        return Desk(rights, self.state, self.units[-1], caller, self.closed)

    @property
    def last(self) -> Unit:
        return self.units[-1]


@pytest.fixture
def town() -> Town:
    return Town()


def message(name: str, person: str = "urn:p:anne") -> Message:
    text = Text("Hello", "안녕")
    return Message(id=f"urn:m:{name}", person=person, title=text, body=text, sent_at=NOW)


@pytest.mark.parametrize(
    "rights", [STRANGER, READER, TELLER, PLATFORM], ids=lambda rights: rights.service
)
def test_only_the_owner_writes(town: Town, rights: Rights) -> None:
    town.desk(OWNER).save(WELL)
    desk = town.desk(rights)
    for write in (
        lambda: desk.save(msgspec.structs.replace(WELL, count=1)),
        lambda: desk.save(msgspec.structs.replace(WELL, id="urn:x:2")),
        lambda: desk.delete(Well, WELL.id),
        lambda: desk.close(WELL),
        lambda: desk.record(Well, [WELL.id], NOW, depth_m=np.array([2.0])),
    ):
        with pytest.raises(Refused):
            write()
    assert town.last.is_empty


def test_saving_writes_what_differs(town: Town) -> None:
    town.desk(OWNER).save(WELL)
    town.desk(OWNER).save(WELL)
    assert town.last.is_empty
    town.desk(OWNER).save(msgspec.structs.replace(WELL, count=2, location=None))
    (item,) = town.last.items
    assert (item.kind, item.entity) == ("updated", WELL.id)
    assert item.body == {"value": {"type": "Property", "value": 2}, "location": None}


def test_what_other_clients_added_survives_a_typed_save(town: Town) -> None:
    town.desk(OWNER).save(WELL)
    old = town.state.get(WELL.id)
    assert old is not None
    colour = {"type": "Property", "value": "blue"}
    document = {**old.document(), "colour": colour}
    town.state.put(record_of(document, created=NOW, modified=NOW, seq=1))
    town.desk(OWNER).save(msgspec.structs.replace(WELL, count=5))
    found = town.state.get(WELL.id)
    assert found is not None
    assert found.document()["colour"] == colour


def test_an_id_belongs_to_one_type(town: Town) -> None:
    town.desk(TELLER).save(Shared(id=WELL.id))
    with pytest.raises(Conflict, match="is the id of a TestShared"):
        town.desk(OWNER).save(WELL)
    with pytest.raises(NotFound):
        town.desk(OWNER).get(Well, WELL.id)
    with pytest.raises(NotFound):
        town.desk(OWNER).delete(Well, WELL.id)
    free = {"id": "urn:x:free", "type": "Free"}
    town.state.put(record_of(free, created=NOW, modified=NOW, seq=1))
    with pytest.raises(Conflict):
        town.desk(OWNER).save(msgspec.structs.replace(WELL, id="urn:x:free"))


@pytest.mark.parametrize(
    "view",
    [
        Well(id="no uri", location=None),
        Well(id="urn:x:1", location=None, depth_m=float("nan")),
        Well(id="urn:x:1", location=None, depth_m=101),
        Well(id="urn:x:1", location=None, count=-1),
    ],
)
def test_what_disk_would_not_give_back_is_refused(town: Town, view: Well) -> None:
    with pytest.raises(Invalid):
        town.desk(OWNER).save(view)
    assert town.last.is_empty
    assert len(town.state) == 0


def test_a_closed_entity_is_read_but_not_opened_again(town: Town) -> None:
    town.desk(OWNER).save(WELL)
    town.desk(OWNER).close(msgspec.structs.replace(WELL, count=9))
    assert [item.kind for item in town.last.items] == ["updated", "closed"]
    assert town.state.get(WELL.id) is None
    assert town.desk(OWNER).get(Well, WELL.id).count == 9
    assert town.desk(OWNER).find(Well) == []
    with pytest.raises(Conflict, match="closed"):
        town.desk(OWNER).save(WELL)
    with pytest.raises(NotFound):
        town.desk(OWNER).delete(Well, WELL.id)


def test_contributors_write_what_they_created(town: Town) -> None:
    town.desk(TELLER).save(Shared(id="urn:s:1", note="mine"))
    with pytest.raises(Refused):
        town.desk(OTHER_TELLER).save(Shared(id="urn:s:1", note="not mine"))
    town.desk(TELLER).save(Shared(id="urn:s:1", note="still mine"))
    town.desk(PLATFORM).save(Shared(id="urn:s:1", note="the platform's"))
    record = town.state.get("urn:s:1")
    assert record is not None
    assert record.document()["createdBy"]["value"] == "teller"


def test_contributors_do_not_read_each_others_mail(town: Town) -> None:
    town.desk(TELLER).save(message("1"))
    desk = town.desk(OTHER_TELLER)
    desk.save(message("2"))
    assert [found.id for found in desk.find(Message)] == ["urn:m:2"]
    with pytest.raises(NotFound):
        desk.get(Message, "urn:m:1")
    assert [found.id for found in town.desk(PLATFORM).find(Message)] == ["urn:m:1", "urn:m:2"]


def test_a_reader_sees_the_fields_it_asked_for(town: Town) -> None:
    town.desk(PLATFORM).save(ANNE)
    desk = town.desk(READER)
    found: Any = desk.get(Person, ANNE.id)
    assert isinstance(found, Restricted)
    assert (found.id, found.age_band, found.licence) == (ANNE.id, AgeBand.THIRTIES, False)
    for field in ("home", "walking", "nothing"):
        with pytest.raises(Refused, match=f"Person.{field}"):
            getattr(found, field)
    assert list(town.last.reads) == [
        Read(ANNE.id, "urn:p:somebody", "reader", "greeting", "age_band,licence")
    ]


def test_people_are_not_found_by_what_must_not_be_seen(town: Town) -> None:
    town.desk(PLATFORM).save(ANNE)
    desk = town.desk(READER)
    assert len(desk.find(Person, where.age_band == AgeBand.THIRTIES)) == 1
    hidden = (where.age_band == AgeBand.THIRTIES) & (where.home == HERE)
    with pytest.raises(Refused, match=r"Person\.home"):
        desk.find(Person, hidden)
    reader = Rights("reader", reads={"TestPersonalPlace": (("owner",), "greeting")})
    with pytest.raises(Refused, match=r"TestPersonalPlace\.location"):
        town.desk(reader).find(PersonalPlace, near=HERE)


def test_who_did_not_ask_sees_nothing(town: Town) -> None:
    town.desk(PLATFORM).save(ANNE)
    desk = town.desk(STRANGER)
    for look in (
        lambda: desk.get(Person, ANNE.id),
        lambda: desk.find_by_id(Person, "urn:p:nobody"),
        lambda: desk.find(Person),
        lambda: desk.count(Person),
    ):
        with pytest.raises(Refused):
            look()
    assert town.last.is_empty


def test_finding_stops_at_the_limit(town: Town) -> None:
    for number in range(3):
        town.desk(OWNER).save(msgspec.structs.replace(WELL, id=f"urn:x:{number}"))
    for limit, found in ((None, 3), (2, 2), (0, 0), (9, 3)):
        assert len(town.desk(OWNER).find(Well, limit=limit)) == found
        assert len(town.desk(OWNER).find(Well, near=HERE, limit=limit)) == found
    with pytest.raises(Refused):
        town.desk(STRANGER).find(Well, limit=0)


def test_reads_are_logged_once_and_not_of_oneself(town: Town) -> None:
    town.desk(PLATFORM).save(ANNE)
    desk = town.desk(PLATFORM, caller=ANNE.id)
    desk.get(Person, ANNE.id)
    assert town.last.is_empty
    desk = town.desk(PLATFORM)
    for _ in range(3):
        desk.find(Person)
    assert [read.person for read in town.last.reads] == [ANNE.id]


def test_measurements_in_bulk(town: Town) -> None:
    ids = [f"urn:x:{number}" for number in range(3)]
    for entity_id in ids:
        town.desk(OWNER).save(msgspec.structs.replace(WELL, id=entity_id))
    depths = np.array([2.0, np.nan, 4.0], np.float32)
    town.desk(OWNER).record(Well, ids, NOW, depth_m=depths, count=np.array([1, 2, 3]))
    wells = [town.desk(OWNER).get(Well, entity_id) for entity_id in ids]
    assert [(well.depth_m, well.count) for well in wells] == [(2.0, 1), (1.0, 2), (4.0, 3)]
    (item,) = town.units[3].items
    assert item.body == {
        "ids": ids, "at": NOW, "columns": {"depth_m": [2.0, None, 4.0], "count": [1, 2, 3]}
    }  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "error"),
    [
        ({"depth_m": np.array([1.0, 2.0])}, Invalid),
        ({"depth_m": np.array([-1.0])}, Invalid),
        ({"depth_m": np.array([np.inf])}, Invalid),
        ({"height_m": np.array([1.0])}, Invalid),
        ({"count": np.array(["a"])}, Invalid),
    ],
    ids=str,
)
def test_measurements_that_do_not_fit(
    town: Town, columns: dict[str, Any], error: type[Exception]
) -> None:
    town.desk(OWNER).save(WELL)
    desk = town.desk(OWNER)
    with pytest.raises(error):
        desk.record(Well, [WELL.id], NOW, **columns)
    assert town.last.is_empty
    with pytest.raises(NotFound):
        desk.record(Well, ["urn:x:none"], NOW, depth_m=np.array([1.0]))


def test_what_is_somebody_s_is_not_measured_in_bulk(town: Town) -> None:
    town.desk(PLATFORM).save(ANNE)
    desk = town.desk(PLATFORM)
    with pytest.raises(Invalid, match="personal"):
        desk.record(Person, [ANNE.id], NOW, licence=np.array([True]))
    assert town.last.is_empty


def test_events_are_checked(town: Town) -> None:
    class Measured(Event, frozen=True, kw_only=True):
        value: float

    desk = town.desk(STRANGER)
    desk.emit(Drawn(entity=WELL.id, count=1))
    for bad in (
        Measured(entity="urn:x:1", value=float("nan")),
        Drawn(entity="a\x00", count=1),
        Drawn(entity="x" * 641, count=1),
    ):
        with pytest.raises(Invalid):
            desk.emit(bad)
    assert [item.name for item in town.last.items] == ["Drawn"]
