"""No door of any service takes an amount that is negative, huge, a fraction or no number."""

from collections.abc import Iterator

import msgspec
import pytest
from msgspec import inspect

from hapgang.core.errors import Invalid
from hapgang.core.money import Won
from hapgang.runtime.discover import discover
from hapgang.runtime.platform import platform
from hapgang.runtime.specs import ActionSpec, specs_of

MOST_WON = 1_000_000_000_000
AMOUNT = "_won"
OTHERWISE = {
    "per_min_won": "a price for each minute, of which an amount is made and rounded",
    "per_km_won": "a price for each kilometre, likewise",
    "mobility.maas/rides/{ride}/refund": "no more than was paid: the book looks",
    "platform/currency-agreements/{agreement}/statements": "what another city says; it may be owed",
}
"""Names and doors with bounds of another kind."""
RUBBISH: tuple[object, ...] = (-1, -(10**30), 10**30, MOST_WON + 1, 0.5, 1.0, "7", True, [1], {})


def specs() -> Iterator[tuple[str, ActionSpec]]:
    """Every action that a door of any installed service leads to."""
    for name, service in {**discover(), "platform": platform}.items():
        known = specs_of(name, service)
        for route in service.routes:
            yield f"{name}{route.path}", known[route.action]


def amounts(form: inspect.Type, name: str = "") -> Iterator[tuple[str, inspect.Type]]:
    """Yield the amounts of a form, with those within lists, unions and other forms."""
    if isinstance(form, inspect.StructType):
        for field in form.fields:
            yield from amounts(field.type, field.encode_name)
    elif isinstance(form, inspect.UnionType):
        for each in form.types:
            if not isinstance(each, inspect.NoneType):
                yield from amounts(each, name)
    elif isinstance(form, inspect.ListType | inspect.VarTupleType):
        yield from amounts(form.item_type, name)
    elif isinstance(form, inspect.DictType):
        yield from amounts(form.value_type, name)
    elif name.endswith(AMOUNT):
        yield name, form


ALL = [
    (door, name, form)
    for door, spec in specs()
    for name, form in amounts(inspect.type_info(spec.arguments))
]
FOUND = [each for each in ALL if each[0] not in OTHERWISE and each[1] not in OTHERWISE]


def test_there_are_doors_that_take_money() -> None:
    assert len({door for door, _, _ in FOUND}) > 20
    assert set(OTHERWISE) <= {word for door, name, _ in ALL for word in (door, name)}


@pytest.mark.parametrize(("door", "name", "form"), FOUND, ids=[f"{d}:{n}" for d, n, _ in FOUND])
def test_an_amount_is_whole_and_has_bounds(door: str, name: str, form: inspect.Type) -> None:
    assert isinstance(form, inspect.IntType), f"{door} takes {name} as {form}"
    assert form.ge is not None or form.gt is not None, f"{door} takes any {name} below zero"
    assert (form.ge or 0) >= 0
    assert form.le is not None, f"{door} takes any {name}"
    assert form.le <= MOST_WON


@pytest.mark.parametrize("value", RUBBISH, ids=repr)
def test_such_an_amount_is_no_other_thing(value: object) -> None:
    with pytest.raises((msgspec.ValidationError, Invalid)):
        msgspec.json.decode(msgspec.json.encode(value), type=Won)
