"""What the register and attestations let somebody hold."""

from datetime import UTC, date, datetime
from typing import Any

from hapgang.core.ids import urn
from hapgang.core.vocabulary.identity import Attested, Registration
from hapgang.runtime.city import CityOf
from hapgang.runtime.perform import PLATFORM
from hapgang.runtime.platform.identity.held import attributes_in
from tests.village import person, runtime_of

ANNE = person("anne")
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def registered(born: date, **more: Any) -> Registration:
    return Registration(
        id=urn("Registration", "anne"), person=ANNE.id, name="Anne", born=born,
        living_zone="5-1", since=date(2020, 1, 1), registered_by="urn:ngsi-ld:Staff:counter",
        registered_at=NOON, **more,
    )  # fmt: skip


def attested(kind: Any, said: dict[str, Any], **more: Any) -> Attested:
    return Attested(
        id=urn("Attested", kind), person=ANNE.id, kind=kind, said=said, by="urn:ngsi-ld:Staff:x",
        at=NOON, **more,
    )  # fmt: skip


def held(*views: Registration | Attested, now: datetime = NOON) -> frozenset[str]:
    runtime = runtime_of()

    def put(city: CityOf) -> None:
        for view in views:
            city.hub.save(view)

    put.__module__ = "hapgang.runtime.platform.identity.held"
    runtime.perform(put, PLATFORM)
    return attributes_in(runtime.state, ANNE.id, now)


def test_nobody_holds_anything_by_themselves() -> None:
    assert held() == frozenset()


def test_a_resident_comes_of_age_on_their_birthday() -> None:
    young = held(registered(date(2007, 11, 3)))
    assert young == {"resident", "age.6", "age.13", "age.14", "age.16", "age.18"}
    assert "age.19" in held(registered(date(2007, 11, 2)))
    old = held(registered(date(1951, 1, 1)))
    assert {"age.65", "age.70"} <= old


def test_who_moved_away_holds_nothing_of_the_register() -> None:
    assert held(registered(date(1951, 1, 1), left=date(2026, 11, 2))) == frozenset()
    assert "resident" in held(registered(date(1951, 1, 1), left=date(2026, 11, 3)))


def test_what_others_say_holds_until_its_last_day_or_until_it_is_taken_back() -> None:
    licence = {"categories": ["1종보통", "2종소형"], "valid_until": "2026-11-02"}
    last_day = date(2026, 11, 2)
    assert held(attested("driving_licence", licence, until=last_day)) == {
        "licence.1종보통", "licence.2종소형",
    }  # fmt: skip
    assert held(attested("driving_licence", licence, until=date(2026, 11, 1))) == frozenset()
    assert held(attested("driving_licence", licence, revoked_at=NOON)) == frozenset()
    member = {"organisation": "urn:ngsi-ld:Company:taxi", "role": "driver"}
    both = held(attested("disability", {"disabled": True}), attested("membership", member))
    assert both == {"disability", "member.urn:ngsi-ld:Company:taxi.driver"}
    assert held(attested("nanodegree", {"title": "x"})) == frozenset()
