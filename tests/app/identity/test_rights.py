"""What a route needs beside a role: granted, refused by name, and gone a second after it was."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from hapgang.contract import Caller, City, Role, Route, Service
from hapgang.core.errors import SignInNeeded
from hapgang.core.vocabulary.sessions import Shown
from hapgang.runtime.needs import NotHeld, is_attribute
from hapgang.runtime.perform import PLATFORM, Runtime
from hapgang.runtime.platform.identity.attestations import attest, take_back
from hapgang.runtime.platform.identity.sessions import (
    begin_session,
    end_session,
    look,
    show_to_session,
)
from hapgang.runtime.platform.people import register_person
from hapgang.runtime.specs import specs_of
from tests.app.identity.town import COUNTER
from tests.village import NAME, SERVICES, move_in, person, runtime_of, village

Live = Callable[..., None]
ANNE, KID = person("anne"), person("kid")


def drive(city: City) -> str:
    """Drive a lorry."""
    return city.caller.id


def needing(*needs: str) -> dict[str, Service]:
    route = Route.post("/drive", drive, allow=(Role.RESIDENT, Role.VISITOR), needs=needs)
    return {**SERVICES, NAME: replace(village, routes=(*village.routes, route))}


@pytest.mark.parametrize(
    "name", ["age.17", "age.", "licence.", "licence.C E", "member.library", "resident ", "Resident",
             "member.a.b.c", "licence.B\n", "admin"],
)  # fmt: skip
def test_an_attribute_that_there_is_not_is_an_error_at_the_start(name: str) -> None:
    assert not is_attribute(name)
    with pytest.raises(TypeError, match="no attribute"):
        specs_of(NAME, needing(name)[NAME])


def test_what_is_attested_opens_the_door_and_is_gone_a_second_later() -> None:
    runtime = runtime_of(needing("licence.C"))
    move_in(runtime, ANNE)
    with pytest.raises(NotHeld, match="category C") as caught:
        runtime.perform(drive, ANNE)
    assert caught.value.detail == {"missing": ["licence.C"]}
    said = {"categories": ["B", "C"], "valid_until": "2030-01-01"}
    attested = runtime.perform(attest, COUNTER, person=ANNE.id, kind="driving_licence", said=said)
    assert runtime.perform(drive, ANNE) == ANNE.id
    runtime.perform(take_back, COUNTER, attestation=attested.id)
    with pytest.raises(NotHeld):
        runtime.perform(drive, ANNE)


def test_virtual_residents_hold_what_the_city_knows_of_them() -> None:
    runtime = runtime_of(needing("resident", "age.19", "licence.B"))
    for name, band, licence in (("anne", "20-29", True), ("kid", "10-19", True),
                                ("ben", "20-29", False)):  # fmt: skip
        who = person(name)
        runtime.perform(register_person, PLATFORM, person=who.id, age_band=band, licence=licence)
    assert runtime.perform(drive, ANNE) == ANNE.id
    with pytest.raises(NotHeld, match="19"):
        runtime.perform(drive, KID)
    with pytest.raises(NotHeld, match="licence"):
        runtime.perform(drive, person("ben"))
    with pytest.raises(NotHeld, match="live in this city"):
        runtime.perform(drive, person("nobody"))
    assert runtime.perform(drive, PLATFORM) == PLATFORM.id
    runtime.perform(
        register_person, PLATFORM, person=person("guest").id, age_band="20-29", licence=True,
        visitor=True,
    )  # fmt: skip
    with pytest.raises(NotHeld):
        runtime.perform(drive, person("guest", Role.VISITOR))


def session_of(runtime: Runtime, who: Caller) -> str:
    begun = runtime.perform(
        begin_session, PLATFORM, person=who.id, role=who.role, by="passkey", label="phone"
    )
    name: str = begun.id
    return name


def test_what_was_shown_counts_until_its_end_and_only_in_that_session() -> None:
    runtime = runtime_of(needing("licence.C"))
    move_in(runtime, ANNE)
    name, other = session_of(runtime, ANNE), session_of(runtime, ANNE)
    until = runtime.clock.now() + timedelta(minutes=30)
    shown = (Shown("licence.C", until),)
    runtime.perform(show_to_session, PLATFORM, session=name, person=ANNE.id, shown=shown)
    found = look(runtime.state, name, runtime.clock.now())
    assert found.until == until
    assert runtime.perform(drive, found.caller) == ANNE.id
    with pytest.raises(NotHeld):
        runtime.perform(drive, look(runtime.state, other, runtime.clock.now()).caller)
    with pytest.raises(NotHeld):
        runtime.perform(drive, look(runtime.state, name, until).caller)
    gone = (Shown("licence.C", until, "urn:ngsi-ld:IssuedCredential:none"),)
    runtime.perform(show_to_session, PLATFORM, session=name, person=ANNE.id, shown=gone)
    assert look(runtime.state, name, runtime.clock.now()).caller.holds == frozenset()
    with pytest.raises(SignInNeeded):
        runtime.perform(show_to_session, PLATFORM, session=name, person=KID.id, shown=shown)


def test_only_own_sessions_are_ended() -> None:
    runtime = runtime_of()
    move_in(runtime, ANNE)
    name = session_of(runtime, ANNE)
    runtime.perform(end_session, ANNE, session=name)
    with pytest.raises(SignInNeeded):
        look(runtime.state, name, runtime.clock.now())
