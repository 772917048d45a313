"""A wallet gets credentials of a living city and shows them there; what must not be is refused."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote

import pytest

from hapgang.contract import Caller, Role
from hapgang.core.ids import urn
from hapgang.core.vocabulary.identity import IssuedCredential
from hapgang.ledger.identity import status
from hapgang.ledger.identity.badges import opened_badge
from hapgang.ledger.identity.jose import NotProven, new_key, peek
from hapgang.ledger.identity.sdjwt import verify
from hapgang.ledger.identity.status import INVALID, VALID, opened_list
from tests.app.identity.pocket import (
    ANNE,
    BERT,
    KIOSK,
    LEARNED,
    LICENCE,
    ORIGIN,
    SCHOOL,
    TAXI,
    Wallet,
    ask,
    attest,
    offer,
    offered,
    register,
    state_of,
)
from tests.app.identity.town import COUNTER, Town, bearer

Live = Callable[..., None]
VERIFY = Path(__file__).resolve().parents[3] / "verifier" / "verify.py"


def test_each_kind_is_fetched_and_shown(live: Live) -> None:
    async def then(town: Town) -> None:
        await register(town, born="1951-05-02")
        await attest(town, "driving_licence", LICENCE)
        await attest(town, "disability", {"disabled": True, "degree": "severe", "needs": ["lift"]})
        await attest(town, "membership", {"role": "driver"}, by=TAXI)
        await attest(town, "nanodegree", LEARNED, by=SCHOOL)
        wallet = Wallet(town)
        kinds = ["residency", "age", "driving_licence", "disability", "membership", "nanodegree"]
        for kind in kinds:
            await wallet.fetch(ANNE, kind)
        listed = (await town.call("GET", "/api/me/credentials", caller=ANNE)).json()
        assert sorted(one["kind"] for one in listed) == sorted(kinds)
        assert {one["status"] for one in listed} == {"valid"}
        needs = ["resident", "age.65", "licence.B", "disability", "member.taxi.driver"]
        asked = await ask(town, *needs)
        assert (await state_of(town, asked))["state"] == "open"
        shown = await wallet.show(asked["link"])
        assert (shown.status, shown.json()) == (200, {})
        view = await state_of(town, asked)
        assert (view["state"], view["proven"]) == ("answered", dict.fromkeys(needs, True))
        for other in (ANNE, COUNTER):
            path = f"/api/questions/{asked['question']}"
            assert (await town.call("GET", path, caller=other)).status == 404

    live(then)


def test_what_is_asked_in_dcql_is_proven_by_its_path(live: Live) -> None:
    async def then(town: Town) -> None:
        await register(town)
        wallet = Wallet(town)
        await wallet.fetch(ANNE, "residency")
        home = {
            "id": "home", "format": "dc+sd-jwt", "claims": [{"path": ["zone"]}],
            "meta": {"vct_values": ["urn:hapgang:credential:residency:1"]},
        }  # fmt: skip
        words = {"purpose": {"en": "A", "ko": "가"}, "dcql": {"credentials": [home]}}
        asked = (await town.call("POST", "/api/questions", words, caller=KIOSK)).json()
        await wallet.show(asked["link"])
        assert (await state_of(town, asked))["proven"] == {"home.zone": "5-1"}
        for bad in ({"needs": ["age.19"], **words}, {"purpose": words["purpose"]}):
            assert (await town.call("POST", "/api/questions", bad, caller=KIOSK)).status == 422
        long = {"purpose": {"en": "A" * 20_000, "ko": "가"}, "needs": ["age.19"]}
        assert (await town.call("POST", "/api/questions", long, caller=KIOSK)).status == 422
        for need in ("age.20", "king", "licence.\u0000"):
            bad = {"purpose": words["purpose"], "needs": [need]}
            assert (await town.call("POST", "/api/questions", bad, caller=KIOSK)).status == 422
        for role in (ANNE, Caller(urn("Device", "d"), Role.DEVICE)):
            assert (await town.call("POST", "/api/questions", words, caller=role)).status == 403

    live(then)


def test_the_third_wrong_pin_ends_an_offer(live: Live) -> None:
    async def then(town: Town) -> None:
        await register(town)
        wallet = Wallet(town)
        given = await offer(town, ANNE, "age")
        wrong = f"{(int(given['pin']) + 1) % 10**6:06}"
        for _ in range(2):
            said = await wallet.token(given["offer_link"], wrong)
            assert (said.status, said.json()["error"]) == (400, "invalid_grant")
        assert (await wallet.token(given["offer_link"], None)).json()["error"] == "invalid_request"
        assert (await wallet.token(given["offer_link"], wrong)).status == 400
        said = await wallet.token(given["offer_link"], given["pin"])
        assert (said.status, said.json()["error"]) == (400, "invalid_grant")
        assert town.runtime.state.count("CredentialOffer") == 0
        given = await offer(town, ANNE, "age")
        assert (await wallet.token(given["offer_link"], given["pin"])).status == 200
        said = await wallet.token(given["offer_link"], given["pin"])
        assert said.json()["error"] == "invalid_grant"

    live(then)


def test_a_nonce_a_token_and_a_proof_are_good_once(live: Live) -> None:
    async def then(town: Town) -> None:
        await register(town)
        wallet = Wallet(town)
        proofs = []
        tokens = []
        for _ in range(2):
            given = await offer(town, ANNE, "age")
            answered = await wallet.token(given["offer_link"], given["pin"])
            assert answered.headers["cache-control"] == "no-store"
            tokens.append(answered.json()["access_token"])
            proofs.append(await wallet.proof())
        assert (await wallet.credential(tokens[0], "age", proofs[0])).status == 200
        again = await wallet.credential(tokens[0], "age", proofs[1])
        assert (again.status, again.json()["error"]) == (401, "invalid_token")
        assert again.headers["www-authenticate"].startswith("Bearer")
        replayed = await wallet.credential(tokens[1], "age", proofs[0])
        assert (replayed.status, replayed.json()["error"]) == (400, "invalid_nonce")
        foreign = await wallet.credential(tokens[1], "age", await wallet.proof(aud="https://x.org"))
        assert foreign.json()["error"] == "invalid_proof"
        other = await wallet.credential(tokens[1], "residency", proofs[1])
        assert other.json()["error"] == "unknown_credential_configuration"
        assert (await wallet.credential("x", "age", proofs[1])).status == 401
        token = town.token(ANNE)  # of a person, who has signed in: good for nothing here
        assert (await wallet.credential(token, "age", proofs[1])).status == 401
        assert (await wallet.credential(tokens[1], "age", proofs[1])).status == 200
        assert town.runtime.state.count("IssuedCredential") == 2

    live(then)


def test_nobody_is_offered_what_is_said_of_another(live: Live) -> None:
    async def then(town: Town) -> None:
        await register(town)
        await register(town, BERT, name="Bert")
        licence = await attest(town, "driving_licence", LICENCE)
        path = "/api/me/credential-offers"
        for who, words in (
            (BERT, {"kind": "driving_licence"}),
            (BERT, {"kind": "driving_licence", "attested": licence}),
            (ANNE, {"kind": "driving_licence", "attested": "urn:x:1"}),
            (ANNE, {"kind": "membership"}),
            (Caller(urn("Person", "guest"), Role.VISITOR), {"kind": "residency"}),
        ):
            assert (await town.call("POST", path, words, caller=who)).status == 403
        assert (await town.call("POST", path, {"kind": "age"}, caller=TAXI)).status == 403
        assert (await town.call("POST", path, {"kind": "crown"}, caller=ANNE)).status == 422
        at_counter = f"/api/register/{quote(BERT.id)}/credential-offers"
        said = await town.call("POST", at_counter, {"kind": "residency"}, caller=COUNTER)
        assert said.status == 200
        assert (await town.call("POST", at_counter, {"kind": "age"}, caller=ANNE)).status == 403
        inbox = (await town.call("GET", "/api/me/inbox", caller=BERT)).json()
        assert any("counter" in message["title"]["en"] for message in inbox)

    live(then)


def test_an_attestation_taken_back_is_heard_at_once_and_proved(live: Live, tmp_path: Path) -> None:
    async def then(town: Town) -> None:
        await register(town)
        licence = await attest(town, "driving_licence", LICENCE)
        wallet = Wallet(town)
        text = await wallet.fetch(ANNE, "driving_licence")
        index, address = place_of(text)
        before = await wallet.get(address)
        assert before.headers["content-type"] == "application/statuslist+jwt"
        assert await status_of(wallet, text) == VALID
        asked = await ask(town, "licence.B")
        gone = await town.call("DELETE", f"/api/attestations/{quote(licence)}", caller=COUNTER)
        assert gone.status == 200, gone.body
        assert await status_of(wallet, text) == INVALID
        refused = await wallet.show(asked["link"])
        assert (refused.status, refused.json()["error"]) == (403, "invalid_request")
        assert "revoked" in refused.json()["error_description"]
        assert (await state_of(town, asked))["state"] == "open"
        mine = (await town.call("GET", "/api/me/credentials", caller=ANNE)).json()[0]
        assert mine["status"] == "revoked"
        await proved(town, mine["fact"], index, address, tmp_path)

    live(then)


async def proved(town: Town, fact: str, index: int, address: str, folder: Path) -> None:
    """Check the receipt of a status change with the verifier, which knows nothing of the city."""
    await town.live.log.publish(town.live.reads)
    path = f"/api/log/facts/credential_status/{quote(fact, safe='')}/receipt"
    answered = await town.call("GET", path)
    assert answered.status == 200, answered.body
    told = answered.json()["fact"]
    assert (told["list"], told["index"], told["status"]) == (address, index, INVALID)
    key = (await town.call("GET", "/api/log/key")).body.decode()
    for name, body, code in (
        ("whole", answered.body, 0),
        ("changed", answered.body.replace(b'"status":1', b'"status":0'), 1),
    ):
        receipt = folder / f"{name}.json"
        receipt.write_bytes(body)
        words = [sys.executable, str(VERIFY), str(receipt), "--key", key]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stderr


def place_of(text: str) -> tuple[int, str]:
    place = status.reference(peek(text.partition("~")[0]).claims)
    assert place is not None
    return place


async def status_of(wallet: Wallet, text: str) -> int:
    """Look a credential up as another verifier does: the list, fetched anew."""
    (key,) = (await wallet.keys()).values()
    index, address = place_of(text)
    issuer = peek(text.partition("~")[0]).claims["iss"]
    token = (await wallet.get(address)).body.decode()
    now_s = peek(token).claims["iat"]
    return opened_list(token, address, issuer, lambda *_: key, now_s).get(index)


def test_a_list_that_is_over_proves_nothing(live: Live) -> None:
    async def then(town: Town) -> None:
        await register(town)
        wallet = Wallet(town)
        text = await wallet.fetch(ANNE, "age")
        (key,) = (await wallet.keys()).values()
        _, address = place_of(text)
        token = (await wallet.get(address)).body.decode()
        claims = peek(token).claims
        shown = verify(text, lambda *_: key, claims["iat"])
        late = claims["iat"] + claims["ttl"]
        with pytest.raises(NotProven):
            status.check(shown.claims, claims["iss"], lambda _: token, lambda *_: key, late)
        status.check(shown.claims, claims["iss"], lambda _: token, lambda *_: key, late - 1)
        assert (await wallet.get(f"{ORIGIN}/identity/status/2")).status == 404
        assert (await wallet.get(f"{ORIGIN}/identity/status/x")).status == 404

    live(then)


def test_an_answer_is_taken_once_and_by_the_key_only(live: Live) -> None:
    async def then(town: Town) -> None:
        await register(town)
        wallet = Wallet(town)
        await wallet.fetch(ANNE, "age")
        asked = await ask(town, "age.19")
        request = await wallet.question(asked["link"])
        assert request["purpose"] == {"en": "Entry", "ko": "입장"}
        path = request["response_uri"].removeprefix(ORIGIN)
        form = await wallet.answer_to(request)
        stolen = await wallet.answer_to(request, new_key())
        assert (await wallet.post(path, stolen)).status == 403
        other = await wallet.question((await ask(town, "age.19"))["link"])
        assert (await wallet.post(path, await wallet.answer_to(other))).status == 400
        crossed = form | {"state": other["state"]}
        assert (
            await wallet.post(other["response_uri"].removeprefix(ORIGIN), crossed)
        ).status == 403
        assert (await wallet.post(path, form)).status == 200
        assert (await wallet.post(path, form)).json()["error"] == "invalid_request"
        assert (await wallet.get(ORIGIN + "/identity/requests/x")).status == 404
        refused = await ask(town, "age.70")
        no = await wallet.question(refused["link"])
        said = {"error": "access_denied", "state": no["state"]}
        assert (await wallet.post(no["response_uri"].removeprefix(ORIGIN), said)).status == 200
        assert (await state_of(town, refused))["state"] == "refused"

    live(then)


def test_a_wallet_that_posts_gets_its_nonce_back(live: Live) -> None:
    async def then(town: Town) -> None:
        asked = await ask(town, "resident")
        wallet = Wallet(town)
        request = await wallet.question(asked["link"])
        path = f"/identity/requests/{request['state']}"
        posted = await wallet.post(path, {"wallet_nonce": "n-1"})
        claims = await wallet.opened(posted.body.decode(), request["client_id"])
        assert claims["wallet_nonce"] == "n-1"
        assert posted.headers["content-type"] == "application/oauth-authz-req+jwt"

    live(then)


def test_pages_of_any_site_may_knock_at_these_doors_only(live: Live) -> None:
    async def then(town: Town) -> None:
        for path in ("/identity/credential", "/identity/token", "/.well-known/did.json"):
            asked = await town.call("OPTIONS", path)
            assert asked.status == 204
            assert asked.headers["access-control-allow-origin"] == "*"
            assert "Authorization" in asked.headers["access-control-allow-headers"]
        metadata = await town.call("GET", "/.well-known/openid-credential-issuer")
        assert metadata.headers["access-control-allow-origin"] == "*"
        said = metadata.json()
        assert said["credential_issuer"] == ORIGIN
        assert said["credential_endpoint"] == f"{ORIGIN}/identity/credential"
        server = (await town.call("GET", "/.well-known/oauth-authorization-server")).json()
        assert server["token_endpoint"] == f"{ORIGIN}/identity/token"
        for method, path in (("GET", "/api/log/key"), ("OPTIONS", "/api/me")):
            other = await town.call(method, path)
            assert "access-control-allow-origin" not in other.headers
        broken = await town.call("POST", "/identity/token", b"\xff\xfe")
        assert (broken.status, broken.json()["error"]) == (422, "invalid_request")
        twice = await town.call("POST", "/identity/token", b"a=1&a=2")
        assert twice.status == 422
        long = await town.call("POST", "/identity/answers/x", b"a" * 300_000)
        assert long.status == 413
        for body in (b"[1]", b"null", b"{", b'{"a":1,"a":2}'):
            said = await town.call("POST", "/identity/credential", body)
            assert said.status in (400, 401, 422), body

    live(then)


def test_what_was_learned_is_a_badge(live: Live) -> None:
    async def then(town: Town) -> None:
        await register(town)
        name = await attest(town, "nanodegree", LEARNED, by=SCHOOL)
        path = f"/api/me/attestations/{quote(name)}/badge"
        made = (await town.call("GET", path, caller=ANNE)).json()
        (key,) = (await Wallet(town).keys()).values()
        now_s = int(town.live.clock.now().timestamp())
        assert opened_badge(made["token"], lambda *_: key, now_s) == made["document"]
        assert made["document"]["credentialSubject"]["achievement"]["name"] == "AI"
        assert (await town.call("GET", path, caller=BERT)).status == 404
        await town.call("DELETE", f"/api/attestations/{quote(name)}", caller=SCHOOL)
        assert (await town.call("GET", path, caller=ANNE)).status == 404

    live(then)


def test_a_killed_city_goes_on_where_it_was(live: Live) -> None:
    kept: dict[str, str] = {}

    async def before(town: Town) -> None:
        await register(town)
        wallet = Wallet(town)
        await wallet.fetch(ANNE, "age")
        given = await offer(town, ANNE, "residency")
        answered = await wallet.token(given["offer_link"], given["pin"])
        kept["token"] = answered.json()["access_token"]
        kept["offer"] = (await offer(town, ANNE, "age"))["offer_link"]
        kept["key"] = str(await wallet.keys())
        asked = await ask(town, "resident")
        kept["link"] = asked["link"]
        kept["question"] = asked["question"]

    async def after(town: Town) -> None:
        wallet = Wallet(town)
        assert str(await wallet.keys()) == kept["key"]
        first = await wallet.credential(kept["token"], "residency")
        assert first.status == 200, first.body
        wallet.held["home"] = first.json()["credentials"][0]["credential"]
        assert (await wallet.credential(kept["token"], "residency")).status == 401
        views = [record.view for record in town.runtime.state.of_type("IssuedCredential")]
        places = {view.place for view in views if isinstance(view, IssuedCredential)}
        assert len(places) == len(views) == 2
        assert offered(kept["offer"])["credential_issuer"] == ORIGIN
        assert (await wallet.show(kept["link"])).status == 200
        assert (await state_of(town, {"question": kept["question"]}))["state"] == "answered"

    live(before)
    live(after)


def test_a_visitor_holds_what_they_show_until_it_is_revoked(live: Live) -> None:
    async def then(town: Town) -> None:
        await register(town)
        licence = await attest(town, "driving_licence", LICENCE)
        wallet = Wallet(town)
        await wallet.fetch(ANNE, "driving_licence")
        begun = (await town.call("POST", "/api/visit")).json()
        as_visitor = bearer(begun["token"])

        async def mine(method: str, path: str, body: Any = None) -> Any:
            answered = await town.call(method, path, body, headers=as_visitor)
            assert answered.status == 200, answered.body
            return answered.json()

        async def held() -> list[str]:
            return [one["attribute"] for one in (await mine("GET", "/api/me/sessions"))[0]["shown"]]

        caller = town.application._callers.of
        assert caller(begun["token"]).holds == frozenset()
        asked = await mine("POST", "/api/me/proofs", {"needs": ["licence.B"]})
        assert (await wallet.show(asked["link"])).json() == {}
        assert (await mine("GET", f"/api/questions/{asked['question']}"))["state"] == "answered"
        assert await held() == ["licence.B"]
        assert caller(begun["token"]).holds == {"licence.B"}
        await town.call("DELETE", f"/api/attestations/{quote(licence)}", caller=COUNTER)
        assert caller(begun["token"]).holds == frozenset()

    live(then, has_visitors=True)


def test_only_the_browser_that_began_brings_the_code(live: Live) -> None:
    async def then(town: Town) -> None:
        await register(town)
        wallet = Wallet(town)
        await wallet.fetch(ANNE, "age")
        tokens = [(await town.call("POST", "/api/visit")).json()["token"] for _ in range(2)]
        wish = {"needs": ["age.19"], "back": "/me/identity"}
        begin = await town.call("POST", "/api/me/proofs", wish, headers=bearer(tokens[0]))
        asked = begin.json()
        sent = (await wallet.show(asked["link"])).json()["redirect_uri"]
        address, _, fragment = sent.partition("#")
        assert address == f"{ORIGIN}/me/identity"
        body = {"response_code": parse_qs(fragment)["response_code"][0]}
        path = f"/api/me/proofs/{asked['question']}"
        look = f"/api/questions/{asked['question']}"
        seen = await town.call("GET", look, headers=bearer(tokens[0]))
        assert (seen.json()["state"], seen.json()["proven"]) == ("open", None)
        caller = town.application._callers.of
        assert (await town.call("POST", path, body, headers=bearer(tokens[1]))).status == 404
        wrong = {"response_code": "x"}
        assert (await town.call("POST", path, wrong, headers=bearer(tokens[0]))).status == 403
        assert caller(tokens[0]).holds == frozenset()
        brought = await town.call("POST", path, body, headers=bearer(tokens[0]))
        assert brought.json()["proven"] == {"age.19": True}
        assert caller(tokens[0]).holds == {"age.19"}
        assert (await town.call("POST", path, body, headers=bearer(tokens[0]))).status == 403
        away = {"needs": ["age.19"], "back": "//evil.example"}
        assert (
            await town.call("POST", "/api/me/proofs", away, headers=bearer(tokens[0]))
        ).status == 422

    live(then, has_visitors=True)


def test_a_resident_shows_the_city_their_own_only(live: Live) -> None:
    async def then(town: Town) -> None:
        await register(town)
        wallet = Wallet(town)
        await wallet.fetch(ANNE, "age")
        wish = {"identity": urn("Person", "pupil")}
        token = (await town.call("POST", "/api/sign-in", wish)).json()["token"]
        begin = await town.call(
            "POST", "/api/me/proofs", {"needs": ["age.19"]}, headers=bearer(token)
        )
        refused = await wallet.show(begin.json()["link"])
        assert refused.status == 403
        me = (await town.call("GET", "/api/me", headers=bearer(token))).json()
        assert "age.19" not in me["holds"]
        machine = await town.call("POST", "/api/me/proofs", {"needs": ["age.19"]}, caller=ANNE)
        assert machine.status == 403  # it has no session that could hold anything

    live(then, is_demo=True)


def test_who_acts_for_somebody_has_a_credential_of_it_until_it_ends(live: Live) -> None:
    async def then(town: Town) -> None:
        await register(town)
        await register(town, BERT, name="Bert", born="2015-05-02")
        words = {
            "guardian": ANNE.id, "relation": "parent", "actions": ["*"], "until": "2030-01-01",
        }  # fmt: skip
        path = f"/api/register/{quote(BERT.id)}/guardians"
        given = await town.call("POST", path, words, caller=COUNTER)
        assert given.status == 200, given.body
        wallet = Wallet(town)
        text = await wallet.fetch(ANNE, "delegation")
        (key,) = (await wallet.keys()).values()
        said = verify(text, lambda *_: key, int(town.live.clock.now().timestamp())).claims
        assert (said["for"], said["relation"], said["actions"]) == (BERT.id, "parent", ["*"])
        attested = (await town.call("GET", "/api/me/attestations", caller=ANNE)).json()[0]["id"]
        alone = await town.call("DELETE", f"/api/attestations/{quote(attested)}", caller=COUNTER)
        assert alone.status == 409
        delegation = quote(given.json()["id"])
        ended = await town.call("DELETE", f"/api/me/delegations/{delegation}", caller=ANNE)
        assert ended.status == 200, ended.body
        assert await status_of(wallet, text) == INVALID

    live(then)
