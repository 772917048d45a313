"""From what somebody shows to what the city may take for granted about them, and until when."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from hapgang.core.errors import Invalid
from hapgang.ledger.identity import status
from hapgang.ledger.identity.credentials import DELEGATION
from hapgang.ledger.identity.dcql import AskedCredential, Choice, Query, answers
from hapgang.ledger.identity.delegation import Power, power
from hapgang.ledger.identity.did import key_did
from hapgang.ledger.identity.jose import Json, NotProven
from hapgang.ledger.identity.sdjwt import Asked, KeyOf, Shown, present, verify

LONGEST_S = 3_600
"""How long what was proven counts, at most: a status is looked at again after that (assumption)."""


class Proven(msgspec.Struct, frozen=True):
    """What is proven of somebody: `subject` is the did:key of the key that they hold.

    attributes: by the asked credential's id and path, as in `adult.age_equal_or_over.18`, so that
    two of one kind are never mixed; only what was asked for.
    until_s: when it has to be proven again, seconds of POSIX.
    """

    subject: str
    attributes: Mapping[str, Any]
    until_s: int
    powers: tuple[Power, ...] = ()


class Trust(msgspec.Struct, frozen=True):
    """Whom a city believes about what, and how it looks up their keys and status lists.

    looks_at: sees each credential that was checked, by the id that it was asked for as, and refuses
    what else it knows to be wrong.
    """

    issuers: Mapping[str, Sequence[str]]  # by vct
    key_of: KeyOf
    status_of: Callable[[str], str]
    looks_at: Callable[[str, Shown], None] | None = None


def answer(
    choices: Mapping[str, Choice],
    held: Mapping[str, str],
    key: Json,
    asked: Asked,
    now_s: int,
) -> dict[str, list[str]]:
    """Return the `vp_token` of a wallet: for each that was asked for, what it shows of which."""
    return {
        name: [present(held[choice.held], choice.told, key, asked, now_s)]
        for name, choice in choices.items()
    }


def prove(query: Query, shown: object, trust: Trust, asked: Asked, now_s: int) -> Proven:
    """Return what a `vp_token` proves; `NotProven` unless it answers the query in full.

    Everything is checked: who issued it and may, signatures, times, binding to this question, one
    holder for all, status by a fresh list, and that each asked claim is there with its value.
    """
    tokens = _tokens(query, shown)
    checked = {
        asked_for.id: _checked(asked_for, tokens[asked_for.id], trust, asked, now_s)
        for asked_for in query.credentials
        if asked_for.id in tokens
    }
    if not any(all(name in checked for name in names) for names in query.combinations()):
        raise NotProven("not all that was asked for is shown", "요청한 것이 다 보이지 않습니다")
    holders = {key_did(each.holder) for each in checked.values() if each.holder is not None}
    if len(holders) != 1:
        raise NotProven("it is of more people than one", "한 사람의 것이 아닙니다")
    attributes: dict[str, Any] = {}
    for asked_for in query.credentials:
        if asked_for.id in checked:
            attributes |= _attributes(asked_for, checked[asked_for.id])
    ends = [each.claims["exp"] for each in checked.values() if "exp" in each.claims]
    until_s = int(min([now_s + LONGEST_S, *ends]))
    delegated = [each for each in checked.values() if each.vct == DELEGATION.vct]
    powers = tuple(power([each], now_s) for each in delegated)
    return Proven(holders.pop(), attributes, until_s, powers)


def _tokens(query: Query, shown: object) -> dict[str, str]:
    known = {each.id for each in query.credentials}  # asked for membership only
    if not isinstance(shown, dict) or not all(name in known for name in shown):
        raise Invalid("a `vp_token` has what was asked for", "vp_token이 요청과 다릅니다")
    tokens: dict[str, str] = {}
    for name, listed in shown.items():
        if not isinstance(listed, list) or len(listed) != 1 or not isinstance(listed[0], str):
            raise Invalid("each is shown once", "하나씩 보여 주어야 합니다")
        tokens[name] = listed[0]
    return tokens


def _checked(
    asked_for: AskedCredential, token: str, trust: Trust, asked: Asked, now_s: int
) -> Shown:
    shown = verify(token, trust.key_of, now_s, asked)
    if shown.vct not in asked_for.vcts or shown.issuer not in trust.issuers.get(shown.vct, ()):
        raise NotProven(
            f"{shown.issuer} is not trusted for this", f"{shown.issuer}는 이것을 증명할 수 없습니다"
        )
    status.check(shown.claims, shown.issuer, trust.status_of, trust.key_of, now_s)
    if _option(asked_for, shown) is None:
        raise NotProven("not all that was asked for is shown", "요청한 것이 다 보이지 않습니다")
    if trust.looks_at is not None:
        trust.looks_at(asked_for.id, shown)
    return shown


def _option(asked_for: AskedCredential, shown: Shown) -> dict[str, Any] | None:
    """Return the values of the first option that is answered."""
    for option in asked_for.options:
        values = [answers(claim, shown.claims) for claim in option]
        if all(values):
            return {
                ".".join([asked_for.id, *(str(step) for step in path)]): value
                for each in values
                for path, value in each
            }
    return None


def _attributes(asked_for: AskedCredential, shown: Shown) -> dict[str, Any]:
    return _option(asked_for, shown) or {}
