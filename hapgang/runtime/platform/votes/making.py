"""What a poll will be once its trustees agree; the city and each trustee compose it alike."""

from collections.abc import Sequence
from typing import Any

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from hapgang.core.errors import Refused
from hapgang.core.text import Text
from hapgang.core.vocabulary.votes import Card, Consultation
from hapgang.core.wire import plain as as_json
from hapgang.ledger.ballots.canonical import canonical
from hapgang.ledger.ballots.poll import LABEL, Contest, Poll, shape
from hapgang.ledger.ballots.trustees import Dealing, joint_key

MOST_BALLOT_BYTES = 60_000  # so that a ballot is one fact of the log, which has 65,536
_CELL_BYTES, _BRANCH_BYTES, _BALLOT_BYTES = 180, 140, 2_000


def ballot_bytes(contests: Sequence[Contest]) -> int:
    """Return how many bytes a ballot has at most, as JSON."""
    size = _BALLOT_BYTES
    for contest in contests:
        form = shape(contest)
        size += sum(_CELL_BYTES + _BRANCH_BYTES * (top + 1) for top in form.tops)
        size += _BRANCH_BYTES * len(form.equalities)
    return size


def composed(asked: Consultation, dealings: Sequence[Dealing]) -> Poll:
    """Return the poll of these dealings."""
    return Poll(
        id=asked.name,
        title=asked.title,
        label=LABEL,
        opens=asked.opens_at.isoformat(),
        closes=asked.closes_at.isoformat(),
        contests=msgspec.convert(asked.contests, tuple[Contest, ...]),
        trustees=tuple(dealings),
        threshold=asked.threshold,
        key=joint_key(dealings),
        issuer=asked.issuer,
        fewest=asked.fewest,
    )


def said(poll: str, index: int, step: str, body: object) -> bytes:
    """Return what a trustee signs when it takes a step."""
    return canonical(["hapgang/trustee/1", poll, index, step, body])


def check_said(card: Card, message: bytes, signature: str) -> None:
    """Raise `Refused` unless a trustee signed this."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(card.signing))
        key.verify(bytes.fromhex(signature), message)
    except (ValueError, InvalidSignature):
        raise Refused(
            "This is not signed by that trustee's key.", "해당 수탁자의 서명이 아닙니다."
        ) from None


def part_words(poll: str, dealer: int, receiver: int) -> bytes:
    """Return what a sealed part is bound to."""
    return canonical(["hapgang/part/1", poll, dealer, receiver])


def plain(what: object) -> dict[str, Any]:
    """Return a struct as the JSON that is kept."""
    found = as_json(what)
    assert isinstance(found, dict)
    return found


def named(trustee: int, name: Text) -> Text:
    """Return how a trustee is spoken of."""
    return Text(f"{name.en} (trustee {trustee})", f"{name.ko}(수탁자 {trustee})")
