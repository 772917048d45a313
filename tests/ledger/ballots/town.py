"""A small town that votes, from seeds: trustees, an issuer, voters, and whole polls of them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from cryptography.hazmat.primitives.asymmetric import rsa

from hapgang.core.text import Text
from hapgang.ledger.ballots import tokens
from hapgang.ledger.ballots.ballot import Ballot, Strike, Voter, encrypt, pseudonym_of, sign, strike
from hapgang.ledger.ballots.board import Paper, Roll, check_board, close
from hapgang.ledger.ballots.export import Export, publish
from hapgang.ledger.ballots.poll import LABEL, Contest, Kind, Option, Poll, ready
from hapgang.ledger.ballots.tally import Share, partial_decrypt
from hapgang.ledger.ballots.trustees import Dealer, deal, joint_key, part_for, share_of

# two primes made for these tests
_P = int(
    "f8479d2c6f11f3783b6e1cd82e7784b34ec5d22f11754ecd8a801b8b62c2c9791791c4ad3369cd242c5eb2dc"
    "5e89fe3b2a31abfc9accf776eee4281c981b8a79d8eae901b356c78eac4be6c4902a9d958b4d47402343dd60"
    "ea43d833378a0ad819046354efad3d8e7151019eb02daa327e18cd706f649ea5cfe5428f15ab3437",
    16,
)
_Q = int(
    "c09e0f950863d2f24825919c597039eba10277bc22aeec3c0e2a1456c97fb796b6816c0206898f96384577ac"
    "91cb284d112da50c776a9dc5bde272c0a0a326ae8dde50ea3d78815018d757d37dff2b09cf6dcafeb7b27a99"
    "d83da5abed24daab8e8cefc05bb5191ccc1f6c1f8da360880e73f1558e508a8db98111d5e549f4f9",
    16,
)


def chance(*words: object) -> bytes:
    """32 bytes that depend on words only."""
    return hashlib.sha256(repr(words).encode()).digest()


def words(name: str) -> Text:
    return Text(name, f"{name} (한국어)")


@cache
def issuer() -> rsa.RSAPrivateKey:
    d = pow(65537, -1, (_P - 1) * (_Q - 1))
    public = rsa.RSAPublicNumbers(65537, _P * _Q)
    crt = rsa.rsa_crt_dmp1(d, _P), rsa.rsa_crt_dmq1(d, _Q), rsa.rsa_crt_iqmp(_P, _Q)
    return rsa.RSAPrivateNumbers(_P, _Q, d, *crt, public).private_key()


def dealers(poll: str, threshold: int, count: int) -> list[Dealer]:
    return [
        deal(poll, index, words(f"trustee {index}"), threshold, chance(poll, index))
        for index in range(1, count + 1)
    ]


def shares(dealt: Sequence[Dealer]) -> dict[int, bytes]:
    """Everybody's share of the key."""
    return {
        index: share_of([part_for(dealer, index) for dealer in dealt])
        for index in range(1, len(dealt) + 1)
    }


def contest(
    kind: Kind,
    options: int,
    *,
    least: int = 0,
    most: int = 1,
    top: int = 1,
    costs: Sequence[int] = (),
) -> Contest:
    listed = tuple(
        Option(f"o{index}", words(f"option {index}"), costs[index] if costs else 0)
        for index in range(options)
    )
    return Contest(f"{kind}-{options}", words(kind), kind, listed, top, least, most)


@dataclass(frozen=True)
class Town:
    """A poll, and what its trustees keep to themselves."""

    poll: Poll
    shares: dict[int, bytes]

    def voter(self, name: str) -> Voter:
        """Get a token, blindly."""
        key, secret = issuer(), chance("voter", name)
        message = tokens.token_message(ready(self.poll).fingerprint, pseudonym_of(secret))
        factor = int.from_bytes(chance("factor", name), "big")
        blinded = tokens.blind(
            key.public_key(), message, salt=(chance(name) * 2)[:48], factor=factor
        )
        signed = tokens.blind_sign(key, blinded.message, mask=factor + 2)
        return Voter(secret, tokens.finish(key.public_key(), message, signed, blinded.inverse))

    def cast(self, name: str, choices: Sequence[Sequence[int]], revision: int = 1) -> Ballot:
        voter = self.voter(name)
        sealed, _ = encrypt(self.poll, choices, voter, revision, chance(name, revision, "seal"))
        return sign(sealed, voter.secret, chance(name, revision, "sign"))

    def strike(self, name: str, revision: int) -> Strike:
        return strike(self.poll, self.voter(name), revision, chance(name, "strike"))

    def decrypt(self, board: Sequence[Ballot | Strike], *trustees: int) -> list[Share]:
        ballots, made = check_board(self.poll, board), close(self.poll, board).board
        return [
            partial_decrypt(self.poll, made, ballots, index, self.shares[index], chance(index))
            for index in trustees
        ]

    def roll(self, tokens: int, eligible: int, paper: int = 0) -> Roll:
        return Roll(f"{self.poll.id}/roll", ready(self.poll).fingerprint, eligible, tokens, paper)

    def paper(self, ballots: int, counts: Sequence[Sequence[int]]) -> Paper:
        made = tuple(tuple(row) for row in counts)
        return Paper(f"{self.poll.id}/paper", ready(self.poll).fingerprint, ballots, made)

    def export(
        self, board: Sequence[Ballot | Strike], roll: Roll, paper: Paper | None = None
    ) -> Export:
        first = range(1, self.poll.threshold + 1)
        return publish(self.poll, roll, board, self.decrypt(board, *first), paper)


def town(
    *contests: Contest, threshold: int = 2, trustees: int = 3, fewest: int = 1, name: str = "square"
) -> Town:
    dealt = dealers(name, threshold, trustees)
    public = tuple(dealer.public for dealer in dealt)
    poll = Poll(
        id=name, title=words("The square"), label=LABEL, opens="2026-11-01", closes="2026-11-30",
        contests=contests, trustees=public, threshold=threshold, key=joint_key(public),
        issuer=tokens.modulus(issuer().public_key()), fewest=fewest,
    )  # fmt: skip
    return Town(poll, shares(dealt))


@cache
def square() -> tuple[Town, Export]:
    """Two contests, three voters, a change of mind, somebody who goes to paper, and votes there."""
    place = town(
        contest("choose", 3, least=1, most=1), contest("budget", 3, most=4, costs=(1, 2, 3))
    )
    board = [
        place.cast("anne", [[1, 0, 0], [1, 0, 1]]),
        place.cast("bert", [[0, 1, 0], [1, 1, 0]]),
        place.cast("cora", [[0, 0, 1], [0, 0, 0]]),
        place.cast("anne", [[0, 1, 0], [0, 0, 1]], revision=2),
        place.strike("cora", revision=2),
    ]
    return place, place.export(
        board, place.roll(3, 6, paper=1), place.paper(1, [[1, 0, 0], [1, 0, 1]])
    )
