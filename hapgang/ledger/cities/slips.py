"""What a traveller takes along: a fact of the home city's log that names nobody.

The payee is a code that the other city drew for the traveller and keeps under their name. It says
nothing to anybody else, the home city with them.
"""

from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from hapgang.core.clock import Instant
from hapgang.ledger.cities.proving import NotProven, Proven
from hapgang.ledger.cities.terms import Origin, Won
from hapgang.ledger.log.leaves import instant

SLIP = "slip"  # the kind of fact
Code = Annotated[str, Meta(pattern=r"\A[0-9a-f]{32}\Z")]


class Slip(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """So much was paid to another city's clearing account, for whom it knows by a code."""

    kind: str
    id: str
    at: Instant
    home: Origin
    there: Origin
    agreement: str
    amount_won: Won
    payee: Code
    until: Instant


def slip_body(
    *, home: str, there: str, agreement: str, amount_won: int, payee: str, until: datetime
) -> dict[str, Any]:
    """Return what the home city's log says, beside kind, id and instant."""
    return {
        "home": home, "there": there, "agreement": agreement, "amount_won": amount_won,
        "payee": payee, "until": instant(until),
    }  # fmt: skip


def slip_in(found: Proven, home: str, there: str) -> Slip:
    """Return the slip that a receipt proves; `NotProven` where it is none, or for elsewhere."""
    try:
        slip = msgspec.convert(found.fact, Slip)
    except msgspec.ValidationError as wrong:
        raise NotProven(
            f"this is no slip: {wrong}", "다른 도시로 보낸 돈의 증명이 아닙니다"
        ) from None
    if slip.kind != SLIP or slip.home != home or slip.there != there:
        raise NotProven(
            f"this slip is from {slip.home} to {slip.there}",
            f"{slip.home}에서 {slip.there}(으)로 보낸 돈의 증명입니다",
        )
    return slip


def name_of(home: str, slip: str) -> str:
    """Return what a slip is called in the other city's book, where it counts once for ever."""
    return sha256(f"{home}\0{slip}".encode()).hexdigest()[:32]
