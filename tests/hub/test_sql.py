"""Both interpreters of queries: what SQL finds on disk is what `match` finds in memory."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hapgang.hub.match import compile_match
from hapgang.hub.query import All, Any_, Between, Compare, Exists, OneOf, Path, Query
from hapgang.hub.record import Record, record_of
from hapgang.hub.sql import translate

NOW = datetime(2026, 11, 22, tzinfo=UTC)
_MAKE = """
    CREATE TABLE IF NOT EXISTS entity (
        id text PRIMARY KEY, doc jsonb, created timestamptz, modified timestamptz)
"""
_FILL = "INSERT INTO entity SELECT * FROM unnest($1::text[], $2::jsonb[], $3::timestamptz[], $3)"


class Disk:
    """Entities in a database, looked for by SQL."""

    def __init__(self, connect: dict[str, Any]) -> None:
        self._loop = asyncio.new_event_loop()
        self._connection = self._loop.run_until_complete(asyncpg.connect(**connect))
        self._loop.run_until_complete(self._connection.execute(_MAKE))

    def close(self) -> None:
        self._loop.run_until_complete(self._connection.close())
        self._loop.close()

    def found(self, records: list[Record], query: Query) -> tuple[set[str], bool]:
        """Return the ids that SQL finds, and whether it says that these are just the ones."""
        return self._loop.run_until_complete(self._found(records, query))

    async def _found(self, records: list[Record], query: Query) -> tuple[set[str], bool]:
        await self._connection.execute("TRUNCATE entity")
        documents = [msgspec.json.encode(record.document()).decode() for record in records]
        times = [record.created for record in records]
        await self._connection.execute(_FILL, [r.id for r in records], documents, times)
        made = translate(query)
        sql = f"SELECT id FROM entity AS e WHERE {made.sql}"
        rows = await self._connection.fetch(sql, *made.arguments)
        return {row["id"] for row in rows}, made.is_exact


@pytest.fixture
def disk(database: dict[str, Any]) -> Iterator[Disk]:
    disk = Disk(database)
    yield disk
    disk.close()


_words = st.sampled_from(["", "a", "b", "ab", "Z", "1", "방", "urn:x:1", "2026-11-22T00:00:00Z"])
_scalars = st.booleans() | st.integers(-3, 3) | st.sampled_from([0.5, -0.25, 1.0, 1e9]) | _words
_json = st.recursive(
    _scalars | st.none(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "en", "@value", "0"]), inner, max_size=3)
    ),
    max_leaves=5,
)
_texts = st.dictionaries(st.sampled_from(["en", "ko"]), _words | st.lists(_words, max_size=2))
_uris = _words | st.lists(_words | st.fixed_dictionaries({"object": _words}), max_size=2)
_plain = (
    st.builds(lambda v: {"type": "Property", "value": v}, _json)
    | st.builds(lambda v: {"type": "Relationship", "object": v}, _uris)
    | st.builds(lambda v: {"type": "ListRelationship", "objectList": v}, st.lists(_uris))
    | st.builds(lambda v: {"type": "LanguageProperty", "languageMap": v}, _texts)
    | st.builds(lambda v: {"type": "JsonProperty", "json": v}, _json)
    | st.builds(lambda v: {"type": "VocabProperty", "vocab": v}, _words | st.lists(_words))
)
_with_subs = st.builds(
    lambda own, sub, unit: {**own, "sub": sub, **({"unitCode": unit} if unit else {})},
    _plain,
    _plain | st.lists(_plain, max_size=2) | _words | st.none(),
    st.sampled_from(["", "KWT"]),
)
_attributes = _plain | _with_subs | st.lists(_plain | _with_subs, min_size=1, max_size=2)
_documents = st.dictionaries(st.sampled_from("pq"), _attributes, max_size=2)

_paths = (
    st.sampled_from(["p", "q", "createdAt", "modifiedAt"])
    | st.builds(
        Path,
        st.sampled_from("pq"),
        st.sampled_from([(), ("sub",), ("unitCode",), ("sub", "sub"), ("value",), ("type",)]),
        st.sampled_from([(), ("a",), ("a", "b"), ("en",), ("*",), ("0",), ("@value",)]),
    )
)  # fmt: skip
_times = st.integers(-2, 2).map(lambda n: NOW + timedelta(seconds=n))
_between = st.builds(Between, _scalars, _scalars)
_compared = (
    st.builds(
        Compare, _paths, st.sampled_from(["==", "!=", ">", ">=", "<", "<="]), _scalars | _times
    )
    | st.builds(
        Compare, _paths, st.sampled_from(["==", "!="]),
        _between | st.builds(OneOf, st.lists(_scalars | _between, min_size=1).map(tuple)),
    )
    | st.builds(Compare, _paths, st.sampled_from(["~=", "!~="]), st.sampled_from(["a", "^b"]))
    | st.builds(Exists, _paths, st.booleans())
)  # fmt: skip
_queries = st.recursive(
    _compared,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda parts: All(tuple(parts)))
        | st.lists(inner, max_size=3).map(lambda parts: Any_(tuple(parts)))
    ),
    max_leaves=4,
)


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_documents, min_size=1, max_size=6), _queries)
def test_disk_and_memory_agree(disk: Disk, documents: list[dict[str, Any]], query: Query) -> None:
    records = []
    for number, attributes in enumerate(documents):
        at = NOW + timedelta(seconds=number - 2)
        document = {**attributes, "id": f"urn:x:{number}", "type": "A"}
        records.append(record_of(document, created=at, modified=at, seq=1))
    wanted = {record.id for record in records if compile_match(query)(record)}
    found, is_exact = disk.found(records, query)
    assert wanted <= found
    assert not is_exact or wanted == found


def test_what_is_asked_for_is_never_text_of_the_statement() -> None:
    evil = "x'); DROP TABLE entity; --"
    query = All(
        (
            Compare(Path(evil, (evil,), (evil,)), "==", evil),
            Compare(evil, "==", OneOf((evil, Between(evil, evil)))),
            Exists(Path(evil, (), (evil,))),
        )
    )
    made = translate(query, first=3)
    assert "DROP" not in made.sql
    assert made.sql.count("$3") >= 1
    assert made.is_exact


def test_what_sql_cannot_say_is_looked_at_again() -> None:
    for query in (
        Compare("a", "~=", "x"), Compare("a", ">", NOW), Compare("a", "==", "2026-11-22T00:00:00Z"),
        Compare(Path("a", linked=Path("b")), "==", 1), Compare(Path("a", keys=("0",)), "==", 1),
        Compare("a", "<", True),
    ):  # fmt: skip
        made = translate(query)
        assert (made.sql, made.is_exact) == ("TRUE", False), query
