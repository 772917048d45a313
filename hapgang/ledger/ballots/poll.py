"""A poll: what is asked, within which limits, who holds the key, who gives the tokens.

Every kind of contest is the same to the mathematics: *cells* with small whole numbers in them, and
*limits*, which are weighted sums of cells that lie between a least and a most. See docs/ballots.md.
"""

from functools import lru_cache
from typing import Annotated, Literal, NamedTuple

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from msgspec import Meta, Struct

from hapgang.core.errors import Invalid
from hapgang.core.text import Text
from hapgang.ledger.ballots.canonical import fingerprint
from hapgang.ledger.ballots.group import Point, point
from hapgang.ledger.ballots.trustees import Dealing, check_dealing, joint_key, public_share

LABEL = Text("consultative, not for public office", "의견 수렴용이며 공직 선거에는 쓰지 않습니다")
EXPONENT = 65537
Name = Annotated[str, Meta(pattern=r"\A[a-z0-9][a-z0-9.-]{0,63}\Z")]
Kind = Literal["choose", "approve", "score", "rank", "budget"]
_MOST_TOP, _MOST_CELLS, _MOST_SUM = 20, 400, 1_000_000


class WrongPoll(Invalid):
    """The poll is not one that votes can be counted in."""


class Option(Struct, frozen=True, forbid_unknown_fields=True):
    """What can be chosen. `cost` counts in budgets only, in the poll's own unit; else it is 0."""

    id: Name
    title: Text
    cost: int = 0


class Contest(Struct, frozen=True, forbid_unknown_fields=True):
    """One question. `top` is the most an option can get, `least` and `most` bound the sum."""

    id: Name
    title: Text
    kind: Kind
    options: Annotated[tuple[Option, ...], Meta(min_length=1, max_length=100)]
    top: int
    least: int
    most: int


class Poll(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="poll"):
    """All that a vote depends on; its fingerprint is in every hash."""

    id: Name
    title: Text
    label: Text
    opens: str
    closes: str
    contests: Annotated[tuple[Contest, ...], Meta(min_length=1, max_length=20)]
    trustees: Annotated[tuple[Dealing, ...], Meta(min_length=1, max_length=20)]
    threshold: int
    key: str
    issuer: str
    """The modulus of the RSA key that signs tokens, in hexadecimal; the exponent is 65537."""
    fewest: int
    """With fewer counted ballots than this, trustees do not decrypt."""


class Limit(NamedTuple):
    """A weighted sum of cells that lies in least .. most."""

    weights: tuple[tuple[int, int], ...]
    """(cell, weight)"""
    least: int
    most: int


class Shape(NamedTuple):
    """A contest as the mathematics sees it."""

    tops: tuple[int, ...]
    """For each cell the most it may hold: first those that are counted, then the slack."""
    counted: int
    equalities: tuple[tuple[tuple[tuple[int, int], ...], int], ...]
    """((cell, weight) ..., sum), slack included: sums that are exact."""


class Ready(NamedTuple):
    """A poll, read and checked once, for all its ballots."""

    fingerprint: str
    key: Point
    issuer: RSAPublicKey
    shapes: tuple[Shape, ...]
    shares: tuple[Point, ...]
    """xG of each trustee's share x, by index less one."""


def cells(contest: Contest) -> int:
    """Return how many cells are counted: for ranks, options times places."""
    return len(contest.options) * (contest.most if contest.kind == "rank" else 1)


def limits(contest: Contest) -> list[Limit]:
    """Return what sums a ballot has to keep."""
    options = range(len(contest.options))
    if contest.kind == "approve":
        return []
    if contest.kind == "budget":
        costs = tuple((cell, option.cost) for cell, option in enumerate(contest.options))
        return [Limit(costs, contest.least, contest.most)]
    if contest.kind != "rank":
        return [Limit(tuple((cell, 1) for cell in options), contest.least, contest.most)]
    places = contest.most
    least = 1 if places == len(contest.options) else 0
    rows = [tuple((option * places + place, 1) for place in range(places)) for option in options]
    columns = [tuple((row * places + place, 1) for row in options) for place in range(places)]
    return [Limit(row, least, 1) for row in rows] + [Limit(column, 1, 1) for column in columns]


