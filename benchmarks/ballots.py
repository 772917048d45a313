"""Ballots of ten options: accepted by a city, checked by themselves, all of them counted again.

Beside the rates stands what they cost in processor time, which other work on the machine changes
less. `DIFFERENT` ballots are real and differ; the board of 20,000 shows each of them many times,
which is the same work, since nothing of one check is kept for the next.
"""

import os
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256
from multiprocessing import get_context

import msgspec
from cryptography.hazmat.primitives.asymmetric import rsa

from benchmarks import ledger_votes
from benchmarks.report import Result, load_average, repeated, throughput
from hapgang.core.text import Text
from hapgang.ledger.ballots import tokens
from hapgang.ledger.ballots.ballot import (
    Ballot,
    Voter,
    check_ballot,
    encrypt,
    pseudonym_of,
    sign,
)
from hapgang.ledger.ballots.board import board_fingerprint, faults
from hapgang.ledger.ballots.canonical import canonical, fingerprint
from hapgang.ledger.ballots.poll import EXPONENT, LABEL, Contest, Option, Poll, ready
from hapgang.ledger.ballots.tally import combine, partial_decrypt
from hapgang.ledger.ballots.trustees import deal, joint_key, part_for, share_of

DIFFERENT, BOARD, OPTIONS, CHUNK, RUNS = 400, 20_000, 10, 50, 3
ACCEPT_GOAL_PER_S, RECOUNT_GOAL_S = 200.0, 120.0
_WORDS = Text("ten", "열")


def run() -> list[Result]:
    """Measure all of it."""
    poll, shares, issuer = _poll()
    started = time.perf_counter()
    ballots = [_ballot(poll, issuer, number) for number in range(DIFFERENT)]
    made_ms = (time.perf_counter() - started) / DIFFERENT * 1000
    texts = [canonical(ballot) for ballot in ballots]
    cores = os.cpu_count() or 1
    one = repeated(lambda: 200 / accept(poll, texts[:200]), RUNS)
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:
        list(pool.map(accept, [poll] * cores, [texts[:1]] * cores))
        parts = [texts[at : at + CHUNK] for at in range(0, DIFFERENT, CHUNK)]
        both = repeated(
            lambda: _per_s(lambda: list(pool.map(accept, [poll] * len(parts), parts)), DIFFERENT),
            RUNS,
        )
        recount_s, processor_s = _recount_s(pool, poll, ballots, shares)
    note = f"{len(texts[0])} bytes each"
    return [
        *ledger_votes.run(),
        throughput(
            "ledger.ballots_checked_per_s", both, goal=ACCEPT_GOAL_PER_S,
            note=f"nothing but every proof, {cores} processes; {note}",
        ),
        throughput("ledger.ballots_per_processor_s", one, note="for a second of one core's time"),
        Result(
            name="ledger.ballots_recount_s", value=round(recount_s, 1), unit="s",
            goal=RECOUNT_GOAL_S,
            note=f"at most; {BOARD:,} ballots checked, summed, opened by 3 of 5; "
            f"{processor_s:.0f} s of processor time; {load_average()}",
        ),
        Result(
            name="ledger.ballot_made_ms", value=round(made_ms, 1), unit="ms",
            note="token asked, signed and unblinded, ballot sealed and signed",
        ),
    ]  # fmt: skip


def accept(poll: Poll, texts: list[bytes]) -> float:
    """Do what a city does with ballots that come in, but for the disk; return processor seconds."""
    started = time.process_time()
    for text in texts:
        ballot = msgspec.json.decode(text, type=Ballot)
        check_ballot(poll, ballot)
        fingerprint(ballot)
    return time.process_time() - started


def check(poll: Poll, board: list[Ballot]) -> float:
    """Check a part of a board as it lies there; return processor seconds."""
    started = time.process_time()
    assert not any(faults(poll, board))
    return time.process_time() - started


def _recount_s(
    pool: ProcessPoolExecutor, poll: Poll, ballots: list[Ballot], shares: dict[int, bytes]
) -> tuple[float, float]:
    """Return how long a board takes from the first proof to the numbers, and processor seconds."""
    board = (ballots * (BOARD // DIFFERENT + 1))[:BOARD]
    made = board_fingerprint(board)
    given = [
        partial_decrypt(poll, made, board, each, shares[each], _chance(each)) for each in shares
    ]
    started, own_s = time.perf_counter(), time.process_time()
    parts = [board[at : at + CHUNK] for at in range(0, BOARD, CHUNK)]
    checked_s = sum(pool.map(check, [poll] * len(parts), parts))
    assert board_fingerprint(board) == made
    counts = combine(poll, made, board, given[:3]).counts
    took_s, own_s = time.perf_counter() - started, time.process_time() - own_s
    assert sum(counts[0]) == BOARD
    return took_s, checked_s + own_s


def _per_s(work: Callable[[], object], count: int) -> float:
    started = time.perf_counter()
    work()
    return count / (time.perf_counter() - started)


def _chance(*words: object) -> bytes:
    return sha256(repr(words).encode()).digest()


def _poll() -> tuple[Poll, dict[int, bytes], rsa.RSAPrivateKey]:
    issuer = rsa.generate_private_key(EXPONENT, 2048)
    dealers = [deal("bench", index, _WORDS, 3, _chance(index)) for index in range(1, 6)]
    shares = {index: share_of([part_for(each, index) for each in dealers]) for index in range(1, 6)}
    options = tuple(Option(f"o{number}", _WORDS) for number in range(OPTIONS))
    public = tuple(each.public for each in dealers)
    poll = Poll(
        id="bench", title=_WORDS, label=LABEL, opens="", closes="", threshold=3, fewest=1,
        contests=(Contest("one", _WORDS, "choose", options, 1, 1, 1),), trustees=public,
        key=joint_key(public), issuer=tokens.modulus(issuer.public_key()),
    )  # fmt: skip
    return poll, shares, issuer


def _ballot(poll: Poll, issuer: rsa.RSAPrivateKey, number: int) -> Ballot:
    secret, factor = _chance("voter", number), int.from_bytes(_chance("factor", number), "big")
    message = tokens.token_message(ready(poll).fingerprint, pseudonym_of(secret))
    public = issuer.public_key()
    blinded = tokens.blind(public, message, salt=(_chance(number) * 2)[:48], factor=factor)
    signed = tokens.blind_sign(issuer, blinded.message, mask=factor + 1)
    voter = Voter(secret, tokens.finish(public, message, signed, blinded.inverse))
    choice = [int(option == number % OPTIONS) for option in range(OPTIONS)]
    return sign(
        encrypt(poll, [choice], voter, 1, _chance("seal", number))[0], secret, _chance(number)
    )
