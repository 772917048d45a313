"""A first device, signing in, what may not be done twice, ending, losing and beginning anew."""

from collections.abc import Callable
from typing import Any

import pytest

from hapgang.app.identity.codes import canonical, draw_typed
from hapgang.app.identity.site import origin_of, site_of
from hapgang.contract import Role
from hapgang.core.errors import Invalid
from hapgang.ledger.till import account_id
from tests.app.identity.phone import Phone
from tests.app.identity.town import COUNTER, Town, bearer, code_for, get
from tests.village import move_in, person

Live = Callable[..., None]
ANNE, BEN = person("anne"), person("ben")


async def anne_with_phone(town: Town) -> tuple[Phone, dict[str, Any]]:
    move_in(town.runtime, ANNE)
    phone = Phone("Anne's phone")
    answer = await phone.enrol(town, await code_for(town, ANNE.id))
    assert answer.status == 200, answer.body
    return phone, answer.json()


def test_a_counters_code_makes_the_first_key_and_a_key_signs_in(live: Live) -> None:
    async def then(town: Town) -> None:
        phone, first = await anne_with_phone(town)
        assert (first["id"], first["role"]) == (ANNE.id, "resident")
        assert {"resident", "age.19"} <= {*first["holds"]}
        assert (await get(town, "/api/me/wallet", first["token"])).json()["balance_won"] == 10_000
        signed = (await phone.sign_in(town)).json()
        assert signed["session"] != first["session"]
        sessions = (await get(town, "/api/me/sessions", signed["token"])).json()
        assert [(one["by"], one["label"], one["is_this"]) for one in sessions] == [
            ("passkey", "Anne's phone", True),
            ("enrolment", "Anne's phone", False),
        ]
        keys = (await get(town, "/api/me/passkeys", signed["token"])).json()
        assert [key["label"] for key in keys] == ["Anne's phone"]
        me = (await get(town, "/api/me", signed["token"])).json()
        assert (me["session"], me["actor"]) == (signed["session"], None)

    live(then)


def test_codes_and_answers_are_good_once(live: Live) -> None:
    async def then(town: Town) -> None:
        move_in(town.runtime, ANNE)
        code = await code_for(town, ANNE.id)
        newer = await code_for(town, ANNE.id)
        assert (await Phone("a").enrol(town, code)).status == 403  # a newer one took its place
        phone = Phone("b")
        assert (await phone.enrol(town, newer.lower().replace("-", " "))).status == 200
        assert (await Phone("c").enrol(town, newer)).status == 403
        answer = await phone.knock(town)
        assert (await town.call("POST", "/api/sign-in/passkey", answer)).status == 200
        assert (await town.call("POST", "/api/sign-in/passkey", answer)).status == 403
        wrong = await phone.knock(town)
        wrong["answer"]["response"]["signature"] = "AAAA"
        assert (await town.call("POST", "/api/sign-in/passkey", wrong)).status == 403
        again = {"attempt": wrong["attempt"], "answer": phone.sign({"challenge": "AAAA"})}
        assert (await town.call("POST", "/api/sign-in/passkey", again)).status == 403
        phone.count = 0  # a copy of the key, whose counter did not go on
        assert (await phone.sign_in(town)).status == 403
        stranger = await Phone("stranger").sign_in(town)
        assert stranger.status == 403
        assert b"anne" not in stranger.body

    live(then)


def test_no_code_for_whom_the_city_does_not_know(live: Live) -> None:
    async def then(town: Town) -> None:
        body = {"person": "urn:ngsi-ld:Staff:operator"}
        given = await town.call("POST", "/api/enrolments", body, caller=COUNTER)
        assert given.status == 404
        visit = (await town.call("POST", "/api/visit")).json()
        given = await town.call("POST", "/api/enrolments", {"person": visit["id"]}, caller=COUNTER)
        assert given.status == 404
        move_in(town.runtime, ANNE)
        for role in (Role.RESIDENT, Role.OPERATOR, Role.COMPANY):
            asked = await town.call(
                "POST", "/api/enrolments", {"person": ANNE.id}, caller=person("x", role)
            )
            assert asked.status == 403

    live(then, has_visitors=True)


