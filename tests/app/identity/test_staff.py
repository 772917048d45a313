"""Staff, offices and companies: entered, signed in with passkeys, taken out at the next request."""

import argparse
import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from hapgang.app import spoken
from hapgang.app.commands.staff import add_arguments
from hapgang.app.commands.staff import run as run_command
from hapgang.app.notify.places import EVENTS
from hapgang.contract import Caller, Role
from hapgang.core.ids import urn
from hapgang.core.vocabulary.sessions import StaffMember
from hapgang.runtime.perform import PLATFORM
from hapgang.runtime.platform.identity.staff import end_staff_over
from tests.app.identity.phone import Phone
from tests.app.identity.town import COUNTER, Answer, Town, bearer, code_for, get
from tests.village import move_in, person

Live = Callable[..., None]
MACHINE = Caller(urn("Staff", "machine"), Role.OPERATOR)  # `hapgang staff`
ANNE = person("anne")
MINJI, JUNHO = urn("Staff", "minji"), urn("Staff", "junho")


def later(town: Town, **how_much: int) -> None:
    """Let time go by."""
    town.live.clock._latest_s += timedelta(**how_much).total_seconds()


async def enter(town: Town, name: str, role: str = "operator", **more: Any) -> Answer:
    return await town.call("POST", "/api/staff", {"name": name, "role": role, **more},
                           caller=MACHINE)  # fmt: skip


async def code_of(town: Town, name: str, **more: Any) -> str:
    path = f"/api/staff/{urn('Staff', name)}/enrolments"
    given = await town.call("POST", path, more, caller=MACHINE)
    assert given.status == 200, given.body
    code: str = given.json()["code"]
    return code


async def signed(town: Town, name: str, role: str = "operator", **more: Any) -> tuple[Phone, str]:
    """Enter somebody who makes a key; return their phone and a token."""
    assert (await enter(town, name, role, **more)).status == 200
    phone = Phone(f"{name}'s phone")
    answer = await phone.enrol(town, await code_of(town, name))
    assert answer.status == 200, answer.body
    assert (answer.json()["id"], answer.json()["role"]) == (urn("Staff", name), role)
    token: str = answer.json()["token"]
    return phone, token


async def remove(town: Town, who: str, token: str) -> int:
    return (await town.call("DELETE", f"/api/staff/{who}", headers=bearer(token))).status


def test_an_operator_enters_another_who_signs_in(live: Live) -> None:
    async def then(town: Town) -> None:
        phone, first = await signed(town, "minji", shown_as="김민지")
        again = (await phone.sign_in(town)).json()
        assert (again["role"], again["name"]["ko"]) == ("operator", "김민지")
        assert (await get(town, "/api/quarantine", again["token"])).status == 200
        wish = {"name": "junho", "role": "planner"}
        entered = await town.call("POST", "/api/staff", wish, headers=bearer(first))
        assert (entered.json()["entered_by"], entered.json()["id"]) == (MINJI, JUNHO)
        path = f"/api/staff/{JUNHO}/enrolments"
        code = (await town.call("POST", path, headers=bearer(first))).json()["code"]
        junho = (await Phone("Junho's").enrol(town, code)).json()
        assert junho["role"] == "planner"
        for method, path in (("GET", "/api/staff"), ("POST", f"/api/staff/{JUNHO}/enrolments")):
            refused = await town.call(method, path, headers=bearer(junho["token"]))
            assert refused.status == 403
        listed = (await get(town, "/api/staff", first)).json()
        assert [(one["id"], one["role"], one["n_devices"]) for one in listed] == [
            (JUNHO, "planner", 1), (MINJI, "operator", 1),
        ]  # fmt: skip

    live(then)


