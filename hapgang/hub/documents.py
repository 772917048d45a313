"""Entities as documents: what the NGSI-LD face and collection do at the hub.

The same state, unit and feed as typed saves. Ownership and privacy hold here too: a client may
write free types, add attributes that no view declares to owned ones, and write the shared entities
it created; personal data is shown to the person, or for a purpose the person agreed to.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from hapgang.core.entity import Attribute, Document, Sharing, find_type
from hapgang.core.errors import NotFound, Refused
from hapgang.core.vocabulary.people import Consent
from hapgang.hub.desk import Desk
from hapgang.hub.ngsild.changes import Attributes, Changes, Outcome, merge, stamped
from hapgang.hub.ngsild.fragment import Fragment, entity_in, fragment_in
from hapgang.hub.ngsild.instants import written
from hapgang.hub.record import Record, record_with, types_of
from hapgang.hub.rights import CREATOR
from hapgang.hub.state import State

Change = Callable[[Attributes, Attributes], Outcome]


class Documents:
    """Documents at the hub, for one caller inside one unit."""

    def __init__(
        self, desk: Desk, state: State, *, caller: str, at: datetime, seq: int, purpose: str = ""
    ) -> None:
        """Work on `state` through the platform's desk."""
        self._desk = desk
        self._state = state
        self._caller = caller
        self._at = at
        self._seq = seq
        self._purpose = purpose

    def create(self, document: Document) -> Record:
        """Store a new entity; `Conflict` when its id exists."""
        fragment = entity_in(document)
        there = self._state.get(fragment.id)
        if there is not None and self._is_over(there):
            self._desk.remove(there)
        self._desk.check_new(fragment.id)
        record = self._new(fragment, self._at)
        if record.person is not None and record.person != self._caller:
            raise Refused("this is another person's data", "다른 사람의 개인정보입니다")
        self._desk.store(record, "created", _told(record))
        return record

    def replace(self, old: Record, document: Document) -> Record:
        """Store an entity in the place of one that was found (clause 5.6.18)."""
        fragment = entity_in({**document, "id": old.id, "type": document.get("type", old.type)})
        if old.declared is not None:
            for name in {*old.attributes(), *fragment.attributes} - {CREATOR}:
                self._check_write(old, name)
        record = self._new(fragment, old.created)
        if record.person != old.person:
            raise Refused("data of one person cannot become another's", None)
        told, fresh = _told(record), record.attributes()
        gone: Changes = {name: None for name in old.attributes() if name not in fresh}
        self._desk.store(record, "updated", {**gone, **told} if gone else told)
        return record

    def merge(self, entity_id: str, fragment: Document) -> Record:
        """Merge some attributes into an entity; the NGSI-LD null deletes one (clause 5.6.17)."""
        record, _ = self.change(
            entity_id, fragment_in(fragment), lambda old, new: Outcome(merge(old, new), {})
        )
        return record

    def change(self, entity_id: str, fragment: Fragment, change: Change) -> tuple[Record, Outcome]:
        """Change attributes, types, scope and expiry of an entity; what is refused is told."""
        old = self.get(entity_id)
        attributes = old.attributes()
        outcome = change(attributes, fragment.attributes)
        for name, new in outcome.changes.items():
            if name != CREATOR or new != attributes.get(CREATOR):
                self._check_write(old, name)
        _check_types(old, fragment.types)
        own = _own_changes(old, fragment)
        if not outcome.changes and not own:
            return old, outcome
        after = dict(attributes)
        for name, new in stamped(outcome.changes, attributes, written(self._at)).items():
            if new is None:
                after.pop(name, None)
            else:
                after[name] = new
        types, declared = types_of(own["type"]) if "type" in own else (old.types, old.declared)
        record = record_with(
            old.id,
            types,
            declared,
            after,
            created=old.created,
            modified=self._at,
            seq=self._seq,
            scope=tuple(own.get("scope", old.scope)),
            expires=fragment.expires or old.expires,
            since=old.since,
        )
        if record.person != old.person:
            raise Refused("data of one person cannot become another's", None)
        self._desk.store(record, "updated", {**outcome.changes, **own})
        return record, outcome

    def unscoped(self, entity_id: str) -> None:
        """Take an entity's scopes away; `NotFound` where it has none."""
        if not self.get(entity_id).scope:
            raise NotFound(f"{entity_id} has no scope", f"{entity_id}에는 scope가 없습니다")
        self.change(entity_id, Fragment({}, scope=()), lambda _, __: Outcome({}, {}))

    def delete(self, entity_id: str) -> None:
        """Remove an entity."""
        record = self.get(entity_id)
        if not self.may_delete(record):
            raise Refused(f"{record.type} is not yours to delete", "삭제할 권한이 없습니다")
        self._desk.remove(record)

    def may_delete(self, record: Record) -> bool:
        """Whether an entity is the caller's to delete: free ones are anybody's who may write."""
        return record.declared is None or record.value(CREATOR) == self._caller

    def get(self, entity_id: str) -> Record:
        """Return an entity that the caller may see; else `NotFound`."""
        record = self.find(entity_id)
        if record is None:
            raise NotFound(f"there is no entity {entity_id}", f"{entity_id}이(가) 없습니다")
        return record

    def find(self, entity_id: str) -> Record | None:
        """Return an entity, if there is one and the caller may see it; note that it was seen."""
        record = self._state.get(entity_id)
        if record is None or not self.may_see(record):
            return None
        self.log(record)
        return record

    def may_see(self, record: Record) -> bool:
        """Whether the caller may see an entity: it is not over, not internal, and nobody else's."""
        if record.declared is not None and record.declared.is_internal:
            return False
        if self._is_over(record):
            return False
        return self.may_see_of(record.person)

    def may_see_of(self, person: str | None) -> bool:
        """Whether the caller may see what is a person's, or nobody's."""
        if person is None or person == self._caller:
            return True
        return bool(self._purpose) and self._has_consent(person)

    def log(self, record: Record) -> None:
        """Note that an entity was seen, where it is somebody's."""
        if record.person is not None:
            self.log_of(record.person)

    def log_of(self, person: str) -> None:
        """Note that a person's data was seen."""
        self._desk.log_read(person, self._purpose or "NGSI-LD", "*")

    def check_past(self, entity_id: str, type_name: str, names: Iterable[str]) -> str | None:
        """Return whose the past of an entity is; `Refused` where it is not the caller's to write.

        Of an entity that is over, only the past of a free type is.
        """
        record = self.find(entity_id)
        if record is None:
            if find_type(type_name) is not None:
                raise Refused(f"{type_name} is written by its service only", None)
            return None
        for name in names:
            self._check_write(record, name)
        return record.person

    def _new(self, fragment: Fragment, created: datetime) -> Record:
        """Return the record of a whole entity that the caller may write."""
        types, declared = types_of(fragment.type_member)
        if declared is not None and (declared.sharing is Sharing.OWNED or declared.is_internal):
            raise Refused(
                f"{declared.name} is written by its service only; use the service's own routes",
                f"{declared.name}은(는) 담당 서비스만 만들 수 있습니다",
            )
        attributes = fragment.attributes
        if declared is not None:
            attributes = {**attributes, CREATOR: _made_by(self._caller)}
        return record_with(
            fragment.id,
            types,
            declared,
            attributes,
            created=created,
            modified=self._at,
            seq=self._seq,
            scope=fragment.scope or (),
            expires=fragment.expires,
            since=None if created == self._at else self._at,
        )

    def _is_over(self, record: Record) -> bool:
        return record.expires is not None and record.expires <= self._at

    def _check_write(self, record: Record, name: str) -> None:
        declared = record.declared
        if declared is None:
            return
        is_own = declared.sharing is Sharing.SHARED and record.value(CREATOR) == self._caller
        if is_own and name != CREATOR:
            return
        if name in declared.by_wire or name == CREATOR:
            raise Refused(
                f"{record.type}.{name} is written by its service only",
                f"{record.type}.{name}은(는) 담당 서비스만 쓸 수 있습니다",
            )

    def _has_consent(self, person: str) -> bool:
        for record in self._state.with_value("Consent", "person", person) or ():
            consent = record.view
            if (
                isinstance(consent, Consent)
                and consent.purpose == self._purpose
                and not consent.revoked
                and (consent.until is None or consent.until > self._at)
            ):
                return True
        return False


