"""Rubbish at the standard's door: a clear no, at once, and nothing is kept."""

import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hapgang.contract import Role
from hapgang.core.errors import Unavailable
from hapgang.hub.jsonld import Shelf
from tests.living import Answer, Town, run
from tests.village import person

OPERATOR = person("op", Role.OPERATOR)
ENTITIES = "/ngsi-ld/v1/entities"
LD = {"content-type": "application/ld+json"}
ERRORS = "https://uri.etsi.org/ngsi-ld/errors/"
SOON_S = 0.9
Live = Callable[[Callable[[Town], Awaitable[None]]], None]


@pytest.fixture
def live(database: dict[str, Any], small_city: Path, tmp_path: Path) -> Live:
    return lambda then: run(then, database, small_city, tmp_path / "state")


async def refused(town: Town, method: str, path: str, body: Any = None, **more: Any) -> Answer:
    """Return the answer of a call that must be refused at once, with nothing left behind."""
    before, began = len(town.runtime.state), time.monotonic()
    answer = await town.call(method, path, body, caller=OPERATOR, **more)
    assert time.monotonic() - began < SOON_S, (method, path[:100])
    assert 400 <= answer.status < 500, answer
    told = answer.json()
    assert told["type"].startswith(ERRORS), told
    assert (told["status"], len(told["detail"]) < 2_000) == (answer.status, True)
    assert len(town.runtime.state) == before
    return answer


def entity(value: bytes) -> bytes:
    return b'{"id":"urn:ngsi-ld:Thing:1","type":"Thing","a":' + value + b"}"


BODIES = {
    "brackets": b"[" * 10_000,
    "brackets that close": b"[" * 10_000 + b"]" * 10_000,
    "braces": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "a deep value": entity(b"[" * 10_000 + b"]" * 10_000),
    "a deep attribute": entity(b'{"type":"Property","value":1,"b":' * 500 + b"1" + b"}" * 500),
    "broken UTF-8": entity(b'"\xff\xfe"'),
    "half a surrogate": entity(b'"\\ud800"'),
    "NUL in a value": entity(b'"a\\u0000b"'),
    "NUL in a name": b'{"id":"urn:ngsi-ld:Thing:1","type":"Thing","a\\u0000":1}',
    "NUL in the id": b'{"id":"urn:ngsi-ld:Thing:\\u0000","type":"Thing"}',
    "no number": entity(b"NaN"),
    "infinity": entity(b"1e999"),
    "cut off": entity(b'"'),
    "a text": b'"urn:ngsi-ld:Thing:1"',
    "nothing": b"",
}


def test_bodies_that_are_none(live: Live) -> None:
    async def then(town: Town) -> None:
        for name, body in BODIES.items():
            answer = await refused(town, "POST", ENTITIES, body)
            assert answer.status == 400, (name, answer)
            await refused(town, "POST", "/ngsi-ld/v1/entityOperations/query", body)
            await refused(town, "POST", "/ngsi-ld/v1/jsonldContexts", body)
        large = b" " * 100_000_000
        for path in (ENTITIES, "/ngsi-ld/v1/jsonldContexts", "/ngsi-ld/v1/entityOperations/upsert"):
            assert (await refused(town, "POST", path, large)).status == 413

    live(then)


def test_words_that_are_none(live: Live) -> None:
    long = "x" * 10_000
    words = (
        f"type=T&q=name~={long}", f"type=T&q=name~={'(' * 300}", f"type=T&q={'(' * 3_000}a",
        f"type=T&q=a=={'(' * 3_000}", f"type={'(' * 3_000}T", f"type=T&scopeQ={'(' * 1_900}/a",
        f"type=T&pick={'a{' * 1_900}", f"type=T&orderBy={'a.' * 1_900}a",
        f"type=T&idPattern={long}",
        "type=T&idPattern=(", "type=T&q=name~=(?<!a)b", f"type={long}", f"type=T&attrs={long}",
        f"type=T&georel=within&geometry=Polygon&coordinates={'[' * 3_000}", "type=%00",
        "type=T&georel=within&geometry=Polygon&coordinates=[[[0,0],[1,1]]]", "id=%00", "q=%00",
        "type=T&georel=near;maxDistance==1e999&geometry=Point&coordinates=[1,1]", "limit=1e9",
        "type=T&limit=-1", "type=T&limit=99999999999", f"nobody={long}", "id=%FF%FE",
    )  # fmt: skip

    async def then(town: Town) -> None:
        for query in words:
            answer = await refused(town, "GET", f"{ENTITIES}?{query}")
            assert answer.status == 400, (query[:60], answer)
        for name in ("%00", "%FF", "urn:x:%0A", "x" * 5_000):
            await refused(town, "GET", f"{ENTITIES}/{name}")

    live(then)


