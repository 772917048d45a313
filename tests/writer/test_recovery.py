"""Memory and disk say the same: random days, then a reload, then everything is compared."""

import threading
from contextlib import suppress
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from hapgang.contract import Caller, Role
from hapgang.core.chance import Stream
from hapgang.core.clock import VirtualClock
from hapgang.core.entity import type_of
from hapgang.core.errors import CityError, Unavailable
from hapgang.core.wire import plain
from hapgang.hub.ngsild.fragment import fragment_in
from hapgang.runtime.perform import Runtime
from hapgang.runtime.platform.ngsild.entities import create_entity, delete_entity, merge_entity
from hapgang.runtime.platform.people import forget_me
from hapgang.writer.recall import Recall
from hapgang.writer.recovery import Archive
from tests.village import (
    Well,
    burn_diary,
    buy,
    dig,
    fill_in,
    give_back,
    measure,
    move_in,
    person,
    reserve,
    settle,
    well_id,
    write_diary,
)
from tests.writer.town import Town, write

pytestmark = pytest.mark.slow  # kills databases and reads back

PEOPLE = [person(f"p{n}") for n in range(5)]
OPERATOR = person("op", Role.OPERATOR)


class Day:
    """Random actions of random people; remembers what it made, to use it again."""

    def __init__(self, seed: int) -> None:
        self.chance = Stream(seed)
        self.things: list[tuple[Caller, str]] = []

    def act(self, runtime: Runtime) -> None:  # noqa: C901, PLR0912 (a list of what can happen)
        chance = self.chance
        who, well = chance.choice(PEOPLE), str(chance.below(6))
        thing = chance.choice(self.things) if self.things else (who, "urn:none:1")
        lamp = f"urn:ngsi-ld:Lamp:{chance.below(4)}"
        match chance.below(12):
            case 0:
                runtime.perform(dig, OPERATOR, well=well)
            case 1:
                runtime.perform(fill_in, OPERATOR, well=well)
            case 2:
                depth_m = chance.choice([2.5, float("nan"), 7.0])
                runtime.perform(measure, OPERATOR, depths_m={well: depth_m})
            case 3 | 4:
                self.keyed_buy(runtime, who, well)
            case 5:
                self.things.append((who, runtime.perform(reserve, who, price_won=100)))
            case 6:
                runtime.perform(settle, thing[0], hold=thing[1], price_won=chance.below(120))
            case 7:
                runtime.perform(give_back, thing[0], payment=thing[1], amount_won=20)
            case 8:
                self.things.append((who, runtime.perform(write_diary, who, text="a secret")))
            case 9:
                runtime.perform(burn_diary, thing[0], diary=thing[1])
            case 10:
                document = {"id": lamp, "type": "Lamp", "power": chance.below(9)}
                runtime.perform(create_entity, OPERATOR, document=document)
            case 11 if chance.below(4):
                fragment = fragment_in({"on": "yes"})
                runtime.perform(merge_entity, OPERATOR, entity=lamp, fragment=fragment)
            case 11 if chance.below(4):
                runtime.perform(delete_entity, OPERATOR, entity=lamp)
            case 11:
                runtime.perform(forget_me, who)

    def keyed_buy(self, runtime: Runtime, who: Caller, well: str) -> None:
        spec = runtime.spec(buy)
        words = {
            "well": well,
            "price_won": self.chance.below(300),
            "fail": not self.chance.below(3),
        }
        key = f"key {self.chance.below(30)}"
        done = runtime.run_once(spec, who, key, spec.check_arguments(words))
        self.things.append((who, str(plain(done))))


def picture(runtime: Runtime, day: Day) -> dict[str, Any]:
    """Return everything that has to be the same after a reload."""
    state, book = runtime.state, runtime.book
    records = [record for name in state.types() for record in state.of_type(name)]
    transfers = {name: book.find(name) for _, name in day.things}
    closed = {name: runtime.closed.find(name) for _, name in day.things}
    return {
        "documents": {r.id: plain(r.document()) for r in records},
        "times": {r.id: (r.created, r.modified) for r in records},
        "free wells": sorted(
            r.id for r in state.with_value(type_of(Well).name, "state", "free") or ()
        ),
        "accounts": {account.id: account for account in book.accounts()},
        "held": sorted(book._held.values()),
        "transfers": transfers,
        "closed": {name: r and plain(r.document()) for name, r in closed.items()},
        "last": runtime.writer.last_seq,
        "leaves": runtime.writer.n_leaves,
    }