@pytest.mark.parametrize("role", ["planner", "clinician", "teacher", "company", "agency"])
def test_devices_codes_and_losses_are_as_for_residents(live: Live, role: str) -> None:
    async def then(town: Town) -> None:
        phone, token = await signed(town, "minji", role)
        tablet = Phone("Tablet")
        assert (await tablet.add(town, token)).status == 200
        other = (await tablet.sign_in(town)).json()["token"]
        codes = await town.call("POST", "/api/me/recovery-codes", headers=bearer(other))
        assert (await town.call("POST", "/api/me/lost", headers=bearer(other))).status == 200
        assert (await get(town, "/api/me", token)).status == 401
        assert (await phone.sign_in(town)).status == 403
        old = codes.json()["codes"][0]  # who has the lost device may have it, too
        assert (await Phone("New").enrol(town, old, "recovery")).status == 403
        codes = await town.call("POST", "/api/me/recovery-codes", headers=bearer(other))
        back = await Phone("New").enrol(town, codes.json()["codes"][0], "recovery")
        assert back.json()["role"] == role
        [*keys] = (await get(town, "/api/me/passkeys", other)).json()
        assert sorted(key["label"] for key in keys) == ["New", "Tablet"]
        told = (await get(town, "/api/me/inbox", other)).json()
        assert "A lost device was reported" in [one["title"]["en"] for one in told]
        await town.call("POST", "/api/sign-out", headers=bearer(other))
        assert (await get(town, "/api/me", other)).status == 401

    live(then)


def test_whoever_is_removed_is_out_at_once_and_comes_back_in_another_role(live: Live) -> None:
    async def then(town: Town) -> None:
        _, boss = await signed(town, "minji")
        phone, token = await signed(town, "junho", "agency")
        codes = await town.call("POST", "/api/me/recovery-codes", headers=bearer(token))
        open_code = await code_of(town, "junho")
        assert (await enter(town, "junho", "operator")).status == 409  # no change of role
        assert await remove(town, JUNHO, boss) == 200
        assert (await get(town, "/api/me", token)).status == 401
        assert (await phone.sign_in(town)).status == 403
        assert (await Phone("a").enrol(town, codes.json()["codes"][0], "recovery")).status == 403
        assert (await Phone("b").enrol(town, open_code)).status == 403
        assert await remove(town, JUNHO, boss) == 404
        path = f"/api/staff/{JUNHO}/enrolments"
        assert (await town.call("POST", path, headers=bearer(boss))).status == 404
        assert [one["is_in"] for one in (await get(town, "/api/staff", boss)).json()] == [
            True, False,
        ]  # fmt: skip
        _, planner = await signed(town, "junho", "planner")
        assert (await get(town, "/api/me", planner)).json()["role"] == "planner"
        assert (await get(town, "/api/me", token)).status == 401

    live(then)


def test_the_last_operator_with_a_key_stays(live: Live) -> None:
    async def then(town: Town) -> None:
        _, token = await signed(town, "minji")
        await enter(town, "junho")  # who has no key yet
        assert await remove(town, MINJI, token) == 409
        await Phone("Junho's").enrol(town, await code_of(town, "junho"))
        assert await remove(town, MINJI, token) == 200
        assert (await get(town, "/api/staff", token)).status == 401

    live(then)


def test_whose_time_is_over_is_out(live: Live) -> None:
    async def then(town: Town) -> None:
        now = town.live.clock.now()
        until = (now + timedelta(hours=1)).isoformat()
        phone, token = await signed(town, "minji", until=until)
        me = await phone.sign_in(town)
        assert me.json()["expires_in_s"] <= 3_600
        later(town, hours=2)
        assert (await get(town, "/api/me", token)).status == 401
        assert (await phone.sign_in(town)).status == 404
        town.runtime.perform(end_staff_over, PLATFORM)
        assert town.runtime.state.count("SignInKey") == 0
        for wrong in (until, "2099-01-01T00:00:00"):  # over; without a zone
            assert (await enter(town, "junho", until=wrong)).status == 422
        later(town, days=400)
        town.runtime.perform(end_staff_over, PLATFORM)
        assert town.runtime.state.count(StaffMember.__name__) == 0

    live(then)


def test_no_other_way_in(live: Live) -> None:
    async def then(town: Town) -> None:
        await signed(town, "minji")
        body = {"person": MINJI}  # a counter is not to sign in as an operator
        assert (await town.call("POST", "/api/enrolments", body, caller=COUNTER)).status == 404
        assert (await enter(town, "junho", "resident")).status == 422
        assert (await enter(town, "junho", "device")).status == 422
        assert (await enter(town, "machine")).status == 409  # `hapgang staff` is noted as that
        for caller in (COUNTER, ANNE, Caller(MINJI, Role.PLANNER)):
            wish = {"name": "mallory", "role": "operator"}
            assert (await town.call("POST", "/api/staff", wish, caller=caller)).status == 403
        for path in ("/api/me/passkeys/options", "/api/me/recovery-codes"):
            other = await town.call("POST", path, caller=Caller(MINJI, Role.PLANNER))
            assert other.status == 403  # a machine's token of another role makes no key
            nobody = await town.call("POST", path, caller=MACHINE)
            assert nobody.status == 404
        move_in(town.runtime, ANNE)
        anne = (await Phone("Anne's").enrol(town, await code_for(town, ANNE.id))).json()
        assert anne["role"] == "resident"
        assert (await town.call("POST", f"/api/staff/{ANNE.id}/enrolments",
                                caller=MACHINE)).status == 404  # fmt: skip

    live(then)


