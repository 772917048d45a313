"""Acting for somebody: only what was given, only while it stands, and seen by whom it is for."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from hapgang.contract import Caller, Role
from hapgang.core.vocabulary.identity import Attested
from hapgang.runtime.perform import PLATFORM
from hapgang.runtime.platform.identity import sessions
from hapgang.runtime.platform.identity.acting import begin_acting
from hapgang.runtime.platform.identity.delegations import delegate
from hapgang.runtime.platform.people import register_person
from tests.app.identity.phone import Phone
from tests.app.identity.pocket import register
from tests.app.identity.town import COUNTER, Town, bearer, code_for, get
from tests.living import Answer
from tests.village import NAME, Diary, move_in, person

Live = Callable[..., None]
ANNE, BEN, KID, CARL = person("anne"), person("ben"), person("kid"), person("carl")


async def signed_in(town: Town, who: Caller) -> str:
    """Return the token of somebody with a phone."""
    if town.runtime.state.get(who.id) is None:
        move_in(town.runtime, who)
    answer = await Phone(who.id).enrol(town, await code_for(town, who.id))
    token: str = answer.json()["token"]
    return token


def day(town: Town, more: int = 30) -> str:
    return (town.live.clock.now() + timedelta(days=more)).date().isoformat()


async def give(town: Town, token: str, to: str, *actions: str, **more: Any) -> Answer:
    body = {"to": to, "actions": actions, "until": day(town), **more}
    return await town.call("POST", "/api/me/delegations", body, headers=bearer(token))


async def act(town: Town, token: str, power: str) -> Answer:
    return await town.call("POST", "/api/me/acting", {"power": power}, headers=bearer(token))


def test_a_parent_acts_for_a_child_as_far_as_the_counter_entered(live: Live) -> None:
    async def then(town: Town) -> None:
        anne = await signed_in(town, ANNE)
        town.runtime.perform(
            register_person, PLATFORM, person=KID.id, age_band="10-19", balance_won=1_000
        )
        body = {
            "guardian": ANNE.id, "relation": "parent", "until": day(town),
            "actions": [f"{NAME}/write_diary", f"{NAME}/diaries"],
        }  # fmt: skip
        path = f"/api/register/{KID.id}/guardians"
        assert (await town.call("POST", path, body, caller=BEN)).status == 403
        entered = await town.call("POST", path, body, caller=COUNTER)
        assert entered.status == 200, entered.body
        [power] = (await get(town, "/api/me/powers", anne)).json()
        assert (power["principal"], power["relation"]) == (KID.id, "parent")
        begun = (await act(town, anne, power["id"])).json()
        assert (begun["id"], begun["actor"]) == (KID.id, ANNE.id)
        by = bearer(begun["token"])
        wrote = await town.call("POST", f"/api/{NAME.replace('.', '/')}/diaries", {"text": "hi"},
                                headers=by)  # fmt: skip
        assert wrote.status == 200
        [diary] = town.runtime.state.of_type("TestDiary")
        assert isinstance(diary.view, Diary)
        assert diary.view.owner == KID.id
        me = (await get(town, "/api/me", begun["token"])).json()
        assert (me["id"], me["actor"], me["only"]) == (KID.id, ANNE.id, body["actions"])
        looks = (await town.call("GET", "/api/me/access", caller=KID)).json()
        assert {(one["reader"], one["purpose"], one["fields"]) for one in looks} >= {
            (ANNE.id, "acts for you", "write_diary"),
            (ANNE.id, "acts for you", "begin_acting"),
        }

    live(then)


def test_what_was_not_given_is_refused(live: Live) -> None:
    async def then(town: Town) -> None:
        anne, ben = await signed_in(town, ANNE), await signed_in(town, BEN)
        given = (await give(town, anne, BEN.id, f"{NAME}/*", "platform/*")).json()
        begun = (await act(town, ben, given["id"])).json()
        token = begun["token"]
        assert (await get(town, f"/api/{NAME.replace('.', '/')}/diaries", token)).status == 200
        assert (await get(town, "/api/me/inbox", token)).status == 200
        never = [
            ("GET", "/api/me/sessions"), ("DELETE", "/api/me/sessions"),
            ("GET", "/api/me/passkeys"), ("POST", "/api/me/passkeys/options"),
            ("POST", "/api/me/recovery-codes"), ("POST", "/api/me/lost"),
            ("GET", "/api/me/powers"), ("POST", "/api/me/acting"),
            ("GET", "/api/me/delegations"), ("POST", "/api/me/delegations"),
            ("DELETE", "/api/me"), ("GET", "/api/me/polls/x"), ("GET", "/api/me/transfers"),
        ]  # fmt: skip
        for method, path in never:
            answer = await town.call(method, path, {}, headers=bearer(token))
            assert answer.status == 403, (path, answer.body)
        assert (await get(town, "/api/city", token)).status == 200  # open to all
        assert (await town.call("POST", "/api/sign-out", headers=bearer(token))).status == 200
        assert (await get(town, "/api/me/inbox", token)).status == 401
        assert (await get(town, "/api/me/inbox", ben)).status == 200

    live(then)


def test_only_named_actions_and_only_ones_there_are(live: Live) -> None:
    async def then(town: Town) -> None:
        anne, ben = await signed_in(town, ANNE), await signed_in(town, BEN)
        for wrong in ("platform/vote", "platform/delegate", "nothing/*", "inbox", "platform/lost"):
            assert (await give(town, anne, BEN.id, wrong)).status == 422, wrong
        assert (await give(town, anne, ANNE.id, "platform/inbox")).status == 404
        assert (await give(town, anne, BEN.id, "platform/inbox", relation="parent")).status == 403
        late = await give(town, anne, BEN.id, "platform/inbox", until=day(town, -3))
        assert late.status == 422
        given = (await give(town, anne, BEN.id, "platform/inbox")).json()
        token = (await act(town, ben, given["id"])).json()["token"]
        assert (await get(town, "/api/me/inbox", token)).status == 200
        refused = await get(town, "/api/me/consents", token)
        assert (refused.status, refused.json()["action"]) == (403, "platform/consents")
        assert (await act(town, anne, given["id"])).status == 404  # it is Ben's

    live(then)


def test_a_delegation_that_is_taken_back_ends_what_rests_on_it(live: Live) -> None:
    async def then(town: Town) -> None:
        anne, ben, carl = [await signed_in(town, who) for who in (ANNE, BEN, CARL)]
        first = (await give(town, anne, BEN.id, "platform/inbox", further=1)).json()
        wide = await give(town, ben, CARL.id, "platform/*", power=first["id"])
        assert wide.status == 403
        again = await give(town, ben, CARL.id, "platform/inbox", power=first["id"], further=1)
        assert again.status == 403
        second = (await give(town, ben, CARL.id, "platform/inbox", power=first["id"])).json()
        assert second["principal"] == ANNE.id
        by_ben = (await act(town, ben, first["id"])).json()["token"]
        by_carl = (await act(town, carl, second["id"])).json()["token"]
        assert (await get(town, "/api/me/inbox", by_carl)).status == 200
        assert len((await get(town, "/api/me/delegations", anne)).json()) == 2
        shown = (await get(town, "/api/me/sessions", anne)).json()
        assert {one["person"] for one in shown if one["acts_for"] == ANNE.id} == {BEN.id, CARL.id}
        path = f"/api/me/delegations/{first['id']}"
        stranger = person("zoe")
        move_in(town.runtime, stranger)
        assert (await town.call("DELETE", path, caller=stranger)).status == 404
        assert (await town.call("DELETE", path, headers=bearer(anne))).status == 200
        for token in (by_ben, by_carl):
            assert (await get(town, "/api/me/inbox", token)).status == 401
        assert (await get(town, "/api/me/powers", carl)).json() == []
        assert (await act(town, ben, first["id"])).status == 404
        attested = [one.view for one in town.runtime.state.of_type("Attested")]
        assert len(attested) == 2
        assert all(isinstance(one, Attested) and one.revoked_at is not None for one in attested)

    live(then)


def test_a_principal_ends_the_session_of_who_acts_and_forgetting_ends_all(live: Live) -> None:
    async def then(town: Town) -> None:
        anne, ben = await signed_in(town, ANNE), await signed_in(town, BEN)
        given = (await give(town, anne, BEN.id, "platform/inbox")).json()
        begun = (await act(town, ben, given["id"])).json()
        path = f"/api/me/sessions/{begun['session']}"
        assert (await town.call("DELETE", path, headers=bearer(anne))).status == 200
        assert (await get(town, "/api/me/inbox", begun["token"])).status == 401
        again = (await act(town, ben, given["id"])).json()["token"]
        assert (await town.call("DELETE", "/api/me", headers=bearer(anne))).status == 200
        assert (await get(town, "/api/me/inbox", again)).status == 401
        assert (await get(town, "/api/me/powers", ben)).json() == []

    live(then)


def test_who_is_not_of_age_delegates_nothing(live: Live) -> None:
    async def then(town: Town) -> None:
        town.runtime.perform(register_person, PLATFORM, person=KID.id, age_band="10-19")
        move_in(town.runtime, BEN)
        kid = await signed_in(town, KID)
        refused = await give(town, kid, BEN.id, "platform/inbox")
        assert (refused.status, refused.json()["missing"]) == (403, ["age.19"])
        assert "만 19세 이상" in refused.json()["detail_ko"]

    live(then)


def test_a_guardian_is_ended_at_a_counter_and_not_by_the_ward(live: Live) -> None:
    async def then(town: Town) -> None:
        anne = await signed_in(town, ANNE)
        town.runtime.perform(register_person, PLATFORM, person=KID.id, age_band="10-19")
        body = {
            "guardian": ANNE.id, "relation": "guardian", "until": day(town),
            "actions": ["platform/inbox"],
        }  # fmt: skip
        path = f"/api/register/{KID.id}/guardians"
        given = (await town.call("POST", path, body, caller=COUNTER)).json()
        token = (await act(town, anne, given["id"])).json()["token"]
        assert (await get(town, "/api/me/inbox", token)).status == 200
        by_kid = await town.call("DELETE", f"/api/me/delegations/{given['id']}", caller=KID)
        assert by_kid.status == 403
        assert len((await town.call("GET", path, caller=COUNTER)).json()) == 1
        other = Caller("urn:ngsi-ld:Staff:other", Role.AGENCY)
        ended = await town.call("DELETE", f"/api/me/delegations/{given['id']}", caller=other)
        assert ended.status == 200, ended.body
        assert (await get(town, "/api/me/inbox", token)).status == 401
        assert (await act(town, anne, given["id"])).status == 404
        assert (await get(town, "/api/me/powers", anne)).json() == []

    live(then)


def test_a_parent_acts_until_the_child_is_of_age(live: Live) -> None:
    async def then(town: Town) -> None:
        anne, today = await signed_in(town, ANNE), town.live.clock.now().date()
        path = f"/api/register/{KID.id}/guardians"

        async def entered(born: str, relation: str = "parent") -> Answer:
            await register(town, KID, born=born, since=today.isoformat())
            body = {
                "guardian": ANNE.id, "relation": relation, "actions": ["*"], "until": "2099-01-01",
            }  # fmt: skip
            return await town.call("POST", path, body, caller=COUNTER)

        leap = today.year - today.year % 4 - 8
        for born, last in (
            (f"{leap}-02-29", f"{leap + 19}-02-28"), (f"{leap}-07-01", f"{leap + 19}-06-30"),
        ):  # fmt: skip
            assert (await entered(born)).json()["until"] == last
        assert {one["until"] for one in (await get(town, "/api/me/powers", anne)).json()} == {
            f"{leap + 19}-02-28", f"{leap + 19}-06-30",
        }  # fmt: skip
        assert (await entered(f"{today.year - 30}-07-01")).status == 403
        assert (await entered(f"{today.year - 30}-07-01", "guardian")).json()["until"][:4] == "2099"

    live(then)


def test_an_employee_acts_for_a_company_until_they_sign_out(live: Live) -> None:
    async def then(town: Town) -> None:
        shop = Caller("urn:ngsi-ld:Company:acme", Role.COMPANY)
        anne = await signed_in(town, ANNE)
        body = {"to": ANNE.id, "actions": ["platform/my_documents"], "until": day(town)}
        assert (await town.call("POST", "/api/me/employees", body, caller=ANNE)).status == 403
        given = (await town.call("POST", "/api/me/employees", body, caller=shop)).json()
        assert given["relation"] == "company"
        begun = (await act(town, anne, given["id"])).json()
        assert (begun["id"], begun["role"]) == (shop.id, "company")
        assert (await get(town, "/api/me/documents", begun["token"])).status == 200
        assert (await get(town, "/api/me/inbox", begun["token"])).status == 403
        await town.call("POST", "/api/sign-out", headers=bearer(anne))
        assert (await get(town, "/api/me/documents", begun["token"])).status == 401

    live(then)


def test_who_names_somebody_by_an_id_does_not_learn_their_name(live: Live) -> None:
    async def then(town: Town) -> None:
        anne, ben = await signed_in(town, ANNE), await signed_in(town, BEN)
        for who, name in ((ANNE, "안나리"), (BEN, "박보검")):
            body = {
                "person": who.id, "name": name, "born": "1990-01-01", "living_zone": "5-1",
                "since": "2024-01-01",
            }  # fmt: skip
            assert (await town.call("POST", "/api/register", body, caller=COUNTER)).status == 200
        given = (await give(town, anne, BEN.id, "platform/inbox")).json()
        assert (given["principal_name"], given["delegate_name"]) == ("안나리", "박*검")
        [held] = (await get(town, "/api/me/powers", ben)).json()
        assert (held["principal_name"], held["delegate_name"]) == ("안나리", "박보검")

    live(then)


def test_a_delegation_to_the_last_of_days_is_used(live: Live) -> None:
    async def then(town: Town) -> None:
        anne, ben = await signed_in(town, ANNE), await signed_in(town, BEN)
        given = await give(town, ben, ANNE.id, "*", until="9999-12-31")
        begun = await act(town, anne, given.json()["id"])
        assert begun.status == 200, begun.body
        assert begun.json()["expires_in_s"] <= 12 * 3_600
        titles = [one["title"]["en"] for one in (await get(town, "/api/me/inbox", ben)).json()]
        assert "Somebody may act for you now" in titles

    live(then)


def test_nobody_votes_in_somebodys_name_whatever_was_given(live: Live) -> None:
    async def then(town: Town) -> None:
        anne, ben = await signed_in(town, ANNE), await signed_in(town, BEN)
        for actions in (("*",), ("platform/*",)):
            power = (await give(town, ben, ANNE.id, *actions)).json()["id"]
            token = (await act(town, anne, power)).json()["token"]
            path, body = "/api/me/polls/any/token", {"blinded": "00"}
            refused = await town.call("POST", path, body, headers=bearer(token))
            assert (refused.status, refused.json()["title"]) == (403, "This was not delegated")
        doors = [one for one in town.application.table.endpoints if one.is_delegated(("*",))]
        assert not [one.path for one in doors if one.path.startswith("/api/me/polls")]
        assert all(one.for_actors or (one.spec and one.spec.allow) for one in doors)

    live(then)


def test_whoever_acts_ends_none_of_their_own_sessions(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "MOST_OPEN", 2)

    async def then(town: Town) -> None:
        ben = await signed_in(town, BEN)
        move_in(town.runtime, ANNE)
        phone = Phone("Anne's")
        anne = (await phone.enrol(town, await code_for(town, ANNE.id))).json()["token"]
        power = (await give(town, ben, ANNE.id, "*")).json()["id"]
        other = (await phone.sign_in(town)).json()["token"]
        acts = [(await act(town, anne, power)).json()["token"] for _ in range(3)]
        seen = [(await get(town, "/api/me", token)).status for token in (anne, other, *acts)]
        assert seen == [200, 200, 401, 200, 200]
        await town.call("POST", "/api/sign-out", headers=bearer(anne))
        assert (await get(town, "/api/me", acts[-1])).status == 401

    live(then)


def test_in_a_demonstration_many_act_as_one(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "MOST_OPEN", 2)

    async def then(town: Town) -> None:
        for who in (ANNE, BEN):
            move_in(town.runtime, who)
        until = (town.live.clock.now() + timedelta(days=9)).date()
        given = {"to": ANNE.id, "actions": ("platform/inbox",), "until": until}
        power = town.runtime.perform(delegate, BEN, **given).id
        acting = []
        for _ in range(4):
            own = town.runtime.perform(
                sessions.begin_session, PLATFORM, person=ANNE.id, role=Role.RESIDENT,
                by="demonstration", label="x",
            )  # fmt: skip
            acting += [
                own.id, town.runtime.perform(begin_acting, PLATFORM, session=own.id, power=power).id
            ]  # fmt: skip
        assert all(town.runtime.state.get(name) is not None for name in acting)

    live(then)
