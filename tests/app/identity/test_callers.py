"""Whom a token speaks for is what a fresh look says, whatever changed and however often it asks."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any, TypeVar, cast

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from hapgang.app.identity.callers import Callers
from hapgang.app.tokens import Tokens
from hapgang.contract import Caller, Role
from hapgang.core.clock import VirtualClock
from hapgang.core.entity import type_of
from hapgang.core.errors import CityError, SignInNeeded
from hapgang.core.ids import urn
from hapgang.core.vocabulary.identity import IssuedCredential
from hapgang.core.vocabulary.sessions import Shown
from hapgang.hub.record import Record
from hapgang.runtime.perform import PLATFORM, Runtime
from hapgang.runtime.platform.identity.acting import begin_acting
from hapgang.runtime.platform.identity.delegations import delegate, withdraw_delegation
from hapgang.runtime.platform.identity.sessions import (
    begin_session,
    end_session,
    look,
    show_to_session,
)
from hapgang.runtime.platform.identity.staff import enter_staff, remove_staff
from tests.village import SEOUL, START, move_in, person, runtime_of

T = TypeVar("T")
ANNE, BEN = person("anne"), person("ben")
OPERATOR, MINJI = person("operator", Role.OPERATOR), urn("Staff", "minji")
STEPS = st.lists(
    st.sampled_from(
        [
            "ask",
            "ask",
            "ask",
            "later",
            "much later",
            "show",
            "act",
            "end",
            "take back",
            "remove",
            "enter",
            "enter for an hour",
        ]
    ),
    max_size=14,
)


class Town:
    """Anne is signed in; Ben lets her act for him. Minji works for the city."""

    def __init__(self) -> None:
        self.clock = VirtualClock(START, SEOUL)
        self.runtime: Runtime = runtime_of(clock=self.clock)
        self.callers = Callers(Tokens(bytes(32)), cast(Any, self))
        self.tokens = Tokens(bytes(32))
        move_in(self.runtime, ANNE)
        move_in(self.runtime, BEN)
        begun = self.runtime.perform(
            begin_session, PLATFORM, person=ANNE.id, role=Role.RESIDENT, by="passkey", label="x"
        )
        self.own: str = begun.id
        self.sessions = [begun.id]
        last = (START + timedelta(days=1)).date()
        given_ = self.runtime.perform(
            delegate, BEN, to=ANNE.id, actions=("platform/inbox",), until=last
        )
        self.power: str = given_.id
        self.runtime.perform(enter_staff, OPERATOR, name="minji", role="planner")
        begun = self.runtime.perform(
            begin_session, PLATFORM, person=MINJI, role=Role.PLANNER, by="passkey", label="x"
        )
        self.sessions.insert(0, begun.id)

    def step(self, step: str) -> None:
        perform = self.runtime.perform
        if step in ("later", "much later"):
            self.clock.advance_to(self.clock.now() + timedelta(hours=1 if step == "later" else 7))
        elif step == "show":
            until = self.clock.now() + timedelta(minutes=90)
            shown = (Shown("licence.C", until),)
            perform(show_to_session, PLATFORM, session=self.own, person=ANNE.id, shown=shown)
        elif step == "act":
            begun = perform(begin_acting, PLATFORM, session=self.own, power=self.power)
            self.sessions.append(begun.id)
        elif step == "end":
            perform(end_session, ANNE, session=self.sessions[-1])
        elif step == "remove":
            perform(remove_staff, OPERATOR, staff=MINJI)
        elif step in ("enter", "enter for an hour"):
            hour = self.clock.now() + timedelta(hours=1)
            perform(
                enter_staff, OPERATOR, name="minji", role="clinician",
                until=None if step == "enter" else hour,
            )  # fmt: skip
        elif step == "take back":
            perform(withdraw_delegation, BEN, delegation=self.power)

    def check(self) -> None:
        for name in self.sessions:
            assert self.remembered(name) == self.fresh(name)

    def remembered(self, name: str) -> Caller | None:
        token = self.tokens.issue(Caller(ANNE.id, ANNE.role, session=name), self.clock.now())
        return told(partial(self.callers.of, token))

    def fresh(self, name: str) -> Caller | None:
        found = told(partial(look, self.runtime.state, name, self.clock.now()))
        return None if found is None else found.caller


def told(ask: Callable[[], T]) -> T | None:
    try:
        return ask()
    except SignInNeeded:
        return None


@given(STEPS)
@settings(max_examples=60, deadline=None)
def test_what_is_remembered_is_what_a_fresh_look_says(steps: list[str]) -> None:
    town = Town()
    for step in steps:
        with suppress(CityError):  # refused, as what it is about is gone
            town.step(step)
        town.check()


def test_a_credential_that_was_revoked_a_moment_ago_opens_nothing() -> None:
    town, now = Town(), START
    issued = IssuedCredential(
        id="urn:ngsi-ld:IssuedCredential:1", person=ANNE.id, kind="driving_licence",
        holder="did:key:z", number=0, place=1, issued_at=now, until=now + timedelta(days=9),
    )  # fmt: skip
    declared = type_of(IssuedCredential)
    record = Record(
        issued.id, (declared.name,), declared, issued, {}, created=now, modified=now, seq=0
    )
    town.runtime.state.put(record)
    shown = (Shown("licence.C", now + timedelta(minutes=50), issued.id),)
    town.runtime.perform(show_to_session, PLATFORM, session=town.own, person=ANNE.id, shown=shown)
    held = town.remembered(town.own)
    assert held is not None
    assert held.holds == {"licence.C"}
    for state in ("suspended", "revoked"):
        changed = msgspec.structs.replace(issued, state=state)
        town.runtime.state.put(record.with_view(changed, now, 1))
        held = town.remembered(town.own)
        assert held is not None
        assert held.holds == frozenset()


def test_a_machines_token_needs_no_city() -> None:
    tokens = Tokens(bytes(32))
    clock = VirtualClock(START, SEOUL)
    callers = Callers(tokens, cast(Any, SimpleNamespace(clock=clock)))
    assert callers.of(tokens.issue(ANNE, START)) == ANNE
