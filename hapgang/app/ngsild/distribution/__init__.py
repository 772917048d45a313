"""One request, several who answer it (clause 4.3.6): the city and its registered sources.

`distributed` stands in front of the calls of the standard's endpoints. A city without
registrations pays one look at a count.
"""

from functools import partial
from typing import Any

from hapgang.app.context import Context
from hapgang.app.endpoints import Call
from hapgang.app.ngsild.distribution import batches, discovery, purges, writes
from hapgang.app.ngsild.distribution.asking import check_loop
from hapgang.app.ngsild.request import is_true
from hapgang.hub.registrations.model import TYPE
from hapgang.runtime.platform.ngsild import attributes, batch, entities
from hapgang.runtime.platform.ngsild import discovery as lists

_WRITES: dict[Any, writes.Operation] = {
    entities.create_entity: writes.CREATE,
    entities.replace_entity: writes.REPLACE,
    entities.merge_entity: writes.MERGE,
    entities.delete_entity: writes.DELETE,
    attributes.append_attributes: writes.APPEND,
    attributes.update_attributes: writes.UPDATE,
    attributes.patch_attribute: writes.PATCH,
    attributes.replace_attribute: writes.REPLACE_ONE,
    attributes.delete_attribute: writes.DELETE_ONE,
}


_BATCHES: dict[Any, batches.Batch] = {
    batch.create_entities: batches.CREATE,
    batch.upsert_entities: batches.UPSERT,
    batch.update_entities: batches.UPDATE,
    batch.merge_entities: batches.MERGE,
    batch.delete_entities: batches.DELETE,
}
_LISTS: dict[Any, discovery.Kind] = {
    lists.list_types: discovery.TYPES,
    lists.get_type: discovery.ONE_TYPE,
    lists.list_attributes: discovery.ATTRIBUTES,
    lists.get_attribute: discovery.ONE_ATTRIBUTE,
}


def distributed(action: Any, call: Call) -> Call:
    """Return a call that asks the registered sources, too; the same where it is never shared."""
    if action in _WRITES:
        return _before(call, partial(writes.run, operation=_WRITES[action]))
    if action in _BATCHES:
        return _before(call, partial(batches.run, batch=_BATCHES[action]))
    if action in _LISTS:
        return _before(call, partial(discovery.run, kind=_LISTS[action]))
    if action is entities.purge_entities:
        return _before(call, purges.run)
    return call


def _before(call: Call, shared: Any) -> Call:
    async def ask(context: Context) -> Any:
        if not context.live.runtime.state.count(TYPE):
            return await call(context)
        check_loop(context)
        if is_true(context, "local"):
            return await call(context)
        return await shared(context, call)

    return ask
