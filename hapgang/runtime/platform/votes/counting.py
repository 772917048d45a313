"""What happens by itself, and the count: opening, closing, sealing, shares, the result."""

from typing import Annotated

import msgspec
from msgspec import Meta

from hapgang.core.errors import Conflict
from hapgang.core.text import Text
from hapgang.core.vocabulary.votes import (
    BallotPlace,
    Consultation,
    PaperCount,
    PollTrustee,
    RollFixed,
)
from hapgang.hub.query import where
from hapgang.ledger.ballots.board import Close, Roll
from hapgang.ledger.ballots.canonical import fingerprint
from hapgang.ledger.ballots.tally import Result, Share
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.votes.found import (
    board_of,
    may_vote,
    poll_in,
    trustee_of,
    trustees_of,
)
from hapgang.runtime.platform.votes.making import check_said, named, plain, said
from hapgang.runtime.platform.votes.preparing import failed

CLOSE, SHARE, RESULT = "close", "share", "result"  # kinds of fact
_TIDIED_AT_ONCE = 500
_changed = msgspec.structs.replace


def turn_polls(city: CityOf) -> int:
    """Open, close and give up the polls whose time has come."""
    turned = 0
    for state in ("preparing", "open", "closed"):
        for record in list(city.runtime.state.with_value("Poll", "state", state) or ()):
            poll = record.view
            if isinstance(poll, Consultation):
                turned += _turn(city, poll)
    return turned


def _turn(city: CityOf, poll: Consultation) -> bool:
    if poll.state == "preparing" and city.now >= poll.opens_at:
        _open(city, poll)
    elif poll.state == "open" and city.now >= poll.closes_at:
        board = board_of(city, poll.name)
        roll = Roll(
            f"{poll.name}/roll", poll.fingerprint or "", board.eligible, board.tokens, board.paper
        )
        city.hub.save(_changed(poll, state="closed", roll=plain(roll)))
        voted = board.pseudonyms - board.struck + board.paper
        city.hub.emit(RollFixed(entity=poll.id, eligible=board.eligible, voted=voted))
    elif poll.state == "closed" and poll.close is not None and city.now >= poll.shares_until:
        failed(city, poll, _too_late(city, poll))
    else:
        return False
    return True


def _open(city: CityOf, poll: Consultation) -> None:
    if poll.poll is None:
        missing = [named(t.index, t.card.name) for t in trustees_of(city, poll)
                   if not t.is_confirmed]  # fmt: skip
        en, ko = ", ".join(m.en for m in missing), ", ".join(m.ko for m in missing)
        why = Text(f"Not confirmed when it was to open: {en}.", f"미확인 수탁자: {ko}")
        failed(city, poll, why)
        return
    people = city.runtime.state.of_type("Person")
    eligible = sum(may_vote(city, record, poll.electorate, poll.opens_at) for record in people)
    city.hub.save(_changed(poll, state="open"))
    city.hub.save(_changed(board_of(city, poll.name), eligible=eligible))


def _too_late(city: CityOf, poll: Consultation) -> Text:
    missing = [named(t.index, t.card.name) for t in trustees_of(city, poll) if t.share is None]
    if not missing or len(missing) <= poll.n_trustees - poll.threshold:
        return Text(
            "The paper ballots were not counted in time.", "종이 표를 제때 세지 못했습니다."
        )
    en, ko = ", ".join(m.en for m in missing), ", ".join(m.ko for m in missing)
    return Text(f"Too few shares in time; missing: {en}.", f"기한까지 몫이 부족합니다: {ko}")


def seal_board(city: CityOf, *, poll: str, close: Close) -> Consultation:
    """Fix the board as it stands: trustees decrypt for this fingerprint and no other."""
    found = poll_in(city, poll, "closed")
    if found.close is not None:
        raise Conflict("The board is sealed.", "이미 봉인된 게시판입니다.")
    board = board_of(city, poll)
    assert close.entries == board.entries
    sealed = _changed(found, close=plain(close))
    city.hub.save(sealed)
    body = {"poll": poll, "close": plain(close), "roll": found.roll}
    city.ledger.record(CLOSE, poll, body)
    if close.counted < found.fewest:
        why = Text(
            f"{close.counted} ballots are fewer than the {found.fewest} that are decrypted.",
            f"{close.counted}표는 복호화하는 최소 {found.fewest}표보다 적습니다.",
        )
        return failed(city, sealed, why)
    return sealed


def check_sharer(city: CityOf, *, poll: str, share: Share, signature: str) -> Consultation:
    """Return the poll that a trustee's share is for, after looking who signed it."""
    found = poll_in(city, poll, "closed")
    if found.close is None or share.board != found.close["board"]:
        raise Conflict("This is no share for the board's close.", "마감된 게시판의 몫이 아닙니다.")
    mine = trustee_of(city, poll, share.trustee)
    message = said(poll, share.trustee, "share", fingerprint(share))
    check_said(mine.card, message, signature)
    if mine.share is not None and mine.share != plain(share):
        raise Conflict("This trustee has given its share.", "이미 몫을 낸 수탁자입니다.")
    return found


def note_share(
    city: CityOf, *, poll: str, share: Share, signature: str, is_right: bool
) -> PollTrustee:
    """Keep a right share; of a wrong one that its trustee gave it."""
    check_sharer(city, poll=poll, share=share, signature=signature)
    mine = trustee_of(city, poll, share.trustee)
    if mine.share is not None:
        return mine
    noted = (
        _changed(mine, share=plain(share)) if is_right else _changed(mine, gave_wrong_share=True)
    )
    city.hub.save(noted)
    digest = fingerprint(share)
    if is_right or not mine.gave_wrong_share:
        step = "right" if is_right else "wrong"
        body = {"poll": poll, "trustee": share.trustee, "sha256": digest, "step": step}
        city.ledger.record(SHARE, f"{poll}/{share.trustee}/{step}", body)
    return noted


def finish(city: CityOf, *, poll: str, result: Result) -> Consultation:
    """Publish the result."""
    found = poll_in(city, poll, "closed")
    done = _changed(found, state="counted", result=plain(result))
    city.hub.save(done)
    city.ledger.record(RESULT, poll, {"poll": poll, "result": plain(result)})
    return done


def tidy_polls(city: CityOf) -> int:
    """Let go of what a poll that is over needs no more in memory."""
    gone = 0
    for state in ("counted", "failed"):
        for record in list(city.runtime.state.with_value("Poll", "state", state) or ()):
            if isinstance(record.view, Consultation) and gone < _TIDIED_AT_ONCE:
                gone += _tidied(city, record.view.name, _TIDIED_AT_ONCE - gone)
    return gone


def _tidied(city: CityOf, poll: str, most: Annotated[int, Meta(ge=1)]) -> int:
    places = city.hub.find(BallotPlace, where.poll == poll, limit=most)
    counts = city.hub.find(PaperCount, where.poll == poll)
    for one in (*places, *counts):
        city.hub.delete(type(one), one.id)
    return len(places)
