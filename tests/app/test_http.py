"""Every door is locked unless it says otherwise, and rubbish never gets behind it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from hapgang.app.context import MOST_BODY_BYTES
from hapgang.app.tokens import Tokens
from hapgang.contract import Caller, Role
from tests.living import Town, run
from tests.village import move_in, person, well_id

ANNE = person("anne")
OPERATOR = person("op", Role.OPERATOR)
Then = Callable[[Town], Awaitable[None]]
Live = Callable[..., None]


@pytest.fixture
def live(database: dict[str, Any], small_city: Path, tmp_path: Path) -> Live:
    def do(then: Then, **options: Any) -> None:
        run(then, database, small_city, tmp_path / "state", **options)

    return do


def filled(path: str) -> str:
    """Return a path with words for its names."""
    return path.replace("{layer}", "streets").replace("{", "x").replace("}", "")


def test_every_door_is_locked_unless_it_says_otherwise(live: Live) -> None:
    async def then(town: Town) -> None:
        endpoints = town.application.table.endpoints
        assert len(endpoints) > 40
        before = town.runtime.writer.last_seq
        for endpoint in endpoints:
            path = filled(endpoint.path)
            if Role.ANONYMOUS not in endpoint.allow:
                answer = await town.call(endpoint.method, path)
                assert answer.status == 401, f"{endpoint.method} {path}"
                assert answer.headers["www-authenticate"] == "Bearer"
            stranger = next((role for role in Role if role not in endpoint.allow), None)
            if stranger not in (None, Role.ANONYMOUS):
                answer = await town.call(endpoint.method, path, caller=person("x", stranger))
                assert answer.status == 403, f"{endpoint.method} {path} as {stranger.value}"
        assert town.runtime.writer.last_seq == before

    live(then)


def test_who_signs_in_does_what_their_role_may(live: Live) -> None:
    async def then(town: Town) -> None:
        made = await town.call("POST", "/api/test/village/wells", {"well": "a"}, caller=OPERATOR)
        assert (made.status, made.json()) == (200, well_id("a"))
        for caller in (ANNE, None):
            drawn = await town.call("POST", "/api/test/village/wells/a/draw", caller=caller)
            assert drawn.status == 200
        assert drawn.json() == 2
        assert drawn.headers["content-type"] == "application/json"
        me = await town.call("GET", "/api/me", caller=ANNE)
        assert me.json()["id"] == ANNE.id

    live(then)


def bad_tokens(key: bytes) -> dict[str, str]:
    now = datetime.now(UTC)
    good = Tokens(key)
    claims = {"sub": "urn:p:anne", "role": "operator", "exp": int(now.timestamp()) + 600}
    none_key = OctKey.import_key(key)
    return {
        "another city's": Tokens(b"x" * 32).issue(OPERATOR, now),
        "expired": good.issue(OPERATOR, now - timedelta(hours=13)),
        "tampered": good.issue(ANNE, now)[:-4] + "AAAA",
        "no words": "Bearer",
        "rubbish": "a.b.c",
        "no role": jwt.encode({"alg": "HS256"}, {"sub": "urn:p:x", "exp": 2**40}, none_key),
        "made-up role": jwt.encode({"alg": "HS256"}, {**claims, "role": "king"}, none_key),
        "no end": jwt.encode({"alg": "HS256"}, {"sub": "urn:p:x", "role": "operator"}, none_key),
        "unsigned": "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1cm46cDp4Iiwicm9sZSI6Im9wZXJhdG9yIn0.",
    }


def test_tokens_that_are_not_ours(live: Live) -> None:
    async def then(town: Town) -> None:
        key = (town.live.folder / "token.key").read_bytes()
        for name, token in bad_tokens(key).items():
            headers = {"authorization": f"Bearer {token}"}
            answer = await town.call("GET", "/api/me", headers=headers)
            assert answer.status == 401, name
            assert answer.json()["detail_ko"], name
        for header in ("Basic YTpi", "Bearer"):
            answer = await town.call("GET", "/api/me", headers={"authorization": header})
            assert answer.status in (401, 422)

    live(then)


RUBBISH: dict[str, tuple[str, str, bytes, int]] = {
    "no JSON": ("POST", "/api/test/village/wells", b"well=a", 422),
    "half a JSON": ("POST", "/api/test/village/wells", b'{"well": "a', 422),
    "broken UTF-8": ("POST", "/api/test/village/wells", b'{"well": "\xff"}', 422),
    "a lone surrogate": ("POST", "/api/test/village/wells", b'{"well": "\\ud800"}', 422),
    "a list": ("POST", "/api/test/village/wells", b"[]", 422),
    "an unknown word": ("POST", "/api/test/village/wells", b'{"well": "a", "x": 1}', 422),
    "NUL": ("POST", "/api/test/village/wells", b'{"well": "a\\u0000"}', 422),
    "NUL, raw": ("POST", "/api/test/village/wells", b'{"well": "a\x00"}', 422),
    "deep": ("POST", "/api/test/village/measure", b'{"depths_m":' + b"[" * 100_000, 422),
    "a huge number": ("POST", "/api/test/village/measure", b'{"depths_m":{"a":1e999}}', 422),
    "too large": ("POST", "/api/test/village/wells", b" " * (MOST_BODY_BYTES + 1), 413),
    "NUL in the path": ("POST", "/api/test/village/wells/a%00/draw", b"", 422),
    "NUL in the query": ("GET", "/ngsi-ld/v1/entities?type=a%00", b"", 400),
    "a word in the query": ("GET", "/api/quarantine?limit=many", b"", 422),
    "an unknown query": ("GET", "/api/quarantine?nothing=1", b"", 422),
    "not a URI": ("POST", "/api/test/village/wells", b'{"well": "a b"}', 422),
    "nowhere": ("GET", "/api/nowhere", b"", 404),
    "nowhere in NGSI-LD": ("GET", "/ngsi-ld/v1/nowhere", b"", 404),
    "post to a page": ("POST", "/somewhere", b"", 404),
    "another method": ("PUT", "/api/test/village/wells", b"", 405),
    "an unknown method": ("BREW", "/api/test/village/wells", b"", 405),
    "up the tree": ("GET", "/api/../../etc/passwd", b"", 404),
}


def test_rubbish_is_refused_with_a_reason_and_leaves_nothing(live: Live) -> None:
    async def then(town: Town) -> None:
        before = town.runtime.writer.last_seq
        for name, (method, path, body, status) in RUBBISH.items():
            answer = await town.call(method, path, body, caller=OPERATOR)
            assert answer.status == status, (name, answer)
            form = "json" if path.startswith("/ngsi-ld/") else "problem+json"
            assert answer.headers["content-type"] == f"application/{form}", name
            problem = answer.json()
            assert problem["status"] == status, name
            assert problem["detail"], name
            if status == 405:
                assert answer.headers["allow"] == "POST"
        assert town.runtime.writer.last_seq == before
        assert (await town.call("GET", "/health")).json()["status"] == "ok"

    live(then)


def test_pages_never_leave_their_folder(live: Live) -> None:
    async def then(town: Town) -> None:
        for path in ("/../pyproject.toml", "/%2e%2e/%2e%2e/etc/passwd", "/assets/../../../x"):
            answer = await town.call("GET", path)
            assert b"[project]" not in answer.body
            assert b"root:" not in answer.body
            assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert b"swagger" in (await town.call("GET", "/docs")).body

    live(then)


def test_a_slash_may_be_part_of_an_id(live: Live) -> None:
    async def then(town: Town) -> None:
        lamp = {"id": "https://example.org/lamps/1", "type": "Lamp", "power": 5}
        assert (
            await town.call("POST", "/ngsi-ld/v1/entities", lamp, caller=OPERATOR)
        ).status == 201
        path = "/ngsi-ld/v1/entities/https%3A%2F%2Fexample.org%2Flamps%2F1"
        found = await town.call("GET", path, caller=OPERATOR)
        assert found.json()["power"]["value"] == 5
        assert (await town.call("HEAD", path, caller=OPERATOR)).status == 200

    live(then)


def test_many_at_once_are_all_answered_and_counted(live: Live) -> None:
    async def then(town: Town) -> None:
        await town.call("POST", "/api/test/village/wells", {"well": "a"}, caller=OPERATOR)
        answers = await asyncio.gather(
            *(town.call("POST", "/api/test/village/wells/a/draw", caller=ANNE) for _ in range(300))
        )
        assert sorted(answer.json() for answer in answers) == list(range(1, 301))
        metrics = (await town.call("GET", "/metrics")).body.decode()
        assert 'hapgang_action_seconds_count{action="test.village.draw"} 300' in metrics

    live(then)


def test_money_moves_once_for_each_key(live: Live) -> None:
    async def then(town: Town) -> None:
        move_in(town.runtime, ANNE, 1000)
        await town.call("POST", "/api/test/village/wells", {"well": "a"}, caller=OPERATOR)
        buy = {"well": "a", "price_won": 100}

        def once(key: str, body: Any) -> Awaitable[Any]:
            headers = {"idempotency-key": key}
            return town.call("POST", "/api/test/village/buy", body, caller=ANNE, headers=headers)

        answers = await asyncio.gather(*(once("k", buy) for _ in range(20)))
        assert len({answer.body for answer in answers}) == 1
        assert (await once("k", {**buy, "price_won": 101})).status == 409
        assert (await once("", buy)).status == 422
        wallet = (await town.call("GET", "/api/me/wallet", caller=ANNE)).json()
        assert wallet["balance_won"] == 900
        statement = (await town.call("GET", "/api/me/transfers", caller=ANNE)).json()
        assert [line["amount_won"] for line in statement] == [-100, 1000]

    live(then)


def test_only_known_people_sign_in_and_only_to_a_demonstration(live: Live) -> None:
    sign_in = {"identity": "urn:ngsi-ld:Person:designer"}

    async def closed(town: Town) -> None:
        assert (await town.call("GET", "/api/identities")).json() == []
        assert (await town.call("POST", "/api/sign-in", sign_in)).status == 404

    async def demo(town: Town) -> None:
        assert len((await town.call("GET", "/api/identities")).json()) == 9
        signed_in = (await town.call("POST", "/api/sign-in", sign_in)).json()
        headers = {"authorization": f"bearer {signed_in['token']}"}
        wallet = await town.call("GET", "/api/me/wallet", headers=headers)
        assert wallet.json()["balance_won"] == 50_000
        for wrong in ({"identity": "urn:p:x"}, {"who": 1}, b"[" * 50_000, b"\xff"):
            answer = await town.call("POST", "/api/sign-in", wrong)
            assert answer.status in (404, 422)

    live(closed)
    live(demo, is_demo=True)


def test_a_city_that_starts_says_so(live: Live) -> None:
    async def then(town: Town) -> None:
        runtime, town.live._runtime = town.live._runtime, None
        for path in ("/health", "/api/me/wallet", "/ngsi-ld/v1/entities?type=A", "/api/live"):
            answer = await town.call("GET", path, caller=ANNE)
            assert answer.status == 503, path
            assert answer.headers["retry-after"] == "2", path
        town.live._runtime = runtime

    live(then)


def test_callers_with_the_same_name_and_another_role_are_others(live: Live) -> None:
    async def then(town: Town) -> None:
        as_operator = Caller(ANNE.id, Role.OPERATOR)
        assert (await town.call("GET", "/api/me/wallet", caller=as_operator)).status == 403
        assert (await town.call("GET", "/api/me/wallet", caller=ANNE)).status == 200

    live(then)