@pytest.mark.parametrize("seed", range(6))
def test_what_is_reloaded_is_what_was(database: dict[str, Any], seed: int) -> None:
    day = Day(seed)
    with Town(database) as town:
        for someone in PEOPLE:
            move_in(town.runtime, someone, 2000)
        for _ in range(6):
            for _ in range(40):
                with suppress(CityError):
                    day.act(town.runtime)
                    clock = town.runtime.clock
                    assert isinstance(clock, VirtualClock)
                    clock.advance_by(1.0)
                if not day.chance.below(9):
                    town.flush()
            town.flush()
            before = picture(town.runtime, day)
            now = town.runtime.clock.now()
            town.leave()
            town.enter()
            assert isinstance(town.runtime.clock, VirtualClock)
            town.runtime.clock.advance_to(now)
            assert picture(town.runtime, day) == before
            assert town.runtime.book.total_won() == 0


def test_keys_outlive_a_restart(database: dict[str, Any]) -> None:
    with Town(database) as town:
        move_in(town.runtime, PEOPLE[0])
        town.runtime.perform(dig, OPERATOR, well="a")

        def once() -> Any:
            spec = town.runtime.spec(buy)
            words = spec.check_arguments({"well": "a", "price_won": 10})
            return plain(town.runtime.run_once(spec, PEOPLE[0], "k", words))

        first = once()
        town.flush()
        town.leave()
        town.enter()
        assert once() == first
        assert town.runtime.book.find(first) is not None
        assert isinstance(town.runtime.clock, VirtualClock)
        town.runtime.clock.advance_by(timedelta(days=1).total_seconds())
        assert once() != first
        town.flush()


def test_the_oldest_come_first_after_a_restart_too(database: dict[str, Any]) -> None:
    names = ["z", "m", "a"]
    with Town(database) as town:
        for name in names:
            assert isinstance(town.runtime.clock, VirtualClock)
            town.runtime.clock.advance_by(1)
            town.runtime.perform(dig, OPERATOR, well=name)
        town.flush()
        for _ in range(2):
            found = [record.id for record in town.runtime.state.of_type("TestWell")]
            assert found == [well_id(name) for name in names]
            town.leave()
            town.enter()


def test_what_no_longer_fits_is_named(database: dict[str, Any]) -> None:
    with Town(database) as town:
        town.runtime.perform(dig, OPERATOR, well="a")
        town.flush()
        town.leave()
        broken = """{"id": "x", "type": "TestWell", "value": {"type": "Property", "value": -1}}"""
        town.loop.run(write(database, "UPDATE entity SET doc = $1::text::jsonb", broken))
        with pytest.raises(ValueError, match=r"TestWell:a on disk does not fit.*>= 0"):
            town.enter()
        town.loop.run(write(database, "DELETE FROM entity"))
        town.leave()
        town.enter()


def test_recall_that_cannot_connect_leaves_no_thread(database: dict[str, Any]) -> None:
    before = threading.active_count()
    with pytest.raises(Unavailable, match="archive"):
        Recall(**{**database, "host": "/nowhere"})
    assert threading.active_count() == before


@pytest.mark.parametrize(
    "failure",
    [asyncpg.InternalClientError("in progress"), asyncpg.InterfaceError("closed"), OSError("gone")],
    ids=lambda failure: type(failure).__name__,
)
def test_a_database_that_fails_in_the_middle_of_a_recall_is_away(
    database: dict[str, Any], failure: Exception
) -> None:
    async def fail(_: Archive) -> None:
        raise failure

    recall = Recall(**database)
    try:
        with pytest.raises(Unavailable):
            recall.read(fail)
    finally:
        recall.close()
