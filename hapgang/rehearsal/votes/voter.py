"""One voter's device: a blinded token, a sealed ballot, and the receipt for it."""

import hashlib
from collections.abc import Sequence

from hapgang.contract import Caller
from hapgang.ledger.ballots.ballot import Ballot, Voter, check_ballot, encrypt, pseudonym_of, sign
from hapgang.ledger.ballots.canonical import fingerprint
from hapgang.ledger.ballots.group import secrets_of
from hapgang.ledger.ballots.poll import Poll, ready
from hapgang.ledger.ballots.tokens import SALT_BYTES, blind, blind_sign, finish, token_message
from hapgang.rehearsal.votes.door import drawn, enter
from hapgang.rehearsal.votes.issuer import issuer_key
from hapgang.rehearsal.votes.trustees import ANYBODY
from hapgang.runtime.perform import Runtime
from hapgang.runtime.platform.votes.casting import (
    answered_token,
    check_place,
    put_on_board,
    take_token,
)


def cast(
    runtime: Runtime, poll: Poll, caller: Caller, choices: Sequence[Sequence[int]], seed: int
) -> Ballot:
    """Take the right to vote and use it; return the ballot as the board has it.

    Raises a `CityError` where the poll is closed, or the right was taken before.
    """
    mine = seed, poll.id, caller.id
    secret = next(secrets_of(drawn(*mine, "voter"), "hapgang/rehearsal/voter"))
    message = token_message(ready(poll).fingerprint, pseudonym_of(secret))
    key = issuer_key()
    salt = (drawn(*mine, "salt") * 2)[:SALT_BYTES]
    factor, mask = (int.from_bytes(drawn(*mine, what) * 2, "big") | 1 for what in ("blind", "mask"))
    hidden = blind(key.public_key(), message, salt=salt, factor=factor)
    sha256 = hashlib.sha256(hidden.message.hex().encode()).hexdigest()
    enter(runtime, answered_token, caller, poll=poll.id, blinded_sha256=sha256)
    signed = blind_sign(key, hidden.message, mask=mask)
    enter(runtime, take_token, caller, poll=poll.id, blinded_sha256=sha256, signed=signed.hex())
    voter = Voter(secret, finish(key.public_key(), message, signed, hidden.inverse))
    sealed, _ = encrypt(poll, choices, voter, 1, drawn(*mine, "seal"))
    ballot = sign(sealed, secret, drawn(*mine, "sign"))
    place = {"pseudonym": ballot.pseudonym, "revision": 1, "sha256": fingerprint(ballot)}
    enter(runtime, check_place, ANYBODY, poll=poll.id, **place)
    check_ballot(poll, ballot)
    enter(runtime, put_on_board, ANYBODY, poll=poll.id, entry=ballot)
    return ballot
