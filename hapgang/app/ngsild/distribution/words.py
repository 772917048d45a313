"""Entities that are asked for, as parameters and as a body."""

from typing import Any

from hapgang.app.ngsild.distribution.asking import Speech
from hapgang.hub.ngsild.types import Types
from hapgang.hub.registrations.matching import Wanted


def entity_words(wanted: Wanted, speech: Speech) -> dict[str, str]:
    """Return the parameters that name entities."""
    words: dict[str, str] = {}
    if wanted.types is not None:
        words["type"] = types_text(wanted.types, speech)
    if wanted.ids:
        words["id"] = ",".join(wanted.ids)
    if wanted.id_pattern:
        words["idPattern"] = wanted.id_pattern
    return words


def entity_selectors(wanted: Wanted, speech: Speech) -> list[dict[str, Any]]:
    """Return the selectors of a query in a body (clause 5.2.33)."""
    out: dict[str, Any] = {}
    if wanted.types is not None:
        out["type"] = types_text(wanted.types, speech)
    if wanted.ids:
        out["id"] = wanted.ids[0] if len(wanted.ids) == 1 else list(wanted.ids)
    if wanted.id_pattern:
        out["idPattern"] = wanted.id_pattern
    return [out] if out else []


def types_text(types: Types, speech: Speech) -> str:
    """Return a selection of types as it is written (clause 4.17)."""
    outward = speech.asked.context.outward
    return ",".join(
        ";".join(sorted(outward(name) for name in alternative))
        for alternative in types.alternatives
    )
