"""What an older version wrote is read as today's, wherever it lies; what a newer one wrote is not.

A note has a text; from version 2 on it has words. Old and new code are two declarations of a type.
"""

from collections.abc import Iterator
from typing import Annotated, Any

import pytest

from hapgang.app.load import TooNew
from hapgang.contract import ANYONE, City, Level, Role, Route, Service, Text
from hapgang.core.entity import Document, Entity, Relationship, entity
from hapgang.core.ids import urn
from hapgang.runtime.perform import PLATFORM
from hapgang.runtime.platform import platform
from hapgang.runtime.platform.entities import (
    collect_records,
    list_quarantined,
    replay_quarantined,
)
from hapgang.runtime.platform.people import forget_me
from tests.village import move_in, person
from tests.writer.town import Town, write

pytestmark = pytest.mark.slow  # reads back from a database

ANNE, DEVICE = person("anne"), person("gateway", Role.DEVICE)
OPERATOR = person("op", Role.OPERATOR)
NAME = "test.notes"


def in_words(document: Document) -> Document:
    text = document.pop("text")
    return {**document, "words": {**text, "value": text["value"].split()}}


class OldNote(Entity, frozen=True, kw_only=True):
    text: str


class Note(Entity, frozen=True, kw_only=True):
    words: tuple[str, ...]


class OldSecret(Entity, frozen=True, kw_only=True):
    owner: Annotated[str, Relationship("writtenBy")]
    text: str


class Secret(Entity, frozen=True, kw_only=True):
    owner: Annotated[str, Relationship("writtenBy")]
    words: tuple[str, ...]


def old_code() -> dict[str, Service]:
    """The services of version 1."""
    entity("TestNote")(OldNote)
    entity("TestSecret", person="owner")(OldSecret)
    return services(OldNote, OldSecret)


def new_code() -> dict[str, Service]:
    """The services of version 2."""
    entity("TestNote", migrations=(in_words,))(Note)
    entity("TestSecret", person="owner", migrations=(in_words,))(Secret)
    return services(Note, Secret)


def services(*owns: type[Entity]) -> dict[str, Service]:
    doors = (write_old, write_new, add_word, told)
    notes = Service(
        title=Text("Notes", "쪽지"),
        level=Level.SKETCHED,
        owns=owns,
        routes=tuple(Route.post(f"/{do.__name__}", do, allow=ANYONE) for do in doors),
    )
    return {NAME: notes, "platform": platform}


def write_old(city: City, *, name: str, close: bool) -> None:
    """Write a note and a secret of the caller, as version 1 does."""
    note = OldNote(id=urn("TestNote", name), text="dig a well")
    secret = OldSecret(id=urn("TestSecret", name), owner=city.caller.id, text="my knee hurts")
    for one in (note, secret):
        city.hub.save(one)
        if close:
            city.hub.close(one)


def write_new(city: City, *, close: bool) -> None:
    """Write a note as version 2 does."""
    note = Note(id=urn("TestNote", "new"), words=("a", "b"))
    city.hub.save(note)
    if close:
        city.hub.close(note)


def add_word(city: City, *, name: str) -> None:
    """Write in today's version what an older one wrote."""
    note = city.hub.get(Note, urn("TestNote", name))
    city.hub.save(Note(id=note.id, words=(*note.words, "here")))


def told(city: City, *, name: str) -> list[tuple[str, ...]]:
    """Return the words of a note and a secret."""
    note = city.hub.get(Note, urn("TestNote", name))
    return [note.words, city.hub.get(Secret, urn("TestSecret", name)).words]


def come_back(town: Town, services: dict[str, Service]) -> None:
    """Stop the city, and start it again with this code."""
    town.flush()
    town.leave()
    town.services = services
    town.enter()


@pytest.fixture
def town(database: dict[str, Any]) -> Iterator[Town]:
    with Town(database, old_code()) as town:
        move_in(town.runtime, ANNE)
        yield town


@pytest.mark.parametrize("close", [False, True], ids=["live", "closed"])
def test_what_version_1_wrote_is_read_as_version_2(town: Town, close: bool) -> None:
    town.runtime.perform(write_old, ANNE, name="a", close=close)
    come_back(town, new_code())
    for _ in range(2):
        found = town.runtime.perform(told, ANNE, name="a")
        assert found == [("dig", "a", "well"), ("my", "knee", "hurts")]
        assert (town.runtime.state.get(urn("TestNote", "a")) is None) is close
        come_back(town, new_code())


def test_what_is_written_again_has_todays_version(town: Town) -> None:
    for name in ("a", "b"):
        town.runtime.perform(write_old, ANNE, name=name, close=False)
    come_back(town, new_code())
    town.runtime.perform(add_word, ANNE, name="a")
    come_back(town, new_code())
    assert town.runtime.perform(told, ANNE, name="a")[0] == ("dig", "a", "well", "here")
    assert town.runtime.perform(told, ANNE, name="b")[0] == ("dig", "a", "well")


def test_a_secret_of_version_1_is_forgotten_with_its_person(town: Town) -> None:
    town.runtime.perform(write_old, ANNE, name="a", close=False)
    come_back(town, new_code())
    town.runtime.perform(forget_me, ANNE)
    come_back(town, new_code())
    assert town.runtime.state.get(urn("TestSecret", "a")) is None
    assert town.runtime.state.get(urn("TestNote", "a")) is not None


@pytest.mark.parametrize("close", [False, True], ids=["live", "closed"])
def test_what_a_newer_version_wrote_is_refused_by_name(town: Town, close: bool) -> None:
    come_back(town, new_code())
    town.runtime.perform(write_new, ANNE, close=close)
    message = r"TestNote:new on disk is TestNote of version 2, .*knows version 1: run the newer"
    if close:
        come_back(town, old_code())
        with pytest.raises(TooNew, match=message):
            town.runtime.closed.find(urn("TestNote", "new"))
        return
    with pytest.raises(TooNew, match=message):
        come_back(town, old_code())
    town.leave()
    town.services = new_code()
    town.enter()


def test_quarantine_of_version_1_is_the_platforms_to_replay(
    town: Town, database: dict[str, Any]
) -> None:
    lamp = {"id": "urn:l:1", "type": "Lamp", "power": {}}
    made = town.runtime.perform(collect_records, DEVICE, origin="feed", records=[lamp])
    town.flush()
    older = "UPDATE entity SET version = 1, doc = doc - 'sentBy' - 'role' WHERE id = $1"
    town.loop.run(write(database, older, made.quarantined[0]))
    come_back(town, old_code())
    (kept,) = town.runtime.perform(list_quarantined, OPERATOR)
    assert (kept.caller, kept.role, kept.body) == (PLATFORM.id, PLATFORM.role.value, lamp)
    assert town.runtime.perform(replay_quarantined, OPERATOR, record=kept.id).accepted == 0
    mended = {**lamp, "power": 5}
    done = town.runtime.perform(replay_quarantined, OPERATOR, record=kept.id, body=mended)
    assert done.accepted == 1
