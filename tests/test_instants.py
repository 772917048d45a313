"""Whatever instant comes in at a door has a time zone: one without would be compared, and fail."""

from datetime import datetime
from typing import Any, get_args, get_type_hints

import pytest

from hapgang.contract import Route
from hapgang.runtime.discover import discover
from hapgang.runtime.platform import platform

ROUTES = [
    pytest.param(route, id=f"{name} {route.method} {route.path}")
    for name, service in {**discover(), "platform": platform}.items()
    for route in service.routes
]


def is_bare(hint: Any) -> bool:
    """Whether a type takes an instant that says no zone."""
    if hint is datetime:
        return True
    return not hasattr(hint, "__metadata__") and any(is_bare(part) for part in get_args(hint))


@pytest.mark.parametrize("route", ROUTES)
def test_instants_of_callers_have_a_zone(route: Route) -> None:
    hints = get_type_hints(route.action, include_extras=True)
    assert [name for name, hint in hints.items() if name != "return" and is_bare(hint)] == []
