"""The inbox: the newest messages stay, however many were sent."""

import pytest

from hapgang.contract import Role
from hapgang.core.clock import VirtualClock
from hapgang.core.vocabulary.people import Message
from hapgang.runtime.city import MOST_MESSAGES
from hapgang.runtime.perform import Runtime
from hapgang.runtime.platform.people import inbox
from tests.village import (
    SEOUL,
    START,
    WellIsDry,
    buy,
    dig,
    move_in,
    person,
    runtime_of,
)

ANNE, BERT = person("anne"), person("bert")


def kept(town: Runtime, owner: str) -> set[str]:
    return {record.id for record in town.state.with_value("Message", "person", owner) or ()}


def test_the_oldest_message_makes_room_for_the_newest() -> None:
    clock = VirtualClock(START, SEOUL)
    town = runtime_of(clock=clock)
    for caller in (ANNE, BERT):
        move_in(town, caller)
    town.perform(dig, person("olga", Role.OPERATOR), well="a")
    town.perform(buy, BERT, well="a", price_won=1)
    for _ in range(MOST_MESSAGES):
        clock.advance_by(1.0)
        town.perform(buy, ANNE, well="a", price_won=1)
    shown: list[Message] = town.perform(inbox, ANNE, limit=MOST_MESSAGES)
    assert kept(town, ANNE.id) == {message.id for message in shown}
    clock.advance_by(1.0)
    with pytest.raises(WellIsDry):
        town.perform(buy, ANNE, well="a", price_won=1, fail=True)
    assert town.perform(inbox, ANNE, limit=MOST_MESSAGES) == shown
    town.perform(buy, ANNE, well="a", price_won=1)
    after = town.perform(inbox, ANNE, limit=MOST_MESSAGES)
    assert after[1:] == shown[:-1]
    assert after[0].sent_at == town.clock.now()
    assert len(kept(town, ANNE.id)) == MOST_MESSAGES
    assert len(kept(town, BERT.id)) == 1