def test_operators_are_told_of_each_other(live: Live) -> None:
    async def then(town: Town) -> None:
        _, minji = await signed(town, "minji")
        await signed(town, "junho")
        await remove(town, JUNHO, minji)
        titles = [one["title"]["en"] for one in (await get(town, "/api/me/inbox", minji)).json()]
        assert {"Staff was entered", "A code was made for staff"} <= {*titles}

    live(then)


async def coded(town: Town, who: str, token: str, **more: Any) -> dict[str, Any]:
    """Return the code that an operator makes in their session."""
    path = f"/api/staff/{who}/enrolments"
    given = await town.call("POST", path, more, headers=bearer(token))
    assert given.status == 200, given.body
    made: dict[str, Any] = given.json()
    return made


def test_nobody_is_let_in_by_one_operator_where_there_are_two(live: Live) -> None:
    async def then(town: Town) -> None:
        async def agree(who: str, token: str) -> int:
            path = f"/api/staff/{who}/agreement"
            return (await town.call("POST", path, headers=bearer(token))).status

        _, minji = await signed(town, "minji")
        entered = await town.call(
            "POST", "/api/staff", {"name": "junho", "role": "operator"}, headers=bearer(minji)
        )
        assert entered.status == 200
        given = await coded(town, JUNHO, minji)
        assert not given["waits"], "nobody else has been in"
        phone = Phone("Junho's")
        junho = (await phone.enrol(town, given["code"])).json()["token"]

        await enter(town, "sora", "agency")
        sora = urn("Staff", "sora")
        given = await coded(town, sora, minji)
        assert given["waits"]
        assert (await Phone("Sora's").enrol(town, given["code"])).status == 403
        listed = {one["id"]: one for one in (await get(town, "/api/staff", junho)).json()}
        assert listed[sora]["code_waits_for_another_than"] == MINJI
        assert (await agree(sora, minji), await agree(MINJI, junho)) == (403, 404)
        later(town, hours=2)
        assert await agree(sora, junho) == 200
        assert await agree(sora, junho) == 404
        assert (await Phone("Sora's").enrol(town, given["code"])).json()["role"] == "agency"
        late = await coded(town, sora, minji)
        assert await agree(sora, junho) == 200
        later(town, minutes=16)
        assert (await Phone("b").enrol(town, late["code"])).status == 403
        await coded(town, sora, minji)
        later(town, hours=25)
        junho = (await phone.sign_in(town)).json()["token"]
        assert await agree(sora, junho) == 404, "it waits for a day"

    live(then)


def test_no_operator_makes_themselves_the_only_one(live: Live) -> None:
    async def then(town: Town) -> None:
        _, minji = await signed(town, "minji")
        phone, junho = await signed(town, "junho")
        assert await remove(town, JUNHO, minji) == 403
        given = await coded(town, JUNHO, minji, lost=True)
        assert (await get(town, "/api/me", junho)).status == 401, "a device is ended at once"
        assert (await phone.sign_in(town)).status == 403
        again = await coded(town, JUNHO, minji)
        await enter(town, "mallory", "operator")
        other = await coded(town, urn("Staff", "mallory"), minji)
        for made in (given, again, other):
            assert (await Phone("Mallory's").enrol(town, made["code"])).status == 403
        assert (again["waits"], other["waits"]) == (True, True)
        assert (await enter(town, "junho", "planner")).status == 409
        back = await phone.enrol(town, await code_of(town, "junho"))  # on the machine
        assert await remove(town, JUNHO, back.json()["token"]) == 200, "by themselves"
        third = await coded(town, urn("Staff", "mallory"), minji)
        assert not third["waits"]

    live(then)


def test_staff_survives_that_the_city_is_killed(live: Live) -> None:
    kept: dict[str, Any] = {}

    async def before(town: Town) -> None:
        kept["phone"], kept["token"] = await signed(town, "minji")

    async def after(town: Town) -> None:
        assert (await get(town, "/api/staff", kept["token"])).status == 200
        assert (await kept["phone"].sign_in(town)).status == 200

    live(before)
    live(after)


