"""A ballot: encrypted on the voter's device, checked by everybody, opened by nobody.

`encrypt` seals; then the voter has it cast, or has it spoiled to see that the device sealed
what was meant (Benaloh 2006), and seals anew. `check_ballot` says whether a ballot may count.
"""

from collections.abc import Iterator, Sequence
from typing import Annotated

from coincurve import PrivateKey, PublicKeyXOnly
from msgspec import Meta, Struct, structs

from hapgang.core.errors import Invalid
from hapgang.ledger.ballots.canonical import fingerprint
from hapgang.ledger.ballots.choices import values_of
from hapgang.ledger.ballots.group import (
    Multiples,
    Point,
    Secret,
    hidden_base,
    hidden_sum,
    hidden_times,
    multiples_of,
    plus,
    point,
    secrets_of,
    shown,
    small,
    times,
    unhex,
)
from hapgang.ledger.ballots.poll import Poll, Ready, Shape, ready
from hapgang.ledger.ballots.proofs import Branch, Words, holds, prove, values
from hapgang.ledger.ballots.tokens import check_token, token_message

MOST_REVISION = 1_000_000


class WrongBallot(Invalid):
    """A ballot that may not count; the message says why."""


class Cell(Struct, frozen=True, forbid_unknown_fields=True):
    """One encrypted number and the proof that it is within its range."""

    alpha: str
    beta: str
    proof: Annotated[tuple[Branch, ...], Meta(max_length=21)]


class Answers(Struct, frozen=True, forbid_unknown_fields=True):
    """One contest: its cells, slack last, and a proof for each sum."""

    cells: Annotated[tuple[Cell, ...], Meta(max_length=3000)]
    limits: Annotated[tuple[Branch, ...], Meta(max_length=500)]


class Ballot(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="ballot"):
    """A ballot as the board shows it. A later `revision` of the same pseudonym replaces it."""

    id: str
    poll: str
    pseudonym: str
    revision: int
    token: str
    contests: tuple[Answers, ...]
    signature: str = ""


class Strike(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="strike"):
    """A pseudonym that counts no more, by its own wish: its person votes on paper."""

    id: str
    poll: str
    pseudonym: str
    revision: int
    token: str
    signature: str = ""


Entry = Ballot | Strike


class Opening(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="opening"):
    """What a device tells of a ballot that is spoiled: each cell's number and nonce."""

    seal: str
    cells: tuple[tuple[tuple[int, str], ...], ...]


class Voter(Struct, frozen=True):
    """What a voter keeps for one poll: a key just made, and the token for it."""

    secret: Secret
    token: str

    @property
    def pseudonym(self) -> str:
        """The public key, x only (BIP 340)."""
        return pseudonym_of(self.secret)


def pseudonym_of(secret: Secret) -> str:
    """Return the pseudonym of a voter's key."""
    return PrivateKey(secret).public_key_xonly.format().hex()


def seal_of(entry: Entry) -> str:
    """Return the SHA-256 that a signature signs: of the entry without it."""
    return fingerprint(structs.replace(entry, signature=""))


def encrypt(
    poll: Poll, choices: Sequence[Sequence[int]], voter: Voter, revision: int, seed: bytes
) -> tuple[Ballot, Opening]:
    """Seal choices. The ballot is not signed yet; its opening stays on the device unless spoiled.

    choices: for each contest, a number for each option, or for ranks the options' numbers by
    place. seed: 32 bytes of chance, in secret; all nonces come from it and from what is sealed.
    """
    known = ready(poll)
    name = voter.pseudonym
    drawn = secrets_of(seed, "hapgang/encrypt/1", known.fingerprint, name, revision, choices)
    if len(choices) != len(poll.contests):
        raise WrongBallot("each contest needs an answer", "모든 문항에 답해야 합니다")
    sealed, opened = [], []
    for number, (contest, chosen) in enumerate(zip(poll.contests, choices, strict=True)):
        numbers = values_of(contest, chosen)
        nonces = [next(drawn) for _ in numbers]
        words = ("hapgang/ballot/1", known.fingerprint, name, number)
        sealed.append(_answers(known, known.shapes[number], words, numbers, nonces, drawn))
        opened.append(tuple((v, r.hex()) for v, r in zip(numbers, nonces, strict=True)))
    identity = f"{poll.id}/{name}/{revision}"
    ballot = Ballot(identity, known.fingerprint, name, revision, voter.token, tuple(sealed))
    return ballot, Opening(seal_of(ballot), tuple(opened))


