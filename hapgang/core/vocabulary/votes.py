"""What the city knows of its votes: polls, their trustees, the roll, and who stands on the board.

Polls, dealings, shares and ballots are documents of docs/ballots.md; here they are JSON.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from hapgang.core.entity import Entity, Property, Relationship, entity
from hapgang.core.event import Event
from hapgang.core.text import Text, Words
from hapgang.core.vocabulary.people import AgeBand

Document = dict[str, Any]
Hex32 = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
Hex64 = Annotated[str, Meta(pattern=r"\A[0-9a-f]{128}\Z")]
Stage = Literal["preparing", "open", "closed", "counted", "failed"]


class Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A trustee as others know it: a name, a key to seal for it, a key that it signs with."""

    name: Text
    sealing: Hex32  # X25519
    signing: Hex32  # Ed25519


class Electorate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who may vote: residents whom the city knew when the poll opened, from an age band on."""

    reason: Text
    age_from: AgeBand = AgeBand.UNDER_10


@entity(
    "Poll",
    words=Words(
        Text("Polls", "의견 투표"),
        Text(
            "What residents are asked, until when, and what came out. Not for public office.",
            "주민에게 무엇을 언제까지 묻고 결과가 어떤지예요. 공직 선거가 아니에요.",
        ),
        is_open=True,
    ),
)
class Consultation(Entity, frozen=True, kw_only=True):
    """A poll from its preparation to its result."""

    name: Annotated[str, Property(indexed=True)]
    agency: Annotated[str, Relationship("preparedBy", indexed=True)]
    title: Text
    label: Text
    contests: tuple[Document, ...]
    opens_at: datetime
    closes_at: datetime
    shares_until: datetime
    n_trustees: int
    threshold: int
    fewest: int
    electorate: Electorate
    issuer: str
    state: Annotated[Stage, Property(indexed=True)] = "preparing"
    why: Text | None = None  # it failed
    poll: Document | None = None  # once all trustees have confirmed it
    fingerprint: str | None = None
    roll: Document | None = None
    close: Document | None = None
    paper: Document | None = None
    result: Document | None = None


@entity(
    "PollTrustee",
    is_internal=True,
    words=Words(
        Text("Trustees of polls", "투표 수탁자"),
        Text("Their public keys and what they said.", "공개 키와 공개한 내용이에요."),
    ),
)
class PollTrustee(Entity, frozen=True, kw_only=True):
    """One trustee of one poll: what it said so far. Nothing in it is secret."""

    poll: Annotated[str, Property(indexed=True)]
    index: int
    card: Card
    dealing: Document | None = None
    parts: tuple[str, ...] = ()  # by receiver, sealed to their keys
    is_confirmed: bool = False
    complains_of: int | None = None
    share: Document | None = None
    gave_wrong_share: bool = False


@entity(
    "PollBoard",
    is_internal=True,
    words=Words(
        Text("Boards of polls", "투표 게시판"),
        Text("How many ballots there are.", "투표가 몇 건인지예요."),
    ),
)
class PollBoard(Entity, frozen=True, kw_only=True):
    """How much a poll's board and roll hold."""

    poll: Annotated[str, Property(indexed=True)]
    eligible: int = 0
    tokens: int = 0
    paper: int = 0
    paper_for_struck: int = 0  # of these, to whom had a token before
    passes: int = 0  # for a kiosk, given and neither used nor over
    entries: int = 0
    pseudonyms: int = 0
    struck: int = 0


@entity(
    "BallotPlace",
    is_internal=True,
    words=Words(
        Text("Pseudonyms on boards", "게시판의 가명"),
        Text("Where a pseudonym's last ballot is.", "가명의 마지막 투표 위치예요."),
    ),
)
class BallotPlace(Entity, frozen=True, kw_only=True):
    """What of a pseudonym's entries stays in memory while its poll is open."""

    poll: Annotated[str, Property(indexed=True)]
    revision: int
    index: int
    sha256: Hex32
    is_struck: bool = False
    has_paper: bool = False


@entity(
    "VotingToken",
    person="person",
    is_internal=True,
    words=Words(
        Text("Rights to vote that were taken", "받은 투표권"),
        Text("That somebody took a token. Sealed.", "투표권을 받았다는 것이에요. 봉인돼요."),
    ),
)
class VotingToken(Entity, frozen=True, kw_only=True):
    """That a person took a token or paper for a poll, and how a blinded message was answered."""

    person: Annotated[str, Relationship("takenBy", indexed=True)]
    poll: str
    blinded_sha256: Hex32 | None = None
    signed: str | None = None
    is_paper: bool = False
    is_kiosk: bool = False  # by a pass; nothing is signed until that is used


@entity(
    "KioskPass",
    person="person",
    is_internal=True,
    words=Words(
        Text("Passes for a kiosk", "투표소 이용 번호"),
        Text("A desk's code to vote at a kiosk, by its hash.", "창구에서 준 번호의 해시예요."),
    ),
)
class KioskPass(Entity, frozen=True, kw_only=True):
    """A code by which somebody whom a desk has seen takes their right at a kiosk, once.

    Its id is the code's hash. Once used it stays a while, to answer the same message again.
    """

    person: Annotated[str, Relationship("givenTo", indexed=True)]
    poll: str
    given_by: str
    until: datetime
    is_used: bool = False


@entity(
    "PaperCount",
    is_internal=True,
    words=Words(
        Text("Counts of paper ballots", "종이 표 집계"),
        Text("What one of two counters counted.", "두 사람이 각각 센 결과예요."),
    ),
)
class PaperCount(Entity, frozen=True, kw_only=True):
    """What one person of the desk counted; it holds when a second one counted the same."""

    poll: Annotated[str, Property(indexed=True)]
    counter: str
    counts: tuple[tuple[int, ...], ...]


class BallotTaken(Event, frozen=True, kw_only=True):
    """A ballot or a strike went onto a board; `entity` is the poll."""

    is_first: bool


class BallotsRefused(Event, frozen=True, kw_only=True):
    """So many ballots were refused at a poll since they were counted last."""

    count: int


class RollFixed(Event, frozen=True, kw_only=True):
    """A poll was closed: how many could vote, and how many did."""

    eligible: int
    voted: int
