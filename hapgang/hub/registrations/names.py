"""The names in a registration, as clients write them ↔ as the hub does."""

from collections.abc import Callable, Mapping
from typing import Any

from hapgang.hub.registrations.model import KNOWN, READ_ONLY

Naming = Callable[[str], str]
_LISTS = ("propertyNames", "relationshipNames")


def renamed(document: Mapping[str, Any], name: Naming) -> dict[str, Any]:
    """Return a registration with other names of types, attributes and the source's properties.

    What has not the form that it should have stays as it is; reading it says so.
    """
    out: dict[str, Any] = {}
    for key, value in document.items():
        if key == "information" and isinstance(value, list):
            out[key] = [_information(part, name) for part in value]
        elif key in KNOWN or key in READ_ONLY:
            out[key] = value
        else:
            out[name(key)] = value
    return out


def _information(part: Any, name: Naming) -> Any:
    if not isinstance(part, dict):
        return part
    out = dict(part)
    for key in _LISTS:
        if key in part:
            out[key] = _each(part[key], name)
    if isinstance(part.get("entities"), list):
        out["entities"] = [
            {**one, "type": _each(one["type"], name)}
            if isinstance(one, dict) and "type" in one
            else one
            for one in part["entities"]
        ]
    return out


def _each(value: Any, name: Naming) -> Any:
    if isinstance(value, list):
        return [name(one) if isinstance(one, str) else one for one in value]
    return name(value) if isinstance(value, str) else value
