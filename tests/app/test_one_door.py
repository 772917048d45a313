"""An action and the standard that write the same leave the same: one door, two handles."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import asyncpg
import msgspec
import pytest

from hapgang.contract import Caller, City, Level, Read, Role, Route, Service, Text
from hapgang.core.entity import Entity, Relationship, Sharing, entity
from hapgang.core.geometry import Point
from hapgang.core.wire import plain
from hapgang.runtime.platform.people import give_consent
from tests.living import Town, run, url_of
from tests.village import HERE, SERVICES, person

OPERATOR, ANNE = person("op", Role.OPERATOR), person("anne")
ENTITIES = "/ngsi-ld/v1/entities"
NAME = "test.poster"


@entity("TestBoard", sharing=Sharing.SHARED)
class Board(Entity, frozen=True, kw_only=True):
    """What everybody may read."""

    location: Point
    text: str
    size_m: float | None = None


@entity("TestLetter", sharing=Sharing.SHARED, person="owner")
class Letter(Entity, frozen=True, kw_only=True):
    """What is somebody's own."""

    owner: Annotated[str, Relationship("writtenBy")]
    text: str


def write_both(city: City, *, name: str, text: str, size_m: float | None = None) -> None:
    """Write a board and a letter of the caller, as a service does."""
    city.hub.save(Board(id=board_id(name), location=HERE, text=text, size_m=size_m))
    city.hub.save(Letter(id=letter_id(name), owner=city.caller.id, text=text))


def remove(city: City, *, name: str) -> None:
    """Remove the board."""
    city.hub.delete(Board, board_id(name))


def read_letter(city: City, *, name: str) -> str:
    """Read somebody's letter, as a service does that has said so."""
    return city.hub.get(Letter, letter_id(name)).text


poster = Service(
    title=Text("Poster", "게시"),
    level=Level.SKETCHED,
    contributes=(Board, Letter),
    reads=(Read(view=Letter, fields=("text",), purpose=Text("greeting", "인사")),),
    routes=(
        Route.post("/write", write_both, allow=(Role.OPERATOR,)),
        Route.post("/remove", remove, allow=(Role.OPERATOR,)),
        Route.get("/letter", read_letter, allow=(Role.RESIDENT,)),
    ),
)


def board_id(name: str) -> str:
    return f"urn:ngsi-ld:TestBoard:{name}"


def letter_id(name: str) -> str:
    return f"urn:ngsi-ld:TestLetter:{name}"


@dataclass
class Traces:
    """What is known of one board and letter, everywhere."""

    state: list[Any]
    entities: list[Any]
    feed: list[Any]
    access: list[Any]


async def by_action(town: Town) -> None:
    """Write, write again, let somebody read, remove."""
    for words in ({"text": "hello"}, {"text": "goodbye", "size_m": 2.5}):
        body = {"name": "one", **words}
        answer = await town.call("POST", "/api/test/poster/write", body, caller=OPERATOR)
        assert answer.status == 200, answer
    answer = await town.call("GET", "/api/test/poster/letter?name=one", caller=ANNE)
    assert answer.json() == "goodbye"


async def by_standard(town: Town) -> None:
    """Do the same as a client of NGSI-LD."""
    written_by = {"type": "Relationship", "object": OPERATOR.id}
    location = {"type": "Point", "coordinates": [HERE.lon, HERE.lat]}
    board = {"id": board_id("two"), "type": "TestBoard", "location": location, "text": "hello"}
    letter = {
        "id": letter_id("two"), "type": "TestLetter", "writtenBy": written_by, "text": "hello"
    }  # fmt: skip
    for document in (board, letter):
        answer = await town.call("POST", ENTITIES, document, caller=OPERATOR)
        assert answer.status == 201, answer
    for entity_id, patch in (
        (board_id("two"), {"text": "goodbye", "sizeM": 2.5}),
        (letter_id("two"), {"text": "goodbye"}),
    ):
        answer = await town.call("PATCH", f"{ENTITIES}/{entity_id}", patch, caller=OPERATOR)
        assert answer.status == 204, answer
    town.runtime.perform(give_consent, Caller(OPERATOR.id, Role.RESIDENT), purpose="greeting")
    purpose = {"purpose": "greeting"}
    answer = await town.call("GET", f"{ENTITIES}/{letter_id('two')}", caller=ANNE, headers=purpose)
    assert answer.json()["text"]["value"] == "goodbye"