def test_an_ended_session_is_refused_at_once(live: Live) -> None:
    async def then(town: Town) -> None:
        phone, first = await anne_with_phone(town)
        second = (await phone.sign_in(town)).json()
        third = (await phone.sign_in(town)).json()
        move_in(town.runtime, BEN)
        path = f"/api/me/sessions/{first['session']}"
        assert (await town.call("DELETE", path, caller=BEN)).status == 404
        assert (await get(town, "/api/me/inbox", first["token"])).status == 200
        assert (await town.call("DELETE", path, headers=bearer(second["token"]))).status == 200
        assert (await get(town, "/api/me/inbox", first["token"])).status == 401
        ended = await town.call("DELETE", "/api/me/sessions", headers=bearer(second["token"]))
        assert ended.json() == 1
        assert (await get(town, "/api/me/inbox", third["token"])).status == 401
        out = await town.call("POST", "/api/sign-out", headers=bearer(second["token"]))
        assert out.status == 200
        assert (await get(town, "/api/me/inbox", second["token"])).status == 401
        fourth = (await phone.sign_in(town)).json()
        gone = await town.call("DELETE", "/api/me", headers=bearer(fourth["token"]))
        assert gone.status == 200
        assert (await get(town, "/api/me/inbox", fourth["token"])).status == 401
        assert (await phone.sign_in(town)).status == 403

    live(then)


def test_devices_are_added_and_taken_off_but_not_the_last(live: Live) -> None:
    async def then(town: Town) -> None:
        phone, signed = await anne_with_phone(town)
        by = bearer(signed["token"])
        [first] = (await get(town, "/api/me/passkeys", signed["token"])).json()
        last = await town.call("DELETE", f"/api/me/passkeys/{first['id']}", headers=by)
        assert last.status == 409
        tablet = Phone("Tablet")
        assert (await tablet.add(town, signed["token"])).status == 200
        assert (await tablet.add(town, signed["token"])).status == 409  # it is known
        other = (await tablet.sign_in(town)).json()
        gone = await town.call(
            "DELETE", f"/api/me/passkeys/{first['id']}", headers=bearer(other["token"])
        )
        assert gone.status == 200
        assert (await get(town, "/api/me/inbox", signed["token"])).status == 401  # begun by it
        assert (await phone.sign_in(town)).status == 403
        codes = await town.call("POST", "/api/me/recovery-codes", headers=bearer(other["token"]))
        [rest] = (await get(town, "/api/me/passkeys", other["token"])).json()
        path = f"/api/me/passkeys/{rest['id']}"
        assert (await town.call("DELETE", path, headers=bearer(other["token"]))).status == 200
        back = await Phone("New phone").enrol(town, codes.json()["codes"][3], "recovery")
        assert back.status == 200

    live(then)


def test_an_attempt_to_add_is_its_persons_own(live: Live) -> None:
    async def then(town: Town) -> None:
        _, anne = await anne_with_phone(town)
        move_in(town.runtime, BEN)
        ben = (await Phone("Ben's").enrol(town, await code_for(town, BEN.id))).json()
        asked = await town.call("POST", "/api/me/passkeys/options", headers=bearer(anne["token"]))
        said, phone = asked.json(), Phone("Mallory's")
        body = {"attempt": said["attempt"], "answer": phone.make(said["options"]), "label": "x"}
        stolen = await town.call("POST", "/api/me/passkeys", body, headers=bearer(ben["token"]))
        assert stolen.status == 403
        assert (await phone.sign_in(town)).status == 403

    live(then)


def test_recovery_codes_are_good_once_and_only_the_newest(live: Live) -> None:
    async def then(town: Town) -> None:
        _, signed = await anne_with_phone(town)
        by = bearer(signed["token"])
        old = (await town.call("POST", "/api/me/recovery-codes", headers=by)).json()["codes"]
        new = (await town.call("POST", "/api/me/recovery-codes", headers=by)).json()["codes"]
        assert (len(new), len({*old, *new})) == (10, 20)
        assert (await Phone("a").enrol(town, old[0], "recovery")).status == 403
        assert (await Phone("b").enrol(town, new[0], "recovery")).status == 200
        assert (await Phone("c").enrol(town, new[0], "recovery")).status == 403
        kept = town.runtime.state.count("RecoveryCode")
        assert kept == 9
        assert not any(canonical(code) in str(vars_of(town)) for code in new)

    live(then)


def vars_of(town: Town) -> list[Any]:
    state = town.runtime.state
    kinds = ("RecoveryCode", "Enrolment", "SignInAttempt", "Session", "SignInKey")
    return [(one.id, one.view) for kind in kinds for one in state.of_type(kind)]


