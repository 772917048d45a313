"""A booking with an operator outside, step by step: what to ask next, what an answer changes. Pure.

Two phases, as TOMP-API has them: a booking is made *pending* with every operator of a journey, and
confirmed when all have said yes. Whatever may change something at the operator's is written down
before it is asked; if no answer comes, the booking is looked at before anything is asked again, so
nothing is booked twice and nothing is left behind.
"""

from datetime import datetime, timedelta
from typing import Literal

import msgspec
from msgspec.structs import replace

from hapgang.services.mobility.maas.model.outside import (
    Order,
    OrderState,
)

Ask = Literal["offer", "book", "look", "commit", "cancel", "begin", "end"]
Told = Literal[
    "offered",  # a booking that could be made
    "pending", "conditional", "confirmed", "started", "finished",  # how the booking is
    "ended",  # cancelled, expired, rejected or released
    "absent",  # there is no such booking, or no such offer any more
    "ok",  # done, but the answer does not say how the booking is now
    "no",  # the operator refuses
    "silent",  # no answer, an error of the operator's own, or rubbish
]  # fmt: skip

# A booking that was asked for may still be made so long after the asking: assumption, longer than
# any time limit between the two.
LATE = timedelta(minutes=15)
# After a day of trying to give something back somebody has to look (assumption).
_PATIENCE = timedelta(days=1)
_POLL = timedelta(minutes=2)  # how often a confirmed booking is looked at (assumption)
_LONGEST_S, _LONGEST_UNDO_S = 30, 600
_AGAIN = timedelta(seconds=15)  # before what was answered, but not done, is asked again
_OVER: frozenset[OrderState] = frozenset({"done", "undone", "refused", "disputed"})
# A traveller waits for what comes of these.
_AWAITED: frozenset[OrderState] = frozenset({"wanted", "offered", "kept", "confirming", "starting"})
# What a state asks for when it is sure of the last answer.
_ASKS: dict[OrderState, Ask] = {
    "wanted": "offer", "offered": "book", "confirming": "commit", "confirmed": "look",
    "starting": "begin", "in_use": "look", "ending": "end", "undoing": "cancel",
}  # fmt: skip


class Word(msgspec.Struct, frozen=True, kw_only=True):
    """What an operator's answer says, whatever standard it was said in."""

    told: Told
    theirs: str = ""
    leg: str = ""
    price_won: int | None = None
    reason: str = ""


SILENCE = Word(told="silent")


def is_over(order: Order) -> bool:
    """Whether nothing more happens to an order."""
    return order.state in _OVER


def is_due(order: Order, now: datetime) -> bool:
    """Whether something is to be done about an order."""
    return order.next_at <= now or is_late(order, now)


def is_late(order: Order, now: datetime) -> bool:
    """Whether a traveller has waited for long enough."""
    return order.state in _AWAITED and order.until <= now


def ask_of(order: Order, now: datetime) -> tuple[Order, Ask | None]:
    """Return what is to be asked now, and the order as it has to be on disk before it is asked."""
    if order.state == "undoing" and order.made_at is None:
        return replace(order, state="undone"), None
    if order.state == "kept" or order.state not in _ASKS:
        return order, None
    ask = "look" if order.unsure else _ASKS[order.state]
    later = replace(order, tries=order.tries + 1, next_at=now + _pause(order))
    if ask in ("offer", "look"):
        return later, ask
    made_at = now if ask == "book" and order.made_at is None else order.made_at
    return replace(later, unsure=True, made_at=made_at), ask


def heard(order: Order, word: Word, now: datetime) -> Order:
    """Return an order after an answer. An answer that was heard before changes nothing more."""
    if is_over(order) or order.state == "kept":
        return order
    if word.told == "silent":
        return replace(order, reason=word.reason or order.reason)
    said = replace(
        order,
        tries=0,
        next_at=now,
        leg=word.leg or order.leg,
        reason=word.reason if word.told == "no" else "",
        price_won=order.price_won if word.price_won is None else word.price_won,
    )
    if word.told == "no" and order.state != "wanted":
        # It may have been done before, by a request whose answer was lost: the booking says.
        return replace(said, unsure=True, said_no=True)
    if word.told == "ok":
        return replace(said, unsure=True, said_no=False)
    after = _AFTER[order.state](said, word, now)
    return replace(after, said_no=False) if after.state != order.state else after


def give_up(order: Order, reason: str = "") -> Order:
    """Return an order that is not wanted any more: what may be there is taken back."""
    state: OrderState = "undoing" if order.made_at is not None else "undone"
    return replace(order, state=state, tries=0, unsure=False, said_no=False, reason=reason)


