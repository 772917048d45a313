"""Who may vote: by the register, and by what is known of a person where it does not hold them."""

from datetime import date, timedelta
from typing import Any

import pytest

from hapgang.contract import Role
from hapgang.core.text import Text
from hapgang.core.vocabulary.people import AgeBand
from hapgang.core.vocabulary.votes import Electorate
from hapgang.runtime.city import CityOf
from hapgang.runtime.perform import PLATFORM, Runtime
from hapgang.runtime.platform.identity.register import leave, register
from hapgang.runtime.platform.people import register_person
from hapgang.runtime.platform.votes import found
from tests.village import person, runtime_of

ANNE, COUNTER = person("anne"), person("counter", Role.AGENCY)
ADULTS = Electorate(Text("Grown up", "성인"), AgeBand.TWENTIES)


def may(runtime: Runtime) -> bool:
    answers: list[bool] = []

    def look(city: CityOf) -> None:
        record = city.runtime.state.get(ANNE.id)
        answers.append(found.may_vote(city, record, ADULTS, city.now))

    look.__module__ = found.__name__
    runtime.perform(look, PLATFORM)
    return answers[0]


def known(**words: Any) -> Runtime:
    runtime = runtime_of()
    runtime.perform(register_person, PLATFORM, person=ANNE.id, **words)
    return runtime


def enter(runtime: Runtime, **words: Any) -> None:
    words = {
        "person": ANNE.id, "name": "Anne", "born": date(1990, 1, 1), "living_zone": "5-1",
        "since": date(2020, 1, 1), **words,
    }  # fmt: skip
    runtime.perform(register, COUNTER, **words)


@pytest.mark.parametrize(
    ("words", "right"),
    [
        ({"age_band": AgeBand.TWENTIES}, True),
        ({"age_band": AgeBand.TEENS}, False),
        ({"age_band": AgeBand.TWENTIES, "visitor": True}, False),
    ],
)
def test_whom_the_register_does_not_hold_is_known_as_a_person(
    words: dict[str, Any], right: bool
) -> None:
    assert may(known(**words)) is right


def test_the_register_says_who_lives_here_since_when_and_how_old_they_are() -> None:
    runtime = known(age_band=AgeBand.TWENTIES)
    enter(runtime, born=date(2010, 1, 1))
    assert not may(runtime)
    enter(runtime, born=date(1990, 1, 1))
    assert may(runtime)
    runtime.perform(leave, COUNTER, person=ANNE.id)
    assert not may(runtime)


def test_a_visitor_who_came_to_stay_votes_in_polls_that_opened_since() -> None:
    runtime = known(age_band=AgeBand.THIRTIES, visitor=True)
    enter(runtime, since=runtime.clock.now().date())
    assert may(runtime)

    def before(city: CityOf) -> None:
        record = city.runtime.state.get(ANNE.id)
        opened = city.now - timedelta(days=2)
        assert not found.may_vote(city, record, ADULTS, opened)

    before.__module__ = found.__name__
    runtime.perform(before, PLATFORM)
