"""The count: sums under encryption, shares of t trustees, and the numbers that come out.

Nothing but the sums is ever decrypted.
"""

from collections.abc import Iterator, Sequence
from math import isqrt
from typing import NamedTuple

from msgspec import Struct

from hapgang.core.errors import Conflict, Invalid
from hapgang.ledger.ballots.ballot import Ballot
from hapgang.ledger.ballots.group import (
    Point,
    Secret,
    hidden_base,
    hidden_times,
    minus,
    plus,
    point,
    secrets_of,
    shown,
    small,
    times,
)
from hapgang.ledger.ballots.poll import Poll, ready
from hapgang.ledger.ballots.proofs import Branch, Words, holds, prove
from hapgang.ledger.ballots.trustees import WrongShare, lagrange

Sums = tuple[tuple[tuple[Point, Point], ...], ...]
"""For each contest, for each counted cell, the sum of all ballots' ciphertexts."""


class Part(Struct, frozen=True, forbid_unknown_fields=True):
    """A trustee's share of one sum's decryption, and the proof that it is right."""

    share: str
    proof: Branch


class Share(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="share"):
    """All that one trustee has to say about one board."""

    id: str
    poll: str
    board: str
    trustee: int
    contests: tuple[tuple[Part, ...], ...]


class Result(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="result"):
    """What came out: for each contest a number for each cell, paper ballots in it."""

    id: str
    poll: str
    board: str
    ballots: int
    paper: int
    counts: tuple[tuple[int, ...], ...]


class Combined(NamedTuple):
    """What the encrypted ballots sum to, which shares were used, and who gave a wrong one."""

    counts: tuple[tuple[int, ...], ...]
    used: tuple[Share, ...]
    wrong: tuple[int, ...]


class TooFew(Conflict):
    """There are too few ballots to decrypt, or too few right shares."""


def tally(poll: Poll, ballots: Sequence[Ballot]) -> Sums:
    """Add up ballots that count, without opening any."""
    return tuple(
        tuple(
            (
                plus([point(ballot.contests[number].cells[cell].alpha) for ballot in ballots]),
                plus([point(ballot.contests[number].cells[cell].beta) for ballot in ballots]),
            )
            for cell in range(form.counted)
        )
        for number, form in enumerate(ready(poll).shapes)
    )


def partial_decrypt(
    poll: Poll, board: str, ballots: Sequence[Ballot], trustee: int, secret: Secret, seed: bytes
) -> Share:
    """Give one trustee's share for a board that this trustee has checked (`board.check_board`).

    board: its fingerprint. ballots: those of it that count. secret: the trustee's share of the key.
    seed: 32 bytes of chance. Refuses to open sums of fewer ballots than the poll allows.
    A trustee does this once for a poll, for the board whose close is in the log: two boards that
    differ by one ballot would tell that ballot.
    """
    if len(ballots) < poll.fewest:
        raise TooFew(
            f"sums of fewer than {poll.fewest} ballots are not decrypted",
            f"{poll.fewest}표 미만의 합계는 복호화하지 않습니다",
        )
    known = ready(poll)
    if shown(hidden_base(secret)) != shown(known.shares[trustee - 1]):
        raise WrongShare("this is not the trustee's key", "이 수탁자의 키가 아닙니다")
    seals = [[cell.alpha for each in ballot.contests for cell in each.cells] for ballot in ballots]
    drawn = secrets_of(seed, "hapgang/decrypt/1", known.fingerprint, board, trustee, seals)
    own = known.shares[trustee - 1]
    contests = []
    for number, row in enumerate(tally(poll, ballots)):
        parts = []
        for cell, (alpha, _) in enumerate(row):
            share = hidden_times(alpha, secret)
            words = _words(known.fingerprint, board, trustee, number, cell, alpha, share)
            parts.append(
                Part(shown(share), prove(words, alpha, (own, [share]), 0, secret, drawn)[0])
            )
        contests.append(tuple(parts))
    identity = f"{poll.id}/share/{trustee}"
    return Share(identity, known.fingerprint, board, trustee, tuple(contests))


def _words(
    poll: str, board: str, trustee: int, number: int, cell: int, alpha: Point, share: Point
) -> Words:
    return "hapgang/share/1", poll, board, trustee, number, cell, shown(alpha), shown(share)