class Listener:
    """Somebody who listens to what changes in the city."""

    def __init__(self, town: Town, token: str, path: str = "/api/live") -> None:
        self.said: asyncio.Queue[bytes] = asyncio.Queue()
        self._asked = asyncio.Event()
        headers = {b"authorization": f"Bearer {token}".encode()}
        scope = {
            "type": "http", "http_version": "1.1", "method": "GET", "scheme": "http",
            "path": path, "raw_path": path.encode(), "query_string": b"",
            "headers": [*headers.items()], "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80), "root_path": "",
        }  # fmt: skip
        self.over = asyncio.create_task(town.application(scope, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        if not self._asked.is_set():
            self._asked.set()
            return {"type": "http.request", "body": b"", "more_body": False}
        await asyncio.Event().wait()
        raise AssertionError

    async def _send(self, message: Any) -> None:
        if message.get("body"):
            await self.said.put(message["body"])


def test_an_event_stream_ends_with_its_session(live: Live) -> None:
    async def then(town: Town) -> None:
        _, boss = await signed(town, "minji")
        _, token = await signed(town, "junho")
        first, second = Listener(town, boss), Listener(town, token)
        for one in (first, second):
            assert b"the city speaks" in await one.said.get()
        assert (await town.call("DELETE", f"/api/staff/{JUNHO}", caller=MACHINE)).status == 200
        await asyncio.wait_for(second.over, 5)  # at once: nobody has to say anything
        await town.call("POST", "/api/sign-out", headers=bearer(boss))
        await asyncio.wait_for(first.over, 5)

    live(then)


def test_an_event_stream_ends_when_time_is_over(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spoken, "_HEARTBEAT_S", 0.05)

    async def then(town: Town) -> None:
        until = (town.live.clock.now() + timedelta(hours=1)).isoformat()
        _, token = await signed(town, "minji", until=until)
        machine = town.token(MACHINE)  # of 12 hours
        wish = {
            "type": "Subscription", "entities": [{"type": "Lamp"}],
            "notification": {"endpoint": {"uri": EVENTS}},
        }  # fmt: skip
        made = await town.call("POST", "/ngsi-ld/v1/subscriptions", wish, headers=bearer(token))
        assert made.status == 201, made.body
        told = Listener(town, token, f"{made.headers['location']}/events")
        listener, other = Listener(town, token), Listener(town, machine)
        for one in (listener, told):
            await asyncio.wait_for(one.said.get(), 5)
        later(town, hours=2)
        for one in (listener, told):
            await asyncio.wait_for(one.over, 5)
        assert not other.over.done()
        later(town, hours=11)
        await asyncio.wait_for(other.over, 5)

    live(then)


def test_the_command_lets_the_first_operator_in(
    live: Live, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def then(town: Town) -> None:
        loop, asked = asyncio.get_running_loop(), []

        class Door:
            """The city's door, in this process."""

            def __init__(self, *_: Any) -> None: ...

            def call(self, method: str, path: str, body: Any = None) -> Any:
                said = town.call(method, path, body, caller=MACHINE)
                answer = asyncio.run_coroutine_threadsafe(said, loop).result(30)
                asked.append((method, path, answer.status))
                assert answer.status == 200, answer.body
                return answer.json()

        monkeypatch.setattr("hapgang.app.commands.staff.Door", Door)
        words = ["add", "minji", "operator", "--shown-as", "김민지"]
        await asyncio.to_thread(run_command, _words(words))
        who, code, link, until = capsys.readouterr().out.splitlines()
        assert (who, link, until[:4]) == (MINJI, f"https://example.org/enrol#{code}", "Good")
        assert (await Phone("Minji's").enrol(town, code)).json()["role"] == "operator"
        await asyncio.to_thread(run_command, _words(["code", "minji", "--lost"]))
        assert town.runtime.state.count("SignInKey") == 0
        await asyncio.to_thread(run_command, _words(["remove", "minji"]))
        assert capsys.readouterr().out.splitlines()[-1] == f"{MINJI} is out."
        [gone] = (await town.call("GET", "/api/staff", caller=MACHINE)).json()
        assert (gone["id"], gone["is_in"]) == (MINJI, False)

    live(then)


def _words(words: list[str]) -> Any:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return parser.parse_args(words)