def _answers(
    known: Ready, form: Shape, words: Words, numbers: list[int], nonces: list[Secret],
    drawn: Iterator[Secret],
) -> Answers:  # fmt: skip
    cells = []
    for cell, (value, nonce) in enumerate(zip(numbers, nonces, strict=True)):
        alpha, beta = _sealed(known.key, value, nonce)
        about = (*words, "cell", cell, shown(alpha), shown(beta))
        pair = alpha, values(beta, form.tops[cell])
        cells.append(
            Cell(shown(alpha), shown(beta), prove(about, known.key, pair, value, nonce, drawn))
        )
    limits = []
    points = [(point(cell.alpha), point(cell.beta)) for cell in cells]
    for limit, (weights, most) in enumerate(form.equalities):
        alpha, beta = weighed(weights, points)
        about = (*words, "limit", limit, shown(alpha), shown(beta))
        secret = hidden_sum([(weight, nonces[cell]) for cell, weight in weights])
        pair = alpha, values(beta, most, bottom=most)
        limits.append(prove(about, known.key, pair, 0, secret, drawn)[0])
    return Answers(tuple(cells), tuple(limits))


def _sealed(key: Point, value: int, nonce: Secret) -> tuple[Point, Point]:
    """Encrypt: (ρG, ρK + vG)."""
    return hidden_base(nonce), plus([hidden_times(key, nonce), small(value)])


def weighed(
    weights: Sequence[tuple[int, int]], points: Sequence[tuple[Point, Point]]
) -> tuple[Point, Point]:
    """Return the weighted sum of ciphertexts."""
    chosen = [(weight, points[cell]) for cell, weight in weights]
    return (
        plus([alpha if weight == 1 else times(alpha, weight) for weight, (alpha, _) in chosen]),
        plus([beta if weight == 1 else times(beta, weight) for weight, (_, beta) in chosen]),
    )


def sign(entry: Ballot, secret: Secret, aux: bytes) -> Ballot:
    """Cast: sign a sealed ballot with the pseudonym's key (BIP 340). `aux`: 32 bytes of chance."""
    signature = PrivateKey(secret).sign_schnorr(bytes.fromhex(seal_of(entry)), aux)
    return structs.replace(entry, signature=signature.hex())


def strike(poll: Poll, voter: Voter, revision: int, aux: bytes) -> Strike:
    """Take a pseudonym out of the count, by its own key."""
    identity = f"{poll.id}/{voter.pseudonym}/{revision}"
    made = Strike(identity, ready(poll).fingerprint, voter.pseudonym, revision, voter.token)
    signature = PrivateKey(voter.secret).sign_schnorr(bytes.fromhex(seal_of(made)), aux)
    return structs.replace(made, signature=signature.hex())


def check_ballot(poll: Poll, entry: Entry) -> None:
    """Raise `WrongBallot` with the reason unless an entry is whole, entitled, signed and proven.

    Whether it may follow what the board has of the same pseudonym: `board.check_next`.
    """
    try:
        _check_name(poll, ready(poll), entry)
        if isinstance(entry, Ballot):
            _check_contests(ready(poll), entry)
    except WrongBallot:
        raise
    except Invalid as error:
        raise WrongBallot(error.message.en, error.message.ko) from None