def slack_weights(span: int) -> list[int]:
    """Return weights of 0/1 cells whose sums are all numbers 0 .. span: 1, 2, 4 ... and a rest."""
    weights, weight = [], 1
    while span > 0:
        weights.append(min(weight, span))
        span -= weights[-1]
        weight *= 2
    return weights


def shape(contest: Contest) -> Shape:
    """Turn a contest into cells and exact sums: slack cells fill each sum up to its most."""
    counted = cells(contest)
    tops = [contest.top] * counted
    equalities = []
    for limit in limits(contest):
        slack = slack_weights(limit.most - limit.least)
        filled = tuple((len(tops) + place, weight) for place, weight in enumerate(slack))
        tops += [1] * len(slack)
        equalities.append((limit.weights + filled, limit.most))
    return Shape(tuple(tops), counted, tuple(equalities))


def check_poll(poll: Poll) -> None:
    """Raise unless the poll is whole, keeps its bounds, and its key is its trustees'."""
    if poll.label != LABEL:
        raise WrongPoll(
            f"the label has to be: {LABEL.en}", f"다음 표시가 있어야 합니다: {LABEL.ko}"
        )
    _unique([contest.id for contest in poll.contests])
    for contest in poll.contests:
        _check_contest(contest)
    _check_numbers(poll)
    for index, dealing in enumerate(poll.trustees, 1):
        check_dealing(dealing, poll.id, index, poll.threshold)
    if joint_key(poll.trustees) != poll.key:
        raise WrongPoll("the key is not its trustees'", "키가 수탁자들의 키와 다릅니다")


def _check_numbers(poll: Poll) -> None:
    bits = len(poll.issuer) * 4
    wrong = not 1 <= poll.threshold <= len(poll.trustees) or not 1 <= poll.fewest <= _MOST_SUM
    plain = set(poll.issuer) <= set("0123456789abcdef") and poll.issuer[:1] >= "8"
    if wrong or not 2048 <= bits <= 4096 or bits % 8 or not plain or poll.issuer[-1] in "02468ace":
        raise WrongPoll(
            "the threshold, the fewest ballots or the issuer's key (2048 to 4096 bits) are wrong",
            "임계값, 최소 투표 수 또는 발급자 키(2048~4096비트)가 올바르지 않습니다",
        )


def _check_contest(contest: Contest) -> None:
    count = len(contest.options)
    _unique([option.id for option in contest.options])
    most_sum = {
        "choose": count, "approve": count, "rank": count, "budget": _MOST_SUM,
        "score": count * contest.top,
    }[contest.kind]  # fmt: skip
    least_of = {"rank": contest.most, "approve": 0, "budget": 0}
    costs = [option.cost for option in contest.options]
    right = (
        1 <= contest.top <= (_MOST_TOP if contest.kind == "score" else 1)
        and 0 <= contest.least <= contest.most <= most_sum
        and contest.most >= 1
        and contest.least == least_of.get(contest.kind, contest.least)
        and (contest.kind != "approve" or contest.most == count)
        and all(1 <= cost <= _MOST_SUM if contest.kind == "budget" else cost == 0 for cost in costs)
        and cells(contest) <= _MOST_CELLS
    )
    if not right:
        raise WrongPoll(
            f"contest {contest.id} has limits that do not fit its kind",
            f"{contest.id} 문항의 한도가 그 종류와 맞지 않습니다",
        )


def _unique(names: list[str]) -> None:
    if len(set(names)) != len(names):
        raise WrongPoll("two of one list have the same id", "같은 목록에 id가 겹칩니다")


@lru_cache(64)
def ready(poll: Poll) -> Ready:
    """Check a poll and read its keys. Kept for as long as the poll is used."""
    check_poll(poll)
    return Ready(
        fingerprint(poll),
        point(poll.key),
        RSAPublicNumbers(EXPONENT, int(poll.issuer, 16)).public_key(),
        tuple(shape(contest) for contest in poll.contests),
        tuple(public_share(poll.trustees, index) for index in range(1, len(poll.trustees) + 1)),
    )
