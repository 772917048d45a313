"""What clients say of the past (clauses 5.6.11 to 5.6.16, 6.18.3.1, 6.19.3.2, 6.20 to 6.22)."""

import re
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from hapgang.app.context import Context
from hapgang.app.endpoints import Call
from hapgang.app.ngsild.answers import created, done
from hapgang.app.ngsild.linked import context_of_link
from hapgang.app.ngsild.request import (
    attribute_fragment,
    check_words,
    fragment,
    is_true,
    perform,
)
from hapgang.app.ngsild.temporal.reading import (
    Budget,
    instance_at,
    overlay_in,
    past_of,
    until_safe,
)
from hapgang.core.errors import Invalid, NotFound
from hapgang.core.ids import check_uri
from hapgang.hub.temporal.evolved import corrected, evolved_in
from hapgang.hub.temporal.instance import Instance
from hapgang.runtime.platform.ngsild import NGSI_LD
from hapgang.runtime.platform.ngsild.temporal import (
    add_instances,
    delete_evolution,
    delete_instance,
    delete_past_attribute,
    modify_instance,
    record_evolution,
)

_WORDS = frozenset(["local", "via", "type", "options"])
_DELETE_WORDS = _WORDS | {"datasetId", "deleteAll"}
_NAME = re.compile(r"[^\s()<>\"'=;,|]+")


async def _record(context: Context) -> Response:
    check_words(context, _WORDS)
    document, _ = await fragment(context)
    evolved = evolved_in(document)
    is_new = await perform(context, record_evolution, evolved=evolved)
    return (
        created(f"{NGSI_LD}/temporal/entities/{quote(evolved.id, safe=':')}") if is_new else done()
    )


async def _add(context: Context) -> Response:
    check_words(context, _WORDS)
    entity = check_uri(context.path["entity"])
    document, _ = await fragment(context)
    evolved = evolved_in(document, is_part=True)
    if not evolved.attributes:
        raise Invalid("the body names no attribute", "본문에 속성이 없습니다")
    type_name, _ = await _known(context, entity)
    await perform(
        context, add_instances, entity=entity, type=type_name, attributes=evolved.attributes,
        types=list(evolved.types),
    )  # fmt: skip
    return done()


async def _delete(context: Context) -> Response:
    check_words(context, _WORDS)
    entity = check_uri(context.path["entity"])
    type_name, born_by = await _known(context, entity)
    is_whole = born_by == context.live.runtime.spec(record_evolution).name
    await perform(context, delete_evolution, entity=entity, type=type_name, is_whole=is_whole)
    return done()


async def _delete_attribute(context: Context) -> Response:
    check_words(context, _DELETE_WORDS)
    entity, name = await _attribute(context)
    dataset, every = context.query("datasetId") or None, is_true(context, "deleteAll")
    type_name, _ = await _known(context, entity)

    def keeps(instance: Instance) -> bool:
        return instance.name == name and (every or instance.dataset == dataset)

    async with context.live.reads.past.reading() as reading:
        past = await past_of(context, reading, entity, keeps, Budget())
    if past is None or not past.evolution.instances:
        raise NotFound(f"{entity} never had {name}", f"{entity}에 {name} 속성이 없습니다")
    await perform(
        context, delete_past_attribute, entity=entity, type=type_name, name=name,
        dataset=dataset, every=every,
    )  # fmt: skip
    return done()


async def _modify(context: Context) -> Response:
    check_words(context, _WORDS)
    _check_name(context)
    entity, name, said = await attribute_fragment(context, patches=True)
    named = check_uri(context.path["instance"])
    async with context.live.reads.past.revising:
        type_name, instance = await _instance(context, entity, name, named)
        await perform(
            context, modify_instance, entity=entity, type=type_name, name=name, instance=named,
            attribute=corrected(name, instance.body, said),
        )  # fmt: skip
    return done()


async def _delete_instance(context: Context) -> Response:
    check_words(context, _WORDS)
    entity, name = await _attribute(context)
    named = check_uri(context.path["instance"])
    async with context.live.reads.past.revising:
        type_name, _ = await _instance(context, entity, name, named)
        await perform(
            context, delete_instance, entity=entity, type=type_name, name=name, instance=named
        )
    return done()


async def _attribute(context: Context) -> tuple[str, str]:
    entity = check_uri(context.path["entity"])
    _check_name(context)
    asked = await context_of_link(context)
    return entity, asked.context.inward(context.path["attribute"])


def _check_name(context: Context) -> None:
    name = context.path["attribute"]
    if not _NAME.fullmatch(name):
        raise Invalid(f"“{name[:60]}” is no attribute's name", "속성 이름이 올바르지 않습니다")


async def _known(context: Context, entity: str) -> tuple[str, str]:
    """Return the type of an entity with a past, and by which action it came to be."""
    await until_safe(context)
    async with context.live.reads.past.reading() as reading:
        overlay = await overlay_in(context, reading, entity, Budget())
        found = await reading.known(entity, overlay.erased)
    record = context.live.runtime.state.get(entity)
    if found is None and record is None:
        raise NotFound(f"{entity} has no past", f"{entity}의 이력이 없습니다")
    type_name, born_by = found or ("", "")
    return (record.type if record is not None else type_name), born_by


async def _instance(context: Context, entity: str, name: str, named: str) -> tuple[str, Instance]:
    await until_safe(context)
    async with context.live.reads.past.reading() as reading:
        found = await instance_at(context, reading, entity, name, named)
    if found is None:
        raise NotFound(f"{entity} has no such instance of {name}", f"{name}의 인스턴스가 없습니다")
    record = context.live.runtime.state.get(entity)
    return (record.type if record is not None else found[0]), found[1]


CALLS: dict[Any, Call] = {
    record_evolution: _record,
    add_instances: _add,
    delete_evolution: _delete,
    delete_past_attribute: _delete_attribute,
    modify_instance: _modify,
    delete_instance: _delete_instance,
}