def check_share(poll: Poll, board: str, sums: Sums, share: Share) -> list[list[Point]]:
    """Return a share's points; raise `WrongShare` with the trustee's name unless all are proven."""
    try:
        if (found := _shares(poll, board, sums, share)) is not None:
            return found
    except Invalid:
        pass
    raise WrongShare(
        f"the share of trustee {share.trustee} is wrong",
        f"수탁자 {share.trustee}의 복호화 몫이 올바르지 않습니다", trustee=share.trustee,
    )  # fmt: skip


def _shares(poll: Poll, board: str, sums: Sums, share: Share) -> list[list[Point]] | None:
    known = ready(poll)
    right = (share.poll, share.board) == (known.fingerprint, board)
    right = right and share.id == f"{poll.id}/share/{share.trustee}"
    right = right and 1 <= share.trustee <= len(poll.trustees)
    if not right or [len(row) for row in share.contests] != [len(row) for row in sums]:
        return None
    own = known.shares[share.trustee - 1]
    found: list[list[Point]] = []
    for number, row in enumerate(share.contests):
        found.append([])
        for cell, part in enumerate(row):
            alpha = sums[number][cell][0]
            given = None if part.share == "00" else point(part.share)
            words = _words(known.fingerprint, board, share.trustee, number, cell, alpha, given)
            if not holds(words, alpha, (own, [given]), [part.proof]):
                return None
            found[-1].append(given)
    return found


def combine(poll: Poll, board: str, ballots: Sequence[Ballot], shares: Sequence[Share]) -> Combined:
    """Open the sums with the first `threshold` right shares; name who gave wrong ones."""
    sums = tally(poll, ballots)
    right: dict[int, tuple[Share, list[list[Point]]]] = {}
    wrong = set()
    for share in shares:
        try:
            right[share.trustee] = share, check_share(poll, board, sums, share)
        except WrongShare:
            wrong.add(share.trustee)
    if len(right) < poll.threshold:
        raise TooFew(
            f"{len(right)} of {poll.threshold} shares are there; wrong: {sorted(wrong)}",
            f"{poll.threshold}개 중 {len(right)}개의 몫이 있습니다. 잘못된 몫: {sorted(wrong)}",
        )
    chosen = sorted(right)[: poll.threshold]
    factors = {index: lagrange(index, chosen) for index in chosen}
    counts = []
    for number, row in enumerate(sums):
        steps = Steps(len(ballots) * poll.contests[number].top)
        opened = []
        for cell, (_, beta) in enumerate(row):
            mask = plus([times(right[index][1][number][cell], factors[index]) for index in chosen])
            opened.append(steps.log(minus(beta, mask)))
        counts.append(tuple(opened))
    return Combined(
        tuple(counts), tuple(right[index][0] for index in sorted(right)), tuple(sorted(wrong))
    )


def result(
    poll: Poll, board: str, counts: Sequence[Sequence[int]], ballots: int,
    paper: Sequence[Sequence[int]], paper_ballots: int,
) -> Result:  # fmt: skip
    """Join what encrypted and paper ballots sum to."""
    total = tuple(
        tuple(a + b for a, b in zip(left, right, strict=True))
        for left, right in zip(counts, paper, strict=True)
    )
    known = ready(poll).fingerprint
    return Result(f"{poll.id}/result", known, board, ballots, paper_ballots, total)


class Steps:
    """Numbers out of points, up to a bound: Shanks's baby steps and giant steps.

    Keeps √bound points, and takes as many additions at most for one number.
    """

    def __init__(self, most: int) -> None:
        """Make the baby steps for numbers 0 .. most."""
        self._most = most
        self._width = isqrt(most) + 1
        self._baby = {shown(each): step for step, each in enumerate(_steps(self._width))}

    def log(self, target: Point) -> int:
        """Return v of vG; raise when it is none of 0 .. most."""
        back = times(small(1), -self._width)
        for giant in range(self._most // self._width + 1):
            found = self._baby.get(shown(target))
            if found is not None and giant * self._width + found <= self._most:
                return giant * self._width + found
            target = plus([target, back])
        raise Invalid("a sum is out of its range", "합계가 범위를 벗어났습니다")


def _steps(count: int) -> Iterator[Point]:
    current: Point = None
    for _ in range(count):
        yield current
        current = plus([current, small(1)])