def test_a_patience_of_a_pattern_has_an_end(live: Live) -> None:
    async def then(town: Town) -> None:
        thing = {"id": "urn:ngsi-ld:Thing:1", "type": "Thing", "name": "a" * 50_000}
        assert (await town.call("POST", ENTITIES, thing, caller=OPERATOR)).status == 201
        began = time.monotonic()
        path = f"{ENTITIES}?type=Thing&q=name~=^(a%2B)%2B$;name~=(a|aa)%2Bb"
        answer = await town.call("GET", path, caller=OPERATOR)
        assert (answer.status, answer.json()) == (200, [])
        assert time.monotonic() - began < SOON_S

    live(then)


def test_a_polygon_that_crosses_itself_is_what_its_lines_enclose(live: Live) -> None:
    """GeoJSON does not forbid them; what is asked of them has an answer all the same."""
    bow_tie = [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]

    async def then(town: Town) -> None:
        place = {"type": "Polygon", "coordinates": bow_tie}
        thing = {"id": "urn:ngsi-ld:Thing:1", "type": "Thing", "location": place}
        assert (await town.call("POST", ENTITIES, thing, caller=OPERATOR)).status == 201
        for point, count in (("[0.2,1]", 1), ("[1,0.2]", 0)):
            words = f"type=Thing&georel=contains&geometry=Point&coordinates={point}"
            found = await town.call("GET", f"{ENTITIES}?{words}", caller=OPERATOR)
            assert (found.status, len(found.json())) == (200, count), found

    live(then)


A, B = "https://a.example/a.jsonld", "https://a.example/b.jsonld"
LOOPS = {
    A: b'{"@context": ["%s"]}' % A.encode(),
    B: b'{"@context": {"@import": "%s"}}' % B.encode(),
}


def test_contexts_that_point_to_themselves(live: Live) -> None:
    async def then(town: Town) -> None:
        town.live.contexts.shelf = Shelf(LOOPS.get, town.live.clock.now)
        many = [{"x": "urn:x:y"}] * 5_000
        wide = {f"x{number}": "urn:x:y" for number in range(60_000)}
        for context in (A, B, [A, B], many, wide, {"a": "b:c", "b": "a:c"}):
            thing = {"id": "urn:ngsi-ld:Thing:1", "type": "Thing", "@context": context}
            answer = await refused(town, "POST", ENTITIES, msgspec.json.encode(thing), headers=LD)
            assert answer.status == 400, (str(context)[:80], answer)
        for url in (A, B):
            await refused(town, "POST", "/ngsi-ld/v1/jsonldContexts", {"@context": url})

    live(then)


def test_a_context_that_cannot_be_loaded_anew_stays(live: Live) -> None:
    async def then(town: Town) -> None:
        answers = {A: b'{"@context": {"x": "urn:x:y"}}'}

        def fetch(url: str) -> bytes | None:
            if url not in answers:
                raise Unavailable("it is gone")
            return answers[url]

        shelf = town.live.contexts.shelf = Shelf(fetch, town.live.clock.now)
        link = {"link": f'<{A}>; rel="http://www.w3.org/ns/json-ld#context"'}
        for times in (1, 2):
            used = await town.call("GET", f"{ENTITIES}?type=x", caller=OPERATOR, headers=link)
            assert (used.status, shelf.use_of(A).times) == (200, times)
        here = f"/ngsi-ld/v1/jsonldContexts/{A.replace('/', '%2F')}"
        assert (await refused(town, "GET", here)).status == 422
        answers[A] = b'{"@context": {"x": "urn:x:z"}}'
        done = await town.call("DELETE", f"{here}?reload=true", caller=OPERATOR)
        assert done.status == 204, done
        assert b"urn:x:z" in (shelf.load(A) or b"")
        del answers[A]
        gone = await town.call("DELETE", f"{here}?reload=true", caller=OPERATOR)
        assert gone.status == 503, gone
        told = (await town.call("GET", f"{here}?details=true")).json()
        assert (told["kind"], told["URL"], told["numberOfHits"]) == ("Cached", A, 2)
        assert (await town.call("DELETE", here, caller=OPERATOR)).status == 204
        assert (await refused(town, "GET", f"{here}?details=true")).status == 404

    live(then)