@lru_cache(1_024)
def _made_by(caller: str) -> Attribute:
    """Return the attribute that says who made an entity: one for all that somebody made."""
    return {"type": "Property", "value": caller}


def _check_types(old: Record, types: Iterable[str]) -> None:
    """Raise `Refused` where an entity would become one of a declared type, which has owners."""
    for name in types:
        if name not in old.types and find_type(name) is not None:
            raise Refused(
                f"an entity is made as a {name}, it does not become one",
                f"이미 있는 엔티티를 {name}(으)로 바꿀 수 없습니다",
            )


def _told(record: Record) -> dict[str, Any]:
    """Return what the feed tells of a new entity."""
    told: dict[str, Any] = dict(record.attributes())
    if len(record.types) > 1:
        told["type"] = list(record.types)
    if record.scope:
        told["scope"] = list(record.scope)
    return told


def _own_changes(old: Record, fragment: Fragment) -> Mapping[str, Any]:
    """Return the changed members that are no attributes: types are added, scopes replaced."""
    own: dict[str, Any] = {}
    types = tuple(dict.fromkeys([*old.types, *fragment.types]))
    if types != old.types:
        own["type"] = list(types)
    if fragment.scope is not None and fragment.scope != old.scope:
        own["scope"] = list(fragment.scope)
    if fragment.expires is not None and fragment.expires != old.expires:
        own["expiresAt"] = written(fragment.expires)
    return own
