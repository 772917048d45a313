"""What subscribers to registrations are told (clause 5.11.7), in the unit that changes some."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from hapgang.hub.record import Record
from hapgang.hub.registrations.model import read_registration
from hapgang.hub.subscriptions.index import Index
from hapgang.hub.subscriptions.rules import Rule
from hapgang.hub.subscriptions.sources import body_of, is_about
from hapgang.hub.subscriptions.told import Told
from hapgang.writer.unit import Stored, Unit

if TYPE_CHECKING:
    from hapgang.hub.state import State

REGISTRATION = "ContextSourceRegistration"
NEW, CHANGED, OVER = "newlyMatching", "updated", "noLongerMatching"


def changes(index: Index, unit: Unit) -> Iterator[tuple[str, Rule, Told]]:
    """Yield who is told of which registration, and why."""
    changed = [
        (cast("Record | None", old), cast("Record | None", unit.entities.get(entity)))
        for entity, old in unit.before.items()
        if REGISTRATION in (_type_of(old), _type_of(unit.entities.get(entity)))
    ]
    if not changed:
        return
    rules = [
        rule
        for rule in index.rules.values()
        if rule.kind == "csources" and rule.words.timeInterval is None and rule.is_active(unit.at)
    ]
    for old, new in changed:
        for rule in rules:
            reason = _reason(rule, old, new)
            if reason:
                record = new or old
                assert record is not None
                yield reason, rule, Told("updated" if new else "deleted", record)


def matching(rule: Rule, state: "State", unit: Unit) -> list[Told]:
    """Return the registrations that a subscription is about now."""
    found = []
    for record in state.of_type(REGISTRATION):
        body = body_of(record)
        if is_about(rule.sources, body) and not read_registration(body).is_over(unit.at):
            found.append(Told("periodic", record))
    return found


def _type_of(stored: Stored | None) -> str:
    return "" if stored is None else stored.type


def _reason(rule: Rule, old: Record | None, new: Record | None) -> str:
    was = old is not None and is_about(rule.sources, body_of(old))
    is_now = new is not None and is_about(rule.sources, body_of(new))
    if is_now:
        return CHANGED if was else NEW
    return OVER if was else ""
