"""A small place with a shop in it, for tests of the local currency."""

from types import SimpleNamespace
from typing import Any

from hapgang.contract import Role
from hapgang.core.clock import VirtualClock
from hapgang.ledger.till import account_id
from hapgang.runtime.platform.money import shops
from tests.village import SEOUL, START, move_in, person, runtime_of

ANNE, BERT, CARL, DORA = (person(name) for name in ("anne", "bert", "carl", "dora"))
OFFICE, OTHER_OFFICE = person("office", Role.OPERATOR), person("office2", Role.OPERATOR)
THIRD_OFFICE, AGENCY = person("office3", Role.OPERATOR), person("agency", Role.AGENCY)
EVERYBODY = (ANNE, BERT, CARL, DORA)


class Place:
    """A runtime with four residents of 10,000 won, and Dora's bakery."""

    def __init__(self) -> None:
        self.clock = VirtualClock(START, SEOUL)
        self.runtime = runtime_of(clock=self.clock)
        self.runtime.scene = SimpleNamespace(name="village")  # type: ignore[assignment]
        for someone in EVERYBODY:
            move_in(self.runtime, someone)
        self.shop = self.open_shop("Bread", "56")

    def open_shop(self, name: str, business: str) -> str:
        shop: str = self.do(shops.apply_for_shop, DORA, name=name, business=business).id
        self.do(shops.admit_shop, OFFICE, shop=shop, is_local=True)
        return shop

    def do(self, action: Any, caller: Any, /, **arguments: Any) -> Any:
        return self.runtime.perform(action, caller, **arguments)

    def won(self, owner: str) -> int:
        return self.runtime.book.account(account_id(owner)).balance_won

    def held(self, owner: str) -> int:
        return self.runtime.book.account(account_id(owner)).held_won
