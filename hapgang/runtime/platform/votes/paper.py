"""The desk for paper: crossed off the roll, or struck first; counted by two, who agree or not."""

from typing import Annotated

import msgspec
from msgspec import Meta

from hapgang.core.errors import Conflict
from hapgang.core.ids import new_urn
from hapgang.core.vocabulary.votes import Hex32, PaperCount, PollBoard, VotingToken
from hapgang.hub.query import where
from hapgang.ledger.ballots.board import Paper, Roll, Whole, check_paper
from hapgang.ledger.ballots.poll import Poll
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.votes.casting import Taken, check_right, has_pass
from hapgang.runtime.platform.votes.found import (
    board_of,
    place_of,
    poll_in,
    poll_to_vote_in,
    token_of,
)
from hapgang.runtime.platform.votes.making import plain

PAPER = "paper"  # the kind of fact
_changed = msgspec.structs.replace
Counts = Annotated[
    tuple[Annotated[tuple[Whole, ...], Meta(max_length=400)], ...], Meta(max_length=20)
]


def give_paper(
    city: CityOf, *, poll: str, person: str, pseudonym: Hex32 | None = None
) -> PollBoard:
    """Cross somebody off the roll who votes on paper; who has a token strikes its pseudonym first.

    pseudonym: the struck one, shown by the voter; a struck pseudonym gives one paper.
    """
    found = poll_to_vote_in(city, poll)
    taken, board = token_of(city, poll, person), board_of(city, poll)
    had_token = taken is not None
    if taken is None:
        check_right(city, found, person)
        taken = VotingToken(
            id=new_urn("VotingToken", city.rng), person=person, poll=poll, is_paper=True
        )
    elif taken.is_paper:
        raise Taken("This person has voted on paper.", "이미 종이로 투표했습니다.")
    elif taken.signed is None:
        raise has_pass()
    else:
        _use_strike(city, poll, pseudonym)
        taken = _changed(taken, is_paper=True)
    city.hub.log_read(person, "a paper ballot", "right to vote")
    city.hub.save(taken)
    given = _changed(
        board, paper=board.paper + 1, paper_for_struck=board.paper_for_struck + had_token
    )
    city.hub.save(given)
    body = {"poll": poll, "person": person, "desk": city.caller.id}
    city.ledger.record(PAPER, taken.id, body, person=person)
    return given


def _use_strike(city: CityOf, poll: str, pseudonym: str | None) -> None:
    place = None if pseudonym is None else place_of(city, poll, pseudonym)
    if place is None or not place.is_struck or place.has_paper:
        raise Conflict(
            "This person has a token: their device has to strike its pseudonym first.",
            "전자 투표권을 받은 사람입니다. 기기에서 가명을 먼저 말소해야 합니다.",
        )
    city.hub.save(_changed(place, has_paper=True))


def enter_paper(city: CityOf, *, poll: str, counts: Counts) -> bool:
    """Enter what the caller counted; return whether two have counted the same, which then holds."""
    found = poll_in(city, poll, "closed")
    if found.roll is None or found.poll is None or found.close is None:
        raise Conflict("The board is still being sealed.", "게시판을 봉인하는 중입니다.")
    if found.paper is not None:
        raise Conflict("The paper ballots are counted.", "종이 표 집계가 끝났습니다.")
    asked, roll = msgspec.convert(found.poll, Poll), msgspec.convert(found.roll, Roll)
    paper = Paper(f"{poll}/paper", roll.poll, roll.paper, counts)
    check_paper(asked, roll, paper)
    others = city.hub.find(PaperCount, where.poll == poll)
    mine = next((one for one in others if one.counter == city.caller.id), None)
    name = mine.id if mine else new_urn("PaperCount", city.rng)
    city.hub.save(PaperCount(id=name, poll=poll, counter=city.caller.id, counts=counts))
    if not any(one.counter != city.caller.id and one.counts == counts for one in others):
        return False
    city.hub.save(_changed(found, paper=plain(paper)))
    city.ledger.record(PAPER, poll, {"poll": poll, "paper": plain(paper)})
    return True
