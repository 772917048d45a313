"""The standard's API described, one table for each family of paths."""

from typing import Any

from hapgang.app.ngsild.described import contexts, entities, subscriptions, temporal
from hapgang.app.ngsild.described.parts import PREFIX, Call, operation_of
from hapgang.app.ngsild.described.schemas import SCHEMAS
from hapgang.app.ngsild.described.words import HEADERS, PARAMETERS
from hapgang.contract import Route
from hapgang.runtime.platform.ngsild import NGSI_LD

CALLS: dict[tuple[str, str], Call] = {
    **entities.CALLS,
    **temporal.CALLS,
    **subscriptions.CALLS,
    **contexts.CALLS,
}
__all__ = ["CALLS", "components", "described"]


def components() -> dict[str, Any]:
    """Return all schemas by the names that they have in the city's description."""
    return {PREFIX + name: one for name, one in {**SCHEMAS, **subscriptions.SCHEMAS}.items()}


def described(route: Route) -> dict[str, Any] | None:
    """Return what OpenAPI says of a route; None where nothing is said yet."""
    call = CALLS.get((route.method, route.path.removeprefix(NGSI_LD)))
    return None if call is None else operation_of(call, PARAMETERS, HEADERS, route.path)
