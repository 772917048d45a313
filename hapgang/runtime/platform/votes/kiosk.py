"""Passes for a kiosk: a desk has seen who somebody is, and gives a code that is good once.

Giving it notes the person on the roll, so that neither a phone nor paper gives the right again; a
pass that is over unused gives it back. Nothing here knows who votes what: a blinded message only.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated

import msgspec
from msgspec import Meta

from hapgang.core.errors import Refused
from hapgang.core.ids import new_urn, urn
from hapgang.core.text import Text
from hapgang.core.vocabulary.sessions import CodeHash
from hapgang.core.vocabulary.votes import Hex32, KioskPass, VotingToken
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.money.spending import peek
from hapgang.runtime.platform.votes.casting import TOKEN, Taken, check_right
from hapgang.runtime.platform.votes.found import board_of, poll_to_vote_in, token_of

GOOD_FOR = timedelta(minutes=10)
KIOSK = "kiosk"  # the kind of fact
_ENDED_AT_ONCE = 500
_changed = msgspec.structs.replace
_GIVEN = (
    Text("A desk gave a pass to vote at a kiosk", "투표소 이용 번호가 발급되었습니다"),
    Text(
        "Whoever has it takes your right to vote. Were you not there? Tell the city office.",
        "이 번호로 투표권을 받을 수 있습니다. 창구에 간 적이 없다면 알려 주세요.",
    ),
)


def give_pass(city: CityOf, *, poll: str, person: str, code: CodeHash) -> KioskPass:
    """Note somebody whose papers the desk has seen, and keep the hash of their pass.

    A pass that they have and did not use is good for nothing from now on: its slip may be lost.
    """
    found = poll_to_vote_in(city, poll)
    if (unused := _unused(city, poll, person)) is not None:
        _give_back(city, unused)
        city.hub.delete(KioskPass, unused.id)
    if token_of(city, poll, person) is not None:
        raise Taken(
            "This person has taken their right, or voted on paper.",
            "이미 투표권을 받았거나 종이로 투표한 사람입니다.",
        )
    check_right(city, found, person)
    noted = VotingToken(
        id=new_urn("VotingToken", city.rng), person=person, poll=poll, is_kiosk=True
    )
    given = KioskPass(
        id=urn("KioskPass", code), person=person, poll=poll, given_by=city.caller.id,
        until=min(city.now + GOOD_FOR, found.closes_at),
    )  # fmt: skip
    city.hub.log_read(person, "a pass for a kiosk", "right to vote")
    city.hub.save(noted)
    city.hub.save(given)
    board = board_of(city, poll)
    city.hub.save(_changed(board, passes=board.passes + 1))
    body = {"poll": poll, "person": person, "desk": city.caller.id}
    city.ledger.record(KIOSK, noted.id, body, person=person)
    city.tell(person, *_GIVEN)
    return given


def answered_pass(city: CityOf, *, poll: str, code: CodeHash, blinded_sha256: Hex32) -> str | None:
    """Return what the message was answered, or None where the pass may be used for it now."""
    _, taken = _of_pass(city, poll, code)
    if taken.signed is not None and taken.blinded_sha256 != blinded_sha256:
        raise Taken("This pass was used.", "이미 쓴 번호입니다.")
    return taken.signed


def use_pass(
    city: CityOf,
    *,
    poll: str,
    code: CodeHash,
    blinded_sha256: Hex32,
    signed: Annotated[str, Meta(max_length=1024)],
) -> str:
    """Use a pass up: its person took their right, with the signature of a blinded message."""
    answered = answered_pass(city, poll=poll, code=code, blinded_sha256=blinded_sha256)
    if answered is not None:
        return answered
    mine, taken = _of_pass(city, poll, code)
    city.hub.save(_changed(taken, blinded_sha256=blinded_sha256, signed=signed))
    # An answer that is lost at the last moment is asked for again.
    city.hub.save(_changed(mine, is_used=True, until=city.now + GOOD_FOR))
    board = board_of(city, poll)
    city.hub.save(_changed(board, passes=board.passes - 1, tokens=board.tokens + 1))
    body = {"poll": poll, "person": mine.person, "blinded": blinded_sha256}
    city.ledger.record(TOKEN, taken.id, body, person=mine.person)
    return signed


def end_passes(city: CityOf) -> int:
    """Take away the passes that are over; who did not use theirs has their right again."""
    over = [one for one in _passes(city) if one.until <= city.now]
    for one in over[:_ENDED_AT_ONCE]:
        if not one.is_used:
            _give_back(city, one)
        city.hub.delete(KioskPass, one.id)
    return len(over[:_ENDED_AT_ONCE])


def _passes(city: CityOf) -> Iterator[KioskPass]:
    views = (record.view for record in city.runtime.state.of_type("KioskPass"))
    return (one for one in views if isinstance(one, KioskPass))


def _unused(city: CityOf, poll: str, person: str) -> KioskPass | None:
    of_person = (one for one in _passes(city) if (one.person, one.poll) == (person, poll))
    return next((one for one in of_person if not one.is_used), None)


def _give_back(city: CityOf, unused: KioskPass) -> None:
    board, noted = board_of(city, unused.poll), token_of(city, unused.poll, unused.person)
    city.hub.save(_changed(board, passes=board.passes - 1))
    if noted is None:
        return
    city.hub.delete(VotingToken, noted.id)
    body = {"poll": unused.poll, "person": unused.person, "unused": True}
    city.ledger.record(KIOSK, f"{noted.id}/unused", body, person=unused.person)


def _of_pass(city: CityOf, poll: str, code: str) -> tuple[KioskPass, VotingToken]:
    """Return a pass that is good for a poll now, and what is noted of its person."""
    poll_to_vote_in(city, poll)
    mine = peek(city, KioskPass, urn("KioskPass", code))
    taken = None if mine is None else token_of(city, poll, mine.person)
    if mine is None or taken is None or mine.poll != poll or mine.until <= city.now:
        raise Refused(
            "This pass is not right, or no longer good here. Ask the desk for another.",
            "번호가 맞지 않거나 시간이 지났습니다. 창구에서 다시 받으세요.",
        )
    return mine, taken
