"""Rights, and the board: a token once for each person, a ballot after another for a pseudonym."""

from typing import Annotated

import msgspec
from msgspec import Meta

from hapgang.core.errors import Conflict, Invalid, Refused
from hapgang.core.ids import new_urn, urn
from hapgang.core.vocabulary.votes import (
    BallotPlace,
    BallotsRefused,
    BallotTaken,
    Consultation,
    Hex32,
    PollBoard,
    VotingToken,
)
from hapgang.ledger.ballots.ballot import Ballot, Entry, Strike
from hapgang.ledger.ballots.board import check_next
from hapgang.ledger.ballots.canonical import fingerprint
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.votes.found import (
    board_of,
    may_vote,
    place_of,
    poll_of,
    poll_to_vote_in,
    token_of,
)
from hapgang.runtime.platform.votes.making import plain

BALLOT, TOKEN = "ballot", "token"  # kinds of fact
_changed = msgspec.structs.replace


class Taken(Conflict):
    """This person took their right already."""


class BallotReceipt(msgspec.Struct, frozen=True):
    """What the verifiers take with --receipt (docs/ballots.md, 8)."""

    poll: str
    pseudonym: str
    revision: int
    ballot: str
    index: int


class Cast(msgspec.Struct, frozen=True):
    """What a voter takes home: the receipt, and under which name the log has the ballot."""

    receipt: BallotReceipt
    fact: str


def fact_of(poll: str, index: int) -> str:
    """Return the id of the fact that a board's entry is, within its service."""
    return f"{poll}/{index:08d}"


def answered_token(city: CityOf, *, poll: str, blinded_sha256: Hex32) -> str | None:
    """Return what the caller's message was answered, or None where it may be signed now."""
    found = poll_to_vote_in(city, poll)
    if (taken := token_of(city, poll, city.caller.id)) is not None:
        if taken.is_paper:
            raise Taken("You vote on paper.", "종이로 투표하셨습니다.")
        if taken.signed is None:
            raise has_pass()
        if taken.blinded_sha256 != blinded_sha256:
            raise Taken(
                "Your right was taken, by another device maybe: each has one.",
                "이미 투표권을 받으셨습니다. 한 사람에 하나입니다.",
            )
        return taken.signed
    check_right(city, found, city.caller.id)
    return None


def check_right(city: CityOf, poll: Consultation, person: str) -> None:
    """Raise `Refused` with the rule's reason unless a person may vote and there is room."""
    record = city.runtime.state.get(person)
    if not may_vote(city, record, poll.electorate, poll.opens_at):
        why = poll.electorate.reason
        raise Refused(f"This poll is for others: {why.en}", f"투표 대상이 아닙니다: {why.ko}")
    board = board_of(city, poll.name)
    tokens = board.tokens + board.passes  # a pass may become a token
    # Who struck a pseudonym and has no paper yet keeps a right to it.
    if tokens + board.paper - board.paper_for_struck >= board.eligible:
        raise Conflict("All rights of this poll are taken.", "투표권이 모두 발급되었습니다.")


def has_pass() -> Taken:
    """Return the error of who has a pass for a kiosk that is neither used nor over."""
    return Taken(
        "A pass for a kiosk was given; the right is there again once it is over unused.",
        "투표소 이용 번호가 발급되었습니다. 쓰지 않고 시간이 지나면 다시 받을 수 있습니다.",
    )


def take_token(
    city: CityOf,
    *,
    poll: str,
    blinded_sha256: Hex32,
    signed: Annotated[str, Meta(max_length=1024)],
) -> str:
    """Note that the caller took their right, with the signature of their blinded message."""
    answered = answered_token(city, poll=poll, blinded_sha256=blinded_sha256)
    if answered is not None:
        return answered
    name, me = new_urn("VotingToken", city.rng), city.caller.id
    city.hub.save(
        VotingToken(id=name, person=me, poll=poll, blinded_sha256=blinded_sha256, signed=signed)
    )
    board = board_of(city, poll)
    city.hub.save(_changed(board, tokens=board.tokens + 1))
    body = {"poll": poll, "person": me, "blinded": blinded_sha256}
    city.ledger.record(TOKEN, name, body, person=me)
    return signed


def check_place(city: CityOf, *, poll: str, pseudonym: str, revision: int, sha256: str) -> None:
    """Raise, before anything dear is computed, where an entry cannot go onto the board."""
    found = poll_to_vote_in(city, poll)
    skeleton = Strike("", found.fingerprint or "", pseudonym, revision, "")
    _follows(city, poll, skeleton, sha256)


def put_on_board(city: CityOf, *, poll: str, entry: Ballot | Strike) -> Cast:
    """Put a checked entry on the board; the same one again is where it was."""
    found = poll_to_vote_in(city, poll)
    sha256 = fingerprint(entry)
    if entry.poll != found.fingerprint:
        raise Invalid("It is of another poll.", "다른 투표의 것입니다.")
    old = _follows(city, poll, entry, sha256)
    board = board_of(city, poll)
    if old is not None and old.sha256 == sha256:
        return _cast(poll, entry, sha256, old.index)
    if old is None and board.pseudonyms >= board.tokens:
        raise Refused("There are no more tokens than pseudonyms.", "발급된 투표권보다 많습니다.")
    index, body = board.entries, plain(entry)
    said = {"poll": poll, "index": index, "sha256": sha256, "entry": body}
    city.ledger.record(BALLOT, fact_of(poll, index), said)
    place = BallotPlace(
        id=urn("BallotPlace", f"{poll}:{entry.pseudonym}"), poll=poll, revision=entry.revision,
        index=index, sha256=sha256, is_struck=isinstance(entry, Strike),
    )  # fmt: skip
    city.hub.save(place)
    city.hub.save(_counted(board, is_first=old is None, is_strike=place.is_struck))
    city.hub.emit(BallotTaken(entity=found.id, is_first=old is None))
    return _cast(poll, entry, sha256, index)


def note_refused(city: CityOf, *, poll: str, count: int) -> None:
    """Note how many ballots were refused since this was noted last; none of them is kept."""
    city.hub.emit(BallotsRefused(entity=poll_of(city, poll).id, count=count))


def _follows(city: CityOf, poll: str, entry: Entry, sha256: str) -> BallotPlace | None:
    """Return where the pseudonym stands; raise where this entry may not follow."""
    place = place_of(city, poll, entry.pseudonym)
    if place is not None and place.sha256 != sha256:
        kind = Strike if place.is_struck else _standing
        check_next(kind("", entry.poll, entry.pseudonym, place.revision, ""), entry)
    return place


def _standing(name: str, poll: str, pseudonym: str, revision: int, token: str) -> Ballot:
    return Ballot(name, poll, pseudonym, revision, token, ())


def _counted(board: PollBoard, *, is_first: bool, is_strike: bool) -> PollBoard:
    return _changed(
        board,
        entries=board.entries + 1,
        pseudonyms=board.pseudonyms + is_first,
        struck=board.struck + is_strike,
    )


def _cast(poll: str, entry: Entry, sha256: str, index: int) -> Cast:
    receipt = BallotReceipt(entry.poll, entry.pseudonym, entry.revision, sha256, index)
    return Cast(receipt, f"platform/{fact_of(poll, index)}")
