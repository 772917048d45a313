"""The names in a subscription: a client's ↔ the hub's (clause 5.5.7).

In `q` the client's own words stay, beside what each of them means: not every name of the hub can be
written in the query language.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from hapgang.hub.qlang import parse

Naming = Callable[[str], str]
_TYPE = re.compile(r"[^\s,;|(){}]+")
_MEMBER = re.compile(r"[^\s,;{}]+")
_IN_QUERY = re.compile(r"\"(?:[^\"\\]|\\.)*\"|[^\s;|()=!<>\"~,.\[\]{}]+")
_LISTS = ("watchedAttributes",)
_MEMBERS = ("attributes", "pick", "omit")


def renamed(document: dict[str, Any], name: Naming) -> dict[str, Any]:
    """Return a subscription with other names everywhere but in `q`; what does not fit stays."""
    out = dict(document)
    if isinstance(out.get("entities"), list):
        out["entities"] = [_selector(one, name) for one in out["entities"]]
    for member in _LISTS:
        if member in out:
            out[member] = _names(out[member], name)
    if isinstance(out.get("geoQ"), dict) and isinstance(out["geoQ"].get("geoproperty"), str):
        out["geoQ"] = {**out["geoQ"], "geoproperty": name(out["geoQ"]["geoproperty"])}
    if isinstance(out.get("notification"), dict):
        told = out["notification"] = dict(out["notification"])
        for member in _MEMBERS:
            if member in told:
                told[member] = _names(told[member], name)
    return out


def query_names(q: str, name: Naming) -> dict[str, str]:
    """Return what the names in a query mean; `Invalid` where it is none."""
    found: dict[str, str] = {}

    def noted(word: str) -> str:
        found[word] = name(word)
        return found[word]

    parse(q, noted)
    return found


def query_outward(q: str, names: Mapping[str, str], name: Naming) -> str:
    """Return a query with a client's names for what it was written with."""

    def written(match: "re.Match[str]") -> str:
        meant = names.get(match[0])
        return match[0] if meant is None else name(meant)

    if all(name(meant) == word for word, meant in names.items()):
        return q
    return _IN_QUERY.sub(written, q)


def _selector(selector: Any, name: Naming) -> Any:
    if not isinstance(selector, dict) or not isinstance(selector.get("type"), str):
        return selector
    said = selector["type"]
    type_ = said if said == "*" else _TYPE.sub(lambda match: name(match[0]), said)
    return {**selector, "type": type_}


def _names(said: Any, name: Naming) -> Any:
    """Return names, each maybe with names of its own inside braces."""
    if not isinstance(said, list):
        return said
    return [
        _MEMBER.sub(lambda match: name(match[0]), one) if isinstance(one, str) else one
        for one in said
    ]
