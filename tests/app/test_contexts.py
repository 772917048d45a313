"""Contexts of requests: in the body or in a Link header, kept here, and never fetched."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from hapgang.app.fetched import ContextFetcher
from hapgang.contract import Role
from hapgang.core.errors import Invalid
from hapgang.hub.jsonld import CORE_URL, Context, LdContextNotAvailable
from tests.living import Town, run
from tests.village import person

ANNE, DEVICE = person("anne"), person("device", Role.DEVICE)
OPERATOR = person("op", Role.OPERATOR)
ENTITIES, CONTEXTS = "/ngsi-ld/v1/entities", "/ngsi-ld/v1/jsonldContexts"
ERRORS = "https://uri.etsi.org/ngsi-ld/errors/"
LD = {"content-type": "application/ld+json"}
OURS = {"Leuchte": "https://example.org/Lamp", "leistung": "https://example.org/power"}
LAMP = {"id": "urn:ngsi-ld:Lamp:1", "type": "Leuchte", "leistung": {"value": 5}, "colour": "warm"}
Live = Callable[[Callable[[Town], Awaitable[None]]], None]


@pytest.fixture
def live(database: dict[str, Any], small_city: Path, tmp_path: Path) -> Live:
    return lambda then: run(then, database, small_city, tmp_path / "state")


def link(address: str) -> dict[str, str]:
    kind = 'rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'
    return {"link": f"<{address}>; {kind}"}


@pytest.mark.parametrize("context", ["/", "nothing", "file:///etc/passwd", "//example.org/c"])
def test_a_context_has_a_full_address(live: Live, context: str) -> None:
    async def then(town: Town) -> None:
        document = {**LAMP, "@context": context}
        for method, path in (("POST", ENTITIES), ("PUT", f"{ENTITIES}/{LAMP['id']}")):
            refused = await town.call(method, path, document, caller=OPERATOR, headers=LD)
            assert (refused.status, refused.json()["type"]) == (400, f"{ERRORS}BadRequestData")

    live(then)


def test_what_one_client_writes_another_reads_in_other_words(live: Live) -> None:
    async def then(town: Town) -> None:
        whole = {**LAMP, "@context": OURS}
        made = await town.call("POST", ENTITIES, whole, caller=OPERATOR, headers=LD)
        assert made.status == 201, made
        place = made.headers["location"]
        plain = (await town.call("GET", place, caller=ANNE)).json()
        assert plain["type"] == "https://example.org/Lamp"
        assert plain["https://example.org/power"]["value"] == 5
        assert plain["colour"]["value"] == "warm"

        theirs = {"lampara": OURS["Leuchte"], "potencia": OURS["leistung"]}
        kept = await town.call("POST", CONTEXTS, {"@context": theirs}, caller=DEVICE)
        assert kept.status == 201, kept
        address = f"http://city.example{kept.headers['location']}"
        spanish = await town.call("GET", place, caller=ANNE, headers=link(address))
        assert (spanish.json()["type"], spanish.json()["potencia"]["value"]) == ("lampara", 5)
        assert address in spanish.headers["link"]
        ld = await town.call(
            "GET", place, caller=ANNE, headers={**link(address), "accept": "application/ld+json"}
        )
        assert ld.json()["@context"] == address

        async def found(query: str) -> list[Any]:
            answer = await town.call(
                "GET", f"{ENTITIES}?{query}", caller=ANNE, headers=link(address)
            )
            assert answer.status == 200, answer
            return list(answer.json())

        assert [one["potencia"]["value"] for one in await found("type=lampara")] == [5]
        assert await found("type=lampara&q=potencia>5") == []
        assert (await found("type=lampara&attrs=potencia&options=keyValues")) == [
            {"id": LAMP["id"], "type": "lampara", "potencia": 5}
        ]
        patch = {"potencia": {"value": 7}}
        done = await town.call("PATCH", place, patch, caller=DEVICE, headers=link(address))
        assert done.status == 204, done
        assert (await found("type=lampara&q=potencia==7"))[0]["potencia"]["value"] == 7

    live(then)


def test_contexts_are_kept_listed_and_deleted_by_their_authors(live: Live) -> None:
    async def then(town: Town) -> None:
        kept = await town.call("POST", CONTEXTS, {"@context": OURS}, caller=DEVICE)
        place = kept.headers["location"]
        served = await town.call("GET", place)
        assert served.json() == {"@context": OURS}
        assert served.headers["content-type"] == "application/json"
        as_ld = {"accept": "application/ld+json"}
        served = await town.call("GET", place, headers=as_ld)
        assert served.headers["content-type"] == "application/ld+json"
        core, address = (await town.call("GET", CONTEXTS)).json()
        assert (core, address.endswith(place)) == (CORE_URL, True)
        (told,) = (await town.call("GET", f"{CONTEXTS}?details=true&kind=Hosted")).json()
        assert (told["URL"], told["kind"], told["numberOfHits"]) == (address, "Hosted", 0)
        assert (await town.call("GET", f"{place}?details=true")).json() == told
        used = await town.call(
            "GET", f"{ENTITIES}?type=Leuchte", caller=ANNE, headers=link(address)
        )
        assert used.status == 200
        assert (await town.call("GET", f"{place}?details=true")).json()["numberOfHits"] == 1
        other = person("other", Role.DEVICE)
        assert (await town.call("DELETE", place, caller=other)).status == 403
        assert (await town.call("DELETE", place, caller=DEVICE)).status == 204
        assert (await town.call("GET", place)).status == 404
        gone = await town.call(
            "GET", f"{ENTITIES}?type=Leuchte", caller=ANNE, headers=link(address)
        )
        assert (gone.status, gone.json()["type"]) == (504, f"{ERRORS}LdContextNotAvailable")

    live(then)


def test_contexts_in_the_wrong_place_are_refused(live: Live) -> None:
    async def then(town: Town) -> None:
        elsewhere = link("https://example.org/context.jsonld")
        two = {"link": ", ".join([elsewhere["link"], link("https://example.org/b")["link"]])}
        core = link("https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.3.jsonld")
        for document, headers, status in (
            (LAMP, LD, 400),
            ({**LAMP, "@context": OURS}, {}, 400),
            ({**LAMP, "@context": OURS}, {**LD, **core}, 400),
            ({**LAMP, "@context": {"a": 5}}, LD, 400),
            ({**LAMP, "@context": "https://example.org/context.jsonld"}, LD, 504),
            (LAMP, elsewhere, 504),
            (LAMP, two, 400),
        ):
            answer = await town.call("POST", ENTITIES, document, caller=OPERATOR, headers=headers)
            assert answer.status == status, (document, headers, answer)
        assert (
            await town.call("POST", ENTITIES, LAMP, caller=OPERATOR, headers=core)
        ).status == 201
        for body in ({}, {"@context": {"a": 5}}, {"@context": "https://example.org/x"}):
            answer = await town.call("POST", CONTEXTS, body, caller=DEVICE)
            assert answer.status in (400, 504), answer
        assert (await town.call("POST", CONTEXTS, {"@context": OURS}, caller=ANNE)).status == 403
        assert (await town.call("GET", CONTEXTS)).json() == [CORE_URL]

    live(then)


OK = b"HTTP/1.1 200 OK\r\nContent-Length: "
ANSWERS = {
    "/a.jsonld": OK + b'30\r\n\r\n{"@context": {"x": "urn:x:y"}}',
    "/gone": b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
    "/large": OK + b"9000000\r\n\r\n" + b" " * 3_000_000,
    "/cut": OK + b"50\r\n\r\n{",
}


def test_contexts_are_fetched_from_where_an_operator_says_only() -> None:
    asked = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readuntil(b"\r\n\r\n")).split()[1].decode()
        asked.append(path)
        writer.write(ANSWERS[path])
        writer.close()

    async def then() -> None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        base = f"http://127.0.0.1:{port}"
        fetch = ContextFetcher([f"{base}/"])
        fetch.runs_on(asyncio.get_running_loop())

        def read(url: str) -> Context:
            return Context.of(url, load=lambda address: fetch(address) or b"not allowed")

        found = await asyncio.to_thread(read, f"{base}/a.jsonld")
        assert found.expand("x") == "urn:x:y"
        for path in ("/gone", "/large", "/cut"):
            with pytest.raises(LdContextNotAvailable):
                await asyncio.to_thread(fetch, base + path)
        for elsewhere in (f"http://127.0.0.1:{port + 1}/a.jsonld", "https://example.org/a.jsonld"):
            assert await asyncio.to_thread(fetch, elsewhere) is None
        server.close()
        assert asked == ["/a.jsonld", "/gone", "/large", "/cut"]

    asyncio.run(then())
    for place, url, is_allowed in (
        ("https://a.example", "https://a.example/x", True),
        ("https://a.example", "https://a.example:8443/x", True),
        ("https://a.example", "https://a.example.evil/x", False),
        ("https://a.example", "https://a.example:80@evil.example/x", False),
        ("https://a.example", "http://a.example/x", False),
        ("https://a.example:8443", "https://a.example/x", False),
        ("https://a.example/one/", "https://a.example/one/x", True),
        ("https://a.example/one", "https://a.example/one", True),
        ("https://a.example/one", "https://a.example/oneself", False),
        ("https://a.example/one", "https://a.example/one/../two", False),
        ("https://a.example", "https://a.example:port/x", False),
        ("https://a.example", "https://[/x", False),
    ):
        assert ContextFetcher([place]).allows(url) is is_allowed, url
    for prefix in ("http://example.org/", "ftp://127.0.0.1/", "x"):
        with pytest.raises(Invalid):
            ContextFetcher([prefix])