@pytest.mark.parametrize("at_counter", [True, False])
def test_what_is_on_a_lost_phone_is_ended(live: Live, at_counter: bool) -> None:
    async def then(town: Town) -> None:
        lost, on_it = await anne_with_phone(town)
        tablet = Phone("Tablet")
        await tablet.add(town, on_it["token"])
        here = (await tablet.sign_in(town)).json()
        if at_counter:
            code = await code_for(town, ANNE.id, lost=True)
            assert (await get(town, "/api/me/inbox", here["token"])).status == 401
            assert (await tablet.sign_in(town)).status == 403
            here = (await tablet.enrol(town, code)).json()
        else:
            said = await town.call("POST", "/api/me/lost", headers=bearer(here["token"]))
            assert said.status == 200
            assert (await tablet.sign_in(town)).status == 200
        assert (await get(town, "/api/me/inbox", on_it["token"])).status == 401
        assert (await lost.sign_in(town)).status == 403
        assert town.runtime.book.account(account_id(ANNE.id)).state == "frozen"
        told = (await get(town, "/api/me/inbox", here["token"])).json()
        assert "A lost device was reported" in [one["title"]["en"] for one in told]

    live(then)


def test_an_attempt_survives_that_the_city_is_killed(live: Live) -> None:
    phone = Phone("Anne's phone")
    kept: dict[str, Any] = {}

    async def before(town: Town) -> None:
        move_in(town.runtime, ANNE)
        await phone.enrol(town, await code_for(town, ANNE.id))
        kept["answer"] = await phone.knock(town)
        kept["token"] = (await phone.sign_in(town)).json()["token"]
        phone.count += 10
        kept["answer"] = await phone.knock(town)

    async def after(town: Town) -> None:
        assert (await town.call("POST", "/api/sign-in/passkey", kept["answer"])).status == 200
        assert (await get(town, "/api/me/inbox", kept["token"])).status == 200

    live(before)
    live(after)


def test_too_many_tries_are_put_off(live: Live) -> None:
    async def then(town: Town) -> None:
        statuses = [
            (await town.call("POST", "/api/sign-in/enrol/options", {"code": draw_typed(3)})).status
            for _ in range(65)
        ]
        assert {*statuses[:55]} == {403}
        assert statuses[-1] == 429

    live(then)


def test_a_demonstrations_people_and_visitors_have_sessions(live: Live) -> None:
    async def then(town: Town) -> None:
        agent = {"user-agent": "Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Safari/537.36"}
        wish = {"identity": "urn:ngsi-ld:Person:designer"}
        signed = (await town.call("POST", "/api/sign-in", wish, headers=agent)).json()
        assert {"resident", "age.19", "licence.B"} <= {*signed["holds"]}
        [one] = (await get(town, "/api/me/sessions", signed["token"])).json()
        assert (one["by"], one["label"]) == ("demonstration", "Chrome · Android")
        await town.call("POST", "/api/sign-out", headers=bearer(signed["token"]))
        assert (await get(town, "/api/me", signed["token"])).status == 401
        visit = (await town.call("POST", "/api/visit")).json()
        assert visit["holds"] == []
        [one] = (await get(town, "/api/me/sessions", visit["token"])).json()
        assert one["by"] == "visit"

    live(then, is_demo=True)


def test_origins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HAPGANG_ORIGIN", raising=False)
    assert origin_of(8401) == "http://localhost:8401"
    assert origin_of(80) == "http://localhost"
    assert site_of("https://city.example:8443", "x").rp_id == "city.example"
    for said in ("https://city.example", "http://localhost:1", "https://a.b-c.example:8443"):
        monkeypatch.setenv("HAPGANG_ORIGIN", f"{said}/")
        assert origin_of() == said
    for said in (
        "http://city.example", "https://127.0.0.1", "city.example", "https://city.example/a",
        "https://u@city.example", "ftp://localhost", "https://[::1]", "https://city..example",
        "https://city.example:99999", "https://city.example:x", "https://[::1", "http://localhost:80",
        "https://city.example:443", "https://city.example:0",
    ):  # fmt: skip
        monkeypatch.setenv("HAPGANG_ORIGIN", said)
        with pytest.raises(Invalid, match="HAPGANG_ORIGIN"):
            origin_of()