def _refused(order: Order, word: Word, now: datetime) -> Order:
    """The ride will not be had; what the operator still keeps of it is given back."""
    reason = order.reason or word.reason or word.told
    if order.made_at is None or word.told == "ended":
        return replace(order, state="refused", reason=reason)
    return replace(give_up(order, reason), next_at=now)


def _wanted(order: Order, word: Word, now: datetime) -> Order:
    if word.told != "offered" or not word.theirs:
        return _refused(order, word, now)
    return replace(order, state="offered", theirs=word.theirs, unsure=False)


def _offered(order: Order, word: Word, now: datetime) -> Order:
    if word.told in ("pending", "confirmed", "conditional"):
        return replace(order, state="kept", unsure=False, next_at=order.until)
    if word.told in ("offered", "absent"):
        # Not made yet. Asked once more, unless that was the operator's answer.
        again = replace(order, unsure=False, next_at=now + _pause(order))
        return _refused(order, word, now) if order.said_no else again
    return _refused(order, word, now)


def _confirming(order: Order, word: Word, now: datetime) -> Order:
    if word.told == "confirmed":
        return replace(order, state="confirmed", unsure=False, next_at=now + _POLL)
    if word.told == "conditional":
        return replace(order, unsure=True, next_at=now + timedelta(seconds=2))
    if word.told == "pending" and not order.said_no:
        return replace(order, unsure=False, next_at=now + _pause(order))
    return _refused(order, word, now)


def _confirmed(order: Order, word: Word, now: datetime) -> Order:
    if word.told in ("confirmed", "conditional", "pending"):
        return replace(order, unsure=False, next_at=now + _POLL)
    return _ridden(order, word) or _refused(order, word, now)


def _starting(order: Order, word: Word, now: datetime) -> Order:
    if word.told in ("confirmed", "conditional", "pending"):
        if order.said_no:
            return _refused(order, word, now)
        return replace(order, unsure=False, next_at=now + _pause(order))
    return _ridden(order, word, now + _POLL) or _refused(order, word, now)


def _in_use(order: Order, word: Word, now: datetime) -> Order:
    if word.told == "finished":
        return replace(order, state="done")
    if word.told in ("ended", "absent"):
        return replace(order, state="disputed", reason=f"{word.told} while it was ridden")
    return replace(order, unsure=False, next_at=now + _POLL)


def _ending(order: Order, word: Word, now: datetime) -> Order:
    if word.told == "started" and not order.said_no:
        return replace(order, unsure=False, next_at=now + _AGAIN)
    if word.told == "started":
        return replace(order, state="in_use", unsure=False, next_at=now + _POLL)
    return _in_use(order, word, now)


def _undoing(order: Order, word: Word, now: datetime) -> Order:
    made_at = order.made_at or now
    if word.told == "ended":
        return replace(order, state="undone")
    if word.told == "finished":
        return replace(order, state="disputed", reason="ridden, though it was given back")
    if word.told in ("absent", "offered"):
        # It was not made, or not yet: a slow operator may still make it.
        if now >= made_at + LATE:
            return replace(order, state="undone")
        return replace(order, unsure=True, next_at=min(now + timedelta(minutes=1), made_at + LATE))
    if now >= max(made_at, order.until) + _PATIENCE:
        return replace(order, state="disputed", reason="it cannot be given back")
    waits = 4 * _AGAIN if order.said_no else _AGAIN
    if word.told == "started":  # it can only be waited for
        waits = timedelta(seconds=_LONGEST_UNDO_S)
    return replace(order, unsure=False, said_no=False, next_at=now + waits)


def _ridden(order: Order, word: Word, next_at: datetime | None = None) -> Order | None:
    if word.told == "started":
        return replace(order, state="in_use", unsure=False, next_at=next_at or order.next_at)
    return replace(order, state="done") if word.told == "finished" else None


def _pause(order: Order) -> timedelta:
    """How long until the next try: twice as long after each that was not answered."""
    longest_s = _LONGEST_UNDO_S if order.state == "undoing" else _LONGEST_S
    return timedelta(seconds=min(longest_s, 2 ** min(order.tries, 10)))


_AFTER = {
    "wanted": _wanted, "offered": _offered, "confirming": _confirming, "confirmed": _confirmed,
    "starting": _starting, "in_use": _in_use, "ending": _ending, "undoing": _undoing,
}  # fmt: skip
