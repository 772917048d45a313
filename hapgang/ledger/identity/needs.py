"""Attributes as a question: `age.19` or `licence.B`, in DCQL."""

from collections.abc import Sequence

from hapgang.core.errors import Invalid
from hapgang.ledger.identity.credentials import (
    AGE,
    AGES,
    DISABILITY,
    DRIVING_LICENCE,
    MEMBERSHIP,
    RESIDENCY,
    Kind,
)
from hapgang.ledger.identity.dcql import MOST_CREDENTIALS
from hapgang.ledger.identity.jose import Json
from hapgang.ledger.identity.sdjwt import TYP


def query_of(needs: Sequence[str]) -> Json:
    """Return the DCQL query whose answer proves all of some attributes.

    All ages are asked for in one credential, each licence and membership in one of its own.
    """
    if not 0 < len(needs) <= MOST_CREDENTIALS:
        raise Invalid(
            f"it needs 1 to {MOST_CREDENTIALS} attributes",
            f"속성 1~{MOST_CREDENTIALS}개가 필요합니다",
        )
    asked: dict[tuple[str, str], list[Json]] = {}
    for need in dict.fromkeys(needs):
        kind, whose, claims = _claims(need)
        known = asked.setdefault((kind.vct, whose), [])
        known += [claim for claim in claims if claim not in known]
    credentials = [
        {"id": f"n{at}", "format": TYP, "meta": {"vct_values": [vct]}, "claims": claims}
        for at, ((vct, _), claims) in enumerate(asked.items())
    ]
    return {"credentials": credentials}


def ids_of(needs: Sequence[str]) -> dict[str, str]:
    """Return by the id of which asked credential each attribute is proven in `query_of` them."""
    asked = list(dict.fromkeys(_which(need) for need in needs))
    return {need: f"n{asked.index(_which(need))}" for need in needs}


def _which(need: str) -> tuple[str, str]:
    kind, whose, _ = _claims(need)
    return kind.vct, whose


def _claims(need: str) -> tuple[Kind, str, list[Json]]:
    """Return the kind that proves an attribute, of whom if that matters, and the claims."""
    name, _, rest = need.partition(".")
    organisation, _, role = rest.rpartition(".")
    if need == "resident":
        return RESIDENCY, "", [_claim(["resident"], True)]
    if need == "disability":
        return DISABILITY, "", [_claim(["disabled"], True)]
    if name == "age" and rest in {str(age) for age in AGES}:
        return AGE, "", [_claim(["age_equal_or_over", rest], True)]
    if name == "licence" and rest:
        return DRIVING_LICENCE, rest, [_claim(["categories", None], rest)]
    if name == "member" and organisation and role:
        return MEMBERSHIP, rest, [_claim(["organisation"], organisation), _claim(["role"], role)]
    raise Invalid(f"{need[:80]} is no attribute", f"{need[:80]}은(는) 속성이 아닙니다")


def _claim(path: list[str | None], value: object) -> Json:
    return {"path": path, "values": [value]}