async def rows(town: Town, database: dict[str, Any], sql: str, *values: Any) -> Sequence[Any]:
    """Return rows from disk; what is sealed is opened, as the city would."""
    connection = await asyncpg.connect(url_of(database))
    try:
        found = [dict(row) for row in await connection.fetch(sql, *values)]
    finally:
        await connection.close()
    for row in found:
        sealed = row.pop("sealed", None)
        if sealed is not None:
            row["doc"] = "sealed: " + town.live.vault.open(row["person"], sealed).decode()
    return found


async def traces(town: Town, database: dict[str, Any], name: str) -> Traces:
    """Return everything that one of the two ways has left, without when and by which action."""
    ids = [board_id(name), letter_id(name)]
    records = [town.runtime.state.get(entity_id) for entity_id in ids]
    state = [
        (r.type, r.version, plain(r.view), r.extra, r.person, r.closed, r.created < r.modified)
        for r in records if r is not None
    ]  # fmt: skip
    near = [r.id for _, r in town.runtime.state.near("TestBoard", HERE, 5.0) if r.id in ids]
    entities = await rows(
        town, database,
        "SELECT id, type, version, doc::text, sealed, person, closed, created < modified AS later"
        " FROM entity WHERE id = ANY ($1) ORDER BY type", ids,
    )  # fmt: skip
    feed = await rows(
        town, database,
        "SELECT caller, kind, name, entity, person, convert_from(body, 'UTF8') AS doc FROM feed"
        " WHERE entity = ANY ($1) AND person IS NULL ORDER BY position", ids,
    )  # fmt: skip
    feed += await rows(
        town, database,
        "SELECT caller, kind, name, entity, person, body AS sealed FROM feed"
        " WHERE entity = ANY ($1) AND person IS NOT NULL ORDER BY position", ids,
    )  # fmt: skip
    seq = "SELECT max(seq) - 1 FROM entity WHERE id = ANY ($1)"
    access = await rows(
        town, database,
        f"SELECT person, reader, purpose FROM access WHERE seq > ({seq}) ORDER BY seq", ids,
    )  # fmt: skip
    return Traces([*state, near], list(entities), list(feed), list(access))


def alike(found: Traces) -> Traces:
    """Take out what tells the two ways apart on purpose: the name, and who is the creator."""
    text = msgspec.json.encode(found).decode()
    for name in ("one", "two"):
        text = text.replace(f"TestBoard:{name}", "TestBoard:x")
        text = text.replace(f"TestLetter:{name}", "TestLetter:x")
    text = text.replace(NAME, OPERATOR.id)
    return msgspec.json.decode(text, type=Traces)


@pytest.fixture
def ways(database: dict[str, Any], small_city: Path, tmp_path: Path) -> tuple[Traces, Traces]:
    found: list[Traces] = []

    async def then(town: Town) -> None:
        await by_action(town)
        found.append(await traces(town, database, "one"))
        await by_standard(town)
        found.append(await traces(town, database, "two"))

    services = {**SERVICES, NAME: poster}
    run(then, database, small_city, tmp_path / "state", services=services)
    return alike(found[0]), alike(found[1])


def test_both_ways_leave_the_same(ways: tuple[Traces, Traces]) -> None:
    action, standard = ways
    assert action.state == standard.state
    assert action.entities == standard.entities
    assert action.feed == standard.feed
    assert action.access == standard.access


def test_there_was_something_to_compare(ways: tuple[Traces, Traces]) -> None:
    for found in ways:
        assert len(found.state) == 3
        assert [row["type"] for row in found.entities] == ["TestBoard", "TestLetter"]
        assert found.entities[1]["doc"].startswith("sealed: ")
        assert [row["kind"] for row in found.feed] == ["created", "updated"] * 2
        assert found.access == [{"person": OPERATOR.id, "reader": ANNE.id, "purpose": "greeting"}]
