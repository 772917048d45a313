"""The standard's endpoints: each action of the platform's route table, and what serves it."""

from typing import Any

from hapgang.app.endpoints import Call, Endpoint
from hapgang.app.ngsild import (
    attributes,
    batch,
    contexts,
    discovery,
    entities,
    maps,
    registrations,
    subscriptions,
    temporal,
)
from hapgang.app.ngsild.described import described
from hapgang.app.ngsild.distribution import distributed
from hapgang.app.ngsild.linked import LD
from hapgang.contract import Role, Route
from hapgang.runtime.platform.ngsild import NGSI_LD_ROUTES

_CALLS: dict[Any, Call] = {
    **entities.CALLS,
    **attributes.CALLS,
    **batch.CALLS,
    **discovery.CALLS,
    **contexts.CALLS,
    **maps.CALLS,
    **registrations.CALLS,
    **subscriptions.CALLS,
    **temporal.CALLS,
}
_BY_METHOD = {**entities.BY_METHOD, **temporal.BY_METHOD}


def ngsild_endpoints(*, is_open: bool) -> list[Endpoint]:
    """Return the standard's endpoints; with `is_open` they need no sign-in."""
    return [
        Endpoint(
            route.method,
            route.path,
            frozenset(Role) if is_open else frozenset(route.allow),
            _call(route),
            summary=(route.action.__doc__ or "").strip(),
            tag="NGSI-LD",
            media_type=LD,
            described=described(route),
        )
        for route in NGSI_LD_ROUTES
    ]


def _call(route: Route) -> Call:
    """Return what serves a route; a query is one action by two methods."""
    call = _BY_METHOD.get((route.method, route.action)) or _CALLS[route.action]
    return distributed(route.action, call)
