"""Being forgotten while money is held: the money comes back, the books stay in order."""

import pytest

from hapgang.core.errors import Conflict, NotFound
from hapgang.core.vocabulary.people import Person
from hapgang.ledger.till import account_id
from hapgang.runtime.platform.people import forget_me
from tests.village import move_in, person, reserve, runtime_of, settle

ANNE = person("anne")


def test_what_is_held_comes_back() -> None:
    town = runtime_of()
    move_in(town, ANNE)
    before = town.book.account(account_id(ANNE.id))
    hold = town.perform(reserve, ANNE, price_won=3_000)
    assert town.book.account(account_id(ANNE.id)).held_won == 3_000
    town.perform(forget_me, ANNE)
    assert town.book.account(account_id(ANNE.id)) == before
    assert town.book.total_won() == 0
    assert town.state.get(ANNE.id) is None
    with pytest.raises((Conflict, NotFound)):
        town.perform(settle, ANNE, hold=hold, price_won=3_000)


def test_forgetting_twice_changes_nothing_more() -> None:
    town = runtime_of()
    move_in(town, ANNE)
    town.perform(forget_me, ANNE)
    town.perform(forget_me, ANNE)
    assert not any(record.person == ANNE.id for record in town.state.of_type(Person.__name__))
