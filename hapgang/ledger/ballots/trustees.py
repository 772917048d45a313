"""The trustees' key: made by all of them, used by any t, whole in nobody's hands.

Feldman's verifiable secret sharing, dealt by everyone to everyone (Pedersen 1991), with a proof
that each dealer knows what it deals, so that nobody can choose its part by the others' parts. A
dealer who deals wrongly is named by who received it; the ceremony begins anew without that dealer.
"""

from collections.abc import Sequence

from msgspec import Struct

from hapgang.core.errors import Invalid
from hapgang.core.text import Text
from hapgang.ledger.ballots.group import (
    ORDER,
    Point,
    Secret,
    hidden_base,
    hidden_sum,
    plus,
    point,
    secrets_of,
    shown,
    times,
)
from hapgang.ledger.ballots.proofs import Branch, log_holds, prove_log


class WrongShare(Invalid):
    """A dealer or a trustee gave something that is not right; the message names it."""


class Dealing(Struct, frozen=True, forbid_unknown_fields=True):
    """What a dealer shows everybody: who it is, its polynomial in the exponent, its proof."""

    index: int
    name: Text
    commitments: tuple[str, ...]
    proof: Branch


class Dealer(Struct, frozen=True):
    """What a dealer keeps: the polynomial. To be destroyed when all shares are given out."""

    public: Dealing
    coefficients: tuple[Secret, ...]


def deal(poll: str, index: int, name: Text, threshold: int, seed: bytes) -> Dealer:
    """Make a dealer's polynomial of degree threshold - 1, from 32 bytes of chance."""
    drawn = secrets_of(seed, "hapgang/deal/1", poll, index, threshold)
    coefficients = tuple(next(drawn) for _ in range(threshold))
    commitments = tuple(hidden_base(each).format().hex() for each in coefficients)
    proof = prove_log(_words(poll, index, commitments), coefficients[0], next(drawn))
    return Dealer(Dealing(index, name, commitments, proof), coefficients)


def _words(poll: str, index: int, commitments: Sequence[str]) -> tuple[str | int, ...]:
    return "hapgang/dealing/1", poll, index, *commitments


def check_dealing(dealing: Dealing, poll: str, index: int, threshold: int) -> None:
    """Raise `WrongShare` unless a dealing is whole and its dealer knows what it deals."""
    if dealing.index == index and len(dealing.commitments) == threshold:
        first, *_ = [point(each) for each in dealing.commitments]
        if log_holds(_words(poll, index, dealing.commitments), first, dealing.proof):
            return
    raise WrongShare(
        f"the dealing of trustee {index} is wrong", f"수탁자 {index}의 분배가 올바르지 않습니다"
    )


def part_for(dealer: Dealer, receiver: int) -> Secret:
    """Return the dealer's polynomial at `receiver`: for that trustee's eyes only."""
    return hidden_sum(
        [(pow(receiver, power, ORDER), each) for power, each in enumerate(dealer.coefficients)]
    )


def check_part(dealing: Dealing, receiver: int, part: Secret) -> None:
    """Raise `WrongShare`, naming the dealer, unless a received part lies on its polynomial."""
    if shown(hidden_base(part)) != shown(_at(dealing, receiver)):
        raise WrongShare(
            f"trustee {dealing.index} dealt a wrong part to trustee {receiver}",
            f"수탁자 {dealing.index}이(가) 수탁자 {receiver}에게 잘못된 몫을 주었습니다",
            dealer=dealing.index, receiver=receiver,
        )  # fmt: skip


def share_of(parts: Sequence[Secret]) -> Secret:
    """Return a trustee's share of the key: the sum of what all dealers, itself too, gave it."""
    return hidden_sum([(1, part) for part in parts])


def joint_key(dealings: Sequence[Dealing]) -> str:
    """Return the key that ballots are encrypted with."""
    return shown(plus([point(dealing.commitments[0]) for dealing in dealings]))


def public_share(dealings: Sequence[Dealing], receiver: int) -> Point:
    """Return xG for the share x of a trustee, from what everybody has seen."""
    return plus([_at(dealing, receiver) for dealing in dealings])


def _at(dealing: Dealing, receiver: int) -> Point:
    return plus(
        [
            times(point(each), pow(receiver, power, ORDER))
            for power, each in enumerate(dealing.commitments)
        ]
    )


def lagrange(index: int, among: Sequence[int]) -> int:
    """Return by what the share of `index` is multiplied to interpolate at zero."""
    above = below = 1
    for other in among:
        if other != index:
            above = above * other % ORDER
            below = below * (other - index) % ORDER
    return above * pow(below, -1, ORDER) % ORDER
