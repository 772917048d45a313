"""A unit: everything one action did, which becomes true as a whole or not at all."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple, Protocol


class Stored(Protocol):
    """An entity as the journal writes it."""

    id: str
    type: str
    created: datetime
    modified: datetime
    closed: bool

    @property
    def version(self) -> int:
        """Version of the document's form."""

    @property
    def person(self) -> str | None:
        """Whose personal data it is, if anyone's."""

    def document(self) -> dict[str, Any]:
        """Return the NGSI-LD document, without a context."""


class Item(NamedTuple):
    """One line of the feed: an entity's change, an event, or columns of measurements."""

    kind: str  # created, updated, deleted, closed, event, columns, history
    name: str  # the entity's type, or the event's name
    entity: str
    person: str | None
    body: Any


class AccountRow(NamedTuple):
    """An account's state after a unit."""

    id: str
    kind: str
    owner: str
    floor_won: int | None
    balance_won: int
    held_won: int
    state: str = "open"  # open, frozen, closed


class TransferRow(NamedTuple):
    """An immutable movement of money, or a step in the life of a held one."""

    id: str
    debit: str
    credit: str
    amount_won: int
    step: str  # posted, held, captured, released
    of: str | None  # the held transfer that a capture or a release ends, the one a refund returns
    memo: str
    until: datetime | None = None  # when a held one comes back by itself


class Read(NamedTuple):
    """A look at somebody's personal fields."""

    person: str
    reader: str
    service: str
    purpose: str
    fields: str


class NoticeRow(NamedTuple):
    """What subscribers are to be told of a unit, until all of them were."""

    id: int
    person: str | None  # under whose key it is sealed
    body: Callable[[], bytes]
    recipients: Mapping[str, Any]  # by subscription
    notice: Any = None  # what it was made of, for whoever tells it


class Fact(NamedTuple):
    """What is to be in the city's log, beside its transfers."""

    kind: str  # account, ballot, status, document ...
    id: str  # once within its kind
    body: Mapping[str, Any]  # texts, whole numbers, true, false, null, lists and objects of such
    person: str | None = None  # whose personal data it is


class Leaf(NamedTuple):
    """What the city's log holds of a fact: that it was, and nothing of what it says."""

    kind: str
    fact: str  # its id
    commitment: bytes  # 32
    person: str | None = None
    body: bytes | None = None  # the fact, where it stands in no table of its own


class Answer(NamedTuple):
    """What a keyed request was answered, so that a repeat gets the same."""

    caller: str
    key: str
    arguments: bytes
    result: bytes
    person: str | None  # whose key seals the result, when a person asked


class Unit:
    """What one action saved, emitted, recorded, paid and read."""

    __slots__ = (
        "accounts",
        "action",
        "answer",
        "at",
        "before",
        "by_person",
        "caller",
        "cursors",
        "entities",
        "facts",
        "first_leaf",
        "first_position",
        "forgotten",
        "items",
        "leaves",
        "notices",
        "reads",
        "seq",
        "transfers",
        "undo",
    )

    def __init__(
        self, seq: int, at: datetime, action: str, caller: str, *, by_person: bool = False
    ) -> None:
        """Open the unit that will be the city's number `seq`.

        `by_person` says that the caller is somebody whose steps are not to be read off the feed.
        """
        self.seq = seq
        self.at = at
        self.action = action
        self.caller = caller
        self.by_person = by_person
        self.first_position = 0
        self.first_leaf = 0
        self.items: list[Item] = []
        self.entities: dict[str, Stored | None] = {}
        self.before: dict[str, Stored | None] = {}  # of the same entities, as the unit found them
        self.accounts: dict[str, AccountRow] = {}
        self.transfers: list[TransferRow] = []
        self.reads: dict[Read, None] = {}  # once each, in order
        self.cursors: dict[str, int] = {}
        self.notices: list[NoticeRow] = []
        self.forgotten: list[str] = []
        self.facts: list[Fact] = []
        self.leaves: list[Leaf] = []
        self.answer: Answer | None = None
        self.undo: list[Callable[[], None]] = []

    @property
    def is_empty(self) -> bool:
        """Whether nothing needs to be written."""
        return not (
            self.items
            or self.entities
            or self.accounts
            or self.transfers
            or self.reads
            or self.cursors
            or self.notices
            or self.forgotten
            or self.facts
            or self.answer
        )

    def take_back(self) -> None:
        """Undo in memory all that the action did, last thing first."""
        while self.undo:
            self.undo.pop()()
