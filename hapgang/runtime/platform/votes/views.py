"""What everybody sees of polls; all of it with the label."""

import msgspec

from hapgang.core.errors import NotFound
from hapgang.core.text import Text
from hapgang.core.vocabulary.votes import Consultation, Hex32, PollBoard, PollTrustee
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.votes.found import (
    board_of,
    place_of,
    poll_of,
    token_of,
    trustees_of,
)


class PollLine(msgspec.Struct, frozen=True):
    """A poll in a list."""

    name: str
    title: Text
    label: Text
    state: str
    opens_at: str
    closes_at: str


class PollView(msgspec.Struct, frozen=True):
    """All that is public of a poll, but the board's entries."""

    label: Text
    poll: Consultation
    trustees: list[PollTrustee]
    board: PollBoard


class PseudonymPlace(msgspec.Struct, frozen=True):
    """Where a pseudonym's last entry is, as the board shows it too."""

    label: Text
    poll: str
    pseudonym: str
    revision: int
    index: int
    ballot: str
    is_struck: bool


class MyPoll(msgspec.Struct, frozen=True):
    """How the caller stands in a poll; what they voted nobody knows."""

    label: Text
    poll: str
    has_token: bool
    is_paper: bool


def polls(city: CityOf) -> list[PollLine]:
    """Return all polls, the one that closes last first."""
    views = [record.view for record in city.runtime.state.of_type("Poll")]
    found = [view for view in views if isinstance(view, Consultation)]
    found.sort(key=lambda one: (one.closes_at, one.name), reverse=True)
    return [
        PollLine(
            one.name, one.title, one.label, one.state, one.opens_at.isoformat(),
            one.closes_at.isoformat(),
        )
        for one in found[:500]
    ]  # fmt: skip


def poll(city: CityOf, *, poll: str) -> PollView:
    """Return a poll: what is asked, its trustees and what they said, its roll and its result."""
    found = poll_of(city, poll)
    return PollView(found.label, found, trustees_of(city, found), board_of(city, poll))


def my_poll(city: CityOf, *, poll: str) -> MyPoll:
    """Return whether the caller took a token for a poll, or voted on paper."""
    found, mine = poll_of(city, poll), token_of(city, poll, city.caller.id)
    is_paper = mine is not None and mine.is_paper
    return MyPoll(found.label, poll, mine is not None and mine.signed is not None, is_paper)


def pseudonym(city: CityOf, *, poll: str, pseudonym: Hex32) -> PseudonymPlace:
    """Return where a pseudonym's last entry is, until its poll is counted."""
    found, place = poll_of(city, poll), place_of(city, poll, pseudonym)
    if place is None and found.state in ("counted", "failed"):
        raise NotFound(
            "The poll is over; its board tells where a pseudonym stands.",
            "투표가 끝났습니다. 가명의 위치는 게시판에서 볼 수 있습니다.",
        )
    if place is None:
        raise NotFound("This pseudonym is not on the board.", "게시판에 없는 가명입니다.")
    return PseudonymPlace(
        found.label, poll, pseudonym, place.revision, place.index, place.sha256, place.is_struck
    )
