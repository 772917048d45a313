"""What kinds of things a city knows: every type with its number, its owner, and whose it is."""

from collections.abc import Iterator
from typing import Literal

import msgspec

from hapgang.app.context import Context, Respond, json_reply
from hapgang.app.endpoints import Endpoint
from hapgang.contract import Role, Service
from hapgang.core.entity import EntityType, type_of
from hapgang.runtime.perform import Runtime

_SIGNED_IN = frozenset(role for role in Role if role is not Role.ANONYMOUS)
_COUNT_PEOPLE = frozenset({Role.OPERATOR, Role.PLANNER, Role.AUDITOR})


class AttributeView(msgspec.Struct):
    """An attribute of a type, by its name on the wire, with its UN/CEFACT unit code."""

    name: str
    kind: str
    unit: str
    is_time: bool


class TypeView(msgspec.Struct):
    """A type: how many live entities the caller may know of, and who writes them."""

    name: str
    number: int | None
    services: list[str]
    sharing: Literal["owned", "shared", "free"]
    is_personal: bool
    is_internal: bool
    attributes: list[AttributeView]


def catalogue_endpoints() -> list[Endpoint]:
    """Return the endpoint."""
    return [
        Endpoint(
            "GET", "/api/types", _SIGNED_IN, _types,
            summary="The types of entities with their number, owner and attributes; how many there"
            " are of internal ones is for operators, of personal ones for planners and auditors,"
            " too.",
            returns=list[TypeView],
        ),
    ]  # fmt: skip


async def _types(context: Context) -> Respond:
    runtime = context.live.runtime
    found = json_reply(list(_views(runtime, context.caller.role)))
    await runtime.writer.durable()
    return found


def _views(runtime: Runtime, role: Role) -> Iterator[TypeView]:
    writers = _writers(runtime.services)
    declared = {found.name: found for found, _ in writers.values()}
    for name in sorted({*declared, *runtime.state.types()}):
        number = runtime.state.count(name)
        if name not in declared:
            yield TypeView(name, number, [], "free", False, False, [])
            continue
        found, services = writers[name]
        yield TypeView(
            name,
            number if _may_count(found, role) else None,
            services,
            found.sharing.value,
            found.person is not None,
            found.is_internal,
            [AttributeView(f.wire, f.kind, f.unit, f.is_time) for f in found.fields],
        )


def _writers(services: dict[str, Service]) -> dict[str, tuple[EntityType, list[str]]]:
    """Return each declared type with the services that own it or contribute to it."""
    found: dict[str, tuple[EntityType, list[str]]] = {}
    for service_name, service in services.items():
        for view in (*service.owns, *service.contributes):
            declared = type_of(view)
            found.setdefault(declared.name, (declared, []))[1].append(service_name)
    return found


def _may_count(declared: EntityType, role: Role) -> bool:
    if declared.is_internal:
        return role is Role.OPERATOR
    return declared.person is None or role in _COUNT_PEOPLE