def _check_contests(known: Ready, ballot: Ballot) -> None:
    if len(ballot.contests) != len(known.shapes):
        raise WrongBallot(
            "it does not answer this poll's contests", "이 투표의 문항과 맞지 않습니다"
        )
    key = multiples_of(shown(known.key))
    for number, (form, answers) in enumerate(zip(known.shapes, ballot.contests, strict=True)):
        words = ("hapgang/ballot/1", known.fingerprint, ballot.pseudonym, number)
        _check_answers(key, form, words, answers)


def _check_name(poll: Poll, known: Ready, entry: Entry) -> None:
    if entry.poll != known.fingerprint:
        raise WrongBallot("it is of another poll", "다른 투표의 것입니다")
    unhex(entry.pseudonym, 32)
    right = 1 <= entry.revision <= MOST_REVISION
    if not right or entry.id != f"{poll.id}/{entry.pseudonym}/{entry.revision}":
        raise WrongBallot("its id is not its pseudonym and revision", "id가 가명·차수와 다릅니다")
    check_token(known.issuer, token_message(known.fingerprint, entry.pseudonym), entry.token)
    try:
        key = PublicKeyXOnly(bytes.fromhex(entry.pseudonym))
    except ValueError:
        raise WrongBallot("its pseudonym is no key", "가명이 올바른 키가 아닙니다") from None
    if not key.verify(unhex(entry.signature, 64), bytes.fromhex(seal_of(entry))):
        raise WrongBallot("its signature is wrong", "서명이 올바르지 않습니다")


def _check_answers(key: Multiples, form: Shape, words: Words, answers: Answers) -> None:
    if len(answers.cells) != len(form.tops) or len(answers.limits) != len(form.equalities):
        raise WrongBallot("it has too few or too many cells", "칸의 수가 맞지 않습니다")
    points = [(point(cell.alpha), point(cell.beta)) for cell in answers.cells]
    for cell, (alpha, beta) in enumerate(points):
        sealed = answers.cells[cell]
        about = (*words, "cell", cell, sealed.alpha, sealed.beta)
        if not holds(about, key, (alpha, values(beta, form.tops[cell])), sealed.proof):
            raise WrongBallot(
                f"cell {cell} of contest {words[-1]} is not proven to be in its range",
                f"{words[-1]}번 문항의 {cell}번 칸이 범위 안임이 증명되지 않았습니다",
            )
    for limit, (weights, most) in enumerate(form.equalities):
        total = weighed(weights, points)
        about = (*words, "limit", limit, shown(total[0]), shown(total[1]))
        pair = total[0], values(total[1], most, bottom=most)
        if not holds(about, key, pair, [answers.limits[limit]]):
            raise WrongBallot(
                f"limit {limit} of contest {words[-1]} is not proven to be kept",
                f"{words[-1]}번 문항의 {limit}번 한도를 지켰음이 증명되지 않았습니다",
            )


def check_spoiled(poll: Poll, ballot: Ballot, opening: Opening) -> list[list[int]]:
    """Return what a spoiled ballot holds, for the voter to compare; raise if it was not sealed so.

    To be run on another device than the one that sealed it.
    """
    known = ready(poll)
    right = ballot.poll == known.fingerprint and opening.seal == seal_of(ballot)
    found = []
    for form, answers, told in zip(known.shapes, ballot.contests, opening.cells, strict=False):
        right = right and len(answers.cells) == len(told) == len(form.tops)
        for cell, (value, nonce) in zip(answers.cells, told, strict=False):
            alpha, beta = _sealed(known.key, value, unhex(nonce, 32))
            right = right and (shown(alpha), shown(beta)) == (cell.alpha, cell.beta)
        found.append([value for value, _ in told[: form.counted]])
    if not right or len(found) != len(known.shapes):
        raise WrongBallot("the device sealed something else", "기기가 다른 내용을 암호화했습니다")
    return found
