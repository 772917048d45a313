"""What subscribers are to be told, found in the very unit that changes something.

A notice is written with the change, in one transaction: a city that dies between the two does not
exist. Who may see what is asked for the owner of a subscription, at that moment.
"""

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from hapgang.core.entity import find_type
from hapgang.core.errors import CityError
from hapgang.core.vocabulary.subscriptions import Subscription
from hapgang.hub.desk import Desk
from hapgang.hub.documents import Documents
from hapgang.hub.ngsild.instants import written
from hapgang.hub.ngsild.join import linked
from hapgang.hub.record import Record
from hapgang.hub.subscriptions.index import Index
from hapgang.hub.subscriptions.notice import MOST_TOLD, Notice, Recipient
from hapgang.hub.subscriptions.rules import Rule
from hapgang.hub.subscriptions.told import Told, told_of
from hapgang.hub.subscriptions.words import read_words
from hapgang.runtime.source_subscriptions import NEW, changes, matching
from hapgang.writer.unit import NoticeRow, Unit

if TYPE_CHECKING:
    from hapgang.runtime.perform import Runtime

_log = logging.getLogger(__name__)
SUBSCRIPTION = "Subscription"


class Subscriptions:
    """All subscriptions of a city, and what they hear of each unit."""

    def __init__(self, runtime: "Runtime") -> None:
        """Hear every unit of a runtime."""
        self._runtime = runtime
        self.index = Index()
        self.next_id = 1
        runtime.writer.additions.append(self._add)

    def load(self, next_id: int) -> None:
        """Take up the subscriptions that are in memory; notices are numbered from `next_id`."""
        self.next_id = next_id
        for record in self._runtime.state.of_type(SUBSCRIPTION):
            self._put(record)

    def add_notices(self, unit: Unit, told: list[Told], wanted: dict[str, list[int]]) -> None:
        """Write into a unit what subscriptions are told: for each, the places in `told`."""
        people: dict[str | None, None] = {one.record.person: None for one in told}
        for person in people:
            places = [at for at, one in enumerate(told) if one.record.person == person]
            for start in range(0, len(places), MOST_TOLD):
                part = places[start : start + MOST_TOLD]
                self._add_notice(unit, told, part, wanted, person)

    def documents(self, rule: Rule, unit: Unit) -> Documents:
        """Return documents at the hub, for the owner of a subscription."""
        runtime = self._runtime
        desk = Desk(runtime.rights["platform"], runtime.state, unit, rule.owner, runtime.closed)
        return Documents(
            desk, runtime.state, caller=rule.owner, at=unit.at, seq=unit.seq, purpose=rule.purpose
        )

    def _add(self, unit: Unit) -> None:
        try:
            if self.index.rules:
                self._match(unit)
                self._match_sources(unit)
            for entity in unit.before:
                self._note(unit, unit.before[entity], unit.entities.get(entity))
        except Exception:  # noqa: BLE001 (the change itself stands, whoever was to be told)
            _log.exception("subscribers are not told of unit %d", unit.seq)

    def _note(self, unit: Unit, old: object, new: object) -> None:
        if isinstance(new, Record) and new.type == SUBSCRIPTION:
            self._put(new)
            self.tell_sources(new.id, unit, NEW)
        elif isinstance(old, Record) and old.type == SUBSCRIPTION:
            self.index.remove(old.id)

    def tell_sources(self, subscription: str, unit: Unit, reason: str) -> int:
        """Tell a subscription to registrations of all that match now; return how many.

        One with a time interval is told of none, too: "regardless of any changes" (clause 5.11.7).
        """
        rule = self.index.rules.get(subscription)
        if rule is None or rule.kind != "csources" or not rule.is_active(unit.at):
            return 0
        told = matching(rule, self._runtime.state, unit)
        if told or rule.words.timeInterval is not None:
            self._write(unit, told, {rule.id: Recipient(list(range(len(told))), reason)}, None, {})
        return len(told)

    def _match_sources(self, unit: Unit) -> None:
        by_reason: dict[str, tuple[list[Told], dict[str, Recipient]]] = {}
        for reason, rule, one in changes(self.index, unit):
            told, recipients = by_reason.setdefault(reason, ([], {}))
            if not told or told[-1].record is not one.record:
                told.append(one)
            recipient = recipients.setdefault(rule.id, Recipient([], reason))
            recipient.which.append(len(told) - 1)
        for told, recipients in by_reason.values():
            self._write(unit, told, recipients, None, {})

    def _put(self, record: Record) -> None:
        view = record.view
        assert isinstance(view, Subscription)
        try:
            self.index.put(rule_of(view))
        except CityError as error:
            _log.error("%s cannot be heard any more: %s", view.id, error)

    def _match(self, unit: Unit) -> None:
        told: list[Told] = []
        wanted: dict[str, list[int]] = {}
        documents: dict[tuple[str, str], Documents] = {}
        for one in self._changes(unit):
            record = one.record
            for rule in self.index.candidates(record.types, record.id, one.names):
                if rule.kind != "entities" or rule.words.timeInterval is not None:
                    continue
                if rule.is_active(unit.at) and rule.hears(one):
                    owner = rule.owner, rule.purpose
                    if owner not in documents:
                        documents[owner] = self.documents(rule, unit)
                    if self._is_for(rule, record, documents[owner]):
                        if not told or told[-1] is not one:
                            told.append(one)
                        wanted.setdefault(rule.id, []).append(len(told) - 1)
        if told:
            self.add_notices(unit, told, wanted)

    def _is_for(self, rule: Rule, record: Record, documents: Documents) -> bool:
        if not documents.may_see(record) or not rule.fits(record, documents.find):
            return False
        documents.log(record)
        return True

    def _changes(self, unit: Unit) -> Iterator[Told]:
        """Yield what happened to entities that somebody may want to know of."""
        names: dict[str, dict[str, None]] | None = None
        for entity, old in unit.before.items():
            new = unit.entities.get(entity)
            known = cast("Record", new if new is not None else old)
            if known is None or (known.declared is not None and known.declared.is_internal):
                continue
            if not self.index.concerns(known.types, entity):
                continue
            if names is None:
                names = _names_in(unit)
            told = told_of(
                cast("Record | None", old), cast("Record | None", new), names.get(entity, ()),
                written(unit.at),
            )  # fmt: skip
            if told is not None:
                yield told

    def _add_notice(
        self, unit: Unit, told: list[Told], places: list[int], wanted: dict[str, list[int]],
        person: str | None,
    ) -> None:  # fmt: skip
        new = {place: number for number, place in enumerate(places)}
        recipients = {}
        reached: dict[str, Record] = {}
        for subscription, which in wanted.items():
            mine = [new[place] for place in which if place in new]
            if not mine:
                continue
            recipients[subscription] = Recipient(mine)
            rule = self.index.rules[subscription]
            if rule.join is not None:
                records = [told[places[number]].record for number in mine]
                find = self.documents(rule, unit).find
                more = linked(records, rule.shape, rule.join, find)
                # What is somebody else's would lie under this person's key, or under none.
                reached |= {k: one for k, one in more.items() if one.person in (None, person)}
        if recipients:
            self._write(unit, [told[place] for place in places], recipients, person, reached)

    def _write(
        self, unit: Unit, told: list[Told], recipients: dict[str, Recipient], person: str | None,
        reached: dict[str, Record],
    ) -> None:  # fmt: skip
        notice = Notice(self.next_id, unit.at, told, recipients, person=person, linked=reached)
        self.next_id += 1
        unit.notices.append(NoticeRow(notice.id, person, notice.body, recipients, notice))


def rule_of(view: Subscription) -> Rule:
    """Return the rule of a subscription; `Invalid` where it makes no sense."""
    return Rule(
        view.id, view.owner, read_words({**view.body, "id": view.id}), view.names,
        purpose=view.purpose, kind=view.kind, context=view.context, origin=view.origin,
    )  # fmt: skip


def _names_in(unit: Unit) -> dict[str, dict[str, None]]:
    """Return the attributes that a unit wrote, by entity."""
    found: dict[str, dict[str, None]] = {}
    for item in unit.items:
        if item.kind in ("created", "updated"):
            found.setdefault(item.entity, {}).update(dict.fromkeys(item.body))
        elif item.kind == "columns":
            declared = find_type(item.name)
            by_name = {} if declared is None else {f.name: f.wire for f in declared.fields}
            wires = dict.fromkeys(by_name.get(name, name) for name in item.body["columns"])
            for entity in item.body["ids"]:
                found.setdefault(entity, {}).update(wires)
    return found
