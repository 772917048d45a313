"""What a subscriber gets (clauses 5.3.1 and 5.8.6): what is, and what was and is no more."""

from collections.abc import Mapping
from typing import Any

import msgspec

from hapgang.core.entity import Attribute, Document
from hapgang.hub.jsonld import NORMALISED, SIMPLIFIED, Context, Form, outward_document
from hapgang.hub.ngsild.changes import joined, listed
from hapgang.hub.ngsild.instants import written
from hapgang.hub.ngsild.join import joined_documents
from hapgang.hub.ngsild.kinds import MEMBER_OF, NULL
from hapgang.hub.ngsild.represent import feature, represent
from hapgang.hub.record import Instances, Record
from hapgang.hub.subscriptions.rules import Rule
from hapgang.hub.subscriptions.sources import sources_data
from hapgang.hub.subscriptions.told import Told

_SIMPLIFIED_JOINED = Form(is_simplified=True, has_joined=True)
_DELETIONS = frozenset(["attributeDeleted", "entityUpdated"])


def data_of(
    rule: Rule, told: list[Told], linked: Mapping[str, Record], context: Context, address: Any
) -> Any:
    """Return the `data` of a notification in a subscriber's names.

    address: the context as it is told; None where it is told elsewhere.
    """
    shape = rule.shape
    if rule.kind == "csources":
        found = sources_data(
            rule.sources, [one.record for one in told], context, has_times=shape.has_times
        )
        return [_in_context(document, address) for document in found]
    form = _form(rule)
    records = [_shown(rule, one) for one in told]
    if rule.join is None:
        documents = [represent(record, shape) for record in records]
    else:
        documents = joined_documents(records, shape, rule.join, dict(linked))
    gone = {one.record.id: one for one in told if one.kind == "deleted"}
    documents = [
        outward_document(_with_end(document, gone.get(document.get("id", ""))), context, form)
        for document in documents
    ]
    if not shape.is_geojson:
        return [_in_context(document, address) for document in documents]
    by_id = {**linked, **{record.id: record for record in records}}
    features = [
        feature(by_id[document["id"]], shape, document)
        for document in documents
        if "id" in document
    ]
    return _in_context({"type": "FeatureCollection", "features": features}, address)


def _form(rule: Rule) -> Form:
    if rule.shape.style != "simplified":
        return NORMALISED
    return SIMPLIFIED if rule.join is None else _SIMPLIFIED_JOINED


def _in_context(document: Document, address: Any) -> Document:
    return document if address is None else {**document, "@context": address}


def _with_end(document: Document, told: Told | None) -> Document:
    if told is None:
        return document
    return {**document, "deletedAt": told.at}


def _shown(rule: Rule, told: Told) -> Record:
    """Return the record that is represented: what is, and what was as far as it is wanted."""
    if told.kind == "deleted":
        return _with(told.record, _last_words(rule, told), is_over=True)
    if told.kind != "updated":
        return told.record
    shows_old = rule.words.notification.showChanges
    shows_gone = not rule.triggers.isdisjoint(_DELETIONS)
    if not (shows_old or shows_gone):
        return told.record
    changed: dict[str, Instances] = {}
    for name, before in told.before.items():
        if rule.watched and name not in rule.watched:
            continue
        shown = _compared(before, told.record.attribute(name), told, shows_old, shows_gone)
        if shown:
            found = joined(shown)
            assert found is not None
            changed[name] = found
    return _with(told.record, {**told.record.attributes(), **changed}) if changed else told.record


def _compared(
    before: Instances | None, now: Instances | None, told: Told, shows_old: bool, shows_gone: bool
) -> list[Attribute]:
    """Return the instances of an attribute that changed."""
    old = {one.get("datasetId"): one for one in listed(before)}
    shown = []
    for one in listed(now):
        was = old.pop(one.get("datasetId"), None)
        shown.append({**one, **_previous(was)} if shows_old and was is not None else one)
    if shows_gone:
        times = written(told.record.created), written(told.record.modified)
        gone = list(old.values())
        if now is None:  # it is gone as a whole
            gone = gone[:1]
        shown.extend(_gone(one, times, shows_old=shows_old) for one in gone)
    return shown


def _last_words(rule: Rule, told: Told) -> dict[str, Instances]:
    """Return what is said of the attributes of an entity that is gone."""
    shows_old = rule.words.notification.showChanges
    if not shows_old and "attributeDeleted" not in rule.triggers:
        return {}
    times = written(told.record.created), told.at
    return {
        name: joined([_gone(one, times, shows_old=shows_old, is_whole=True)]) or {}
        for name, instances in told.record.attributes().items()
        if not rule.watched or name in rule.watched
        for one in listed(instances)[:1]
    }


def _gone(
    instance: Attribute, times: tuple[str, str], *, shows_old: bool, is_whole: bool = False
) -> Attribute:
    """Return an instance that is no more, with when it came and went: the null of clause 4.5.0."""
    kind = instance["type"]
    null: Any = NULL
    if kind == "LanguageProperty" and not is_whole:
        null = {"@none": NULL}
    elif kind in ("ListProperty", "ListRelationship"):
        null = [NULL]
    # The times are left out again where they are not asked for, as those of any instance are.
    out = {"type": kind, MEMBER_OF[kind]: null, "createdAt": times[0], "deletedAt": times[1]}
    for name in ("datasetId", "createdAt", "modifiedAt"):
        if name in instance:
            out[name] = instance[name]
    return {**out, **_previous(instance)} if shows_old else out


def _previous(instance: Attribute) -> Attribute:
    member = MEMBER_OF[instance["type"]]
    return {f"previous{member[0].upper()}{member[1:]}": instance[member]}


def _with(record: Record, attributes: Mapping[str, Instances], *, is_over: bool = False) -> Record:
    return Record(
        record.id,
        record.types,
        record.declared,
        None,
        attributes,
        created=record.created,
        modified=record.modified,
        seq=record.seq,
        scope=() if is_over else record.scope,
        expires=None if is_over else record.expires,
    )


def envelope(
    notification_id: str, kind: str, subscription: str, at: str, data: bytes, reason: str = ""
) -> bytes:
    """Return a notification around its data, which was written before."""
    head = {"id": notification_id, "type": kind, "subscriptionId": subscription, "notifiedAt": at}
    if reason:
        head["triggerReason"] = reason
    return msgspec.json.encode(head)[:-1] + b',"data":' + data + b"}"
