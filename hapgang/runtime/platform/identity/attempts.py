"""Attempts to sign in: a challenge for five minutes, good once, kept as a hash.

What the page has (`attempt`) is drawn by the door and never kept; its hash is the entity's id, and
the challenge is another hash of it. So who reads the store cannot answer, and who kills the city
between question and answer has not changed that it can be answered.
"""

import hashlib
from datetime import timedelta

from hapgang.core.entity import Entity
from hapgang.core.errors import Refused, Unavailable
from hapgang.core.ids import urn
from hapgang.core.text import Text
from hapgang.core.vocabulary.sessions import CodeHash, Enrolment, Purpose, SignInAttempt
from hapgang.hub.state import State
from hapgang.ledger.identity.codes import hash_of
from hapgang.ledger.identity.jose import b64
from hapgang.ledger.identity.passkeys import CHALLENGE_S
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.money.spending import peek

MOST_WAITING = 20_000  # whoever asks: what is asked is written to disk
MOST_WAITING_OF_ONE = 20
_ENDED_AT_ONCE = 5_000  # each minute: more than may begin in one, of so many in five minutes


class TooManyAttempts(Unavailable):
    """More is asked than people do."""

    status = 429
    title = Text("Too many attempts", "시도가 너무 많습니다")


def too_many() -> TooManyAttempts:
    """Return the error of who tries too often."""
    return TooManyAttempts(
        "There were too many attempts to sign in; wait a few minutes.",
        "로그인 시도가 너무 많습니다. 몇 분 뒤에 다시 시도해 주세요.",
    )


def challenge_of(attempt: str) -> str:
    """Return the challenge that belongs to an attempt, base64url."""
    return b64(hashlib.sha256(f"hapgang challenge {attempt}".encode()).digest())


def attempt_id(attempt: str) -> str:
    """Return the entity's id of what the page has."""
    return urn(SignInAttempt.__name__, hash_of(attempt))


def begin_attempt(
    city: CityOf, *, attempt: CodeHash, purpose: Purpose, person: str | None = None
) -> None:
    """Keep that a challenge was given; of strangers and of each person only so many wait."""
    state, kind = city.runtime.state, SignInAttempt.__name__
    if person is None:
        is_full = state.count(kind) >= MOST_WAITING
    else:
        is_full = sum(1 for _ in state.each_with(kind, "person", person)) >= MOST_WAITING_OF_ONE
    if is_full:
        raise too_many()
    city.hub.save(
        SignInAttempt(
            id=urn(SignInAttempt.__name__, attempt),
            person=person,
            purpose=purpose,
            until=city.now + timedelta(seconds=CHALLENGE_S),
        )
    )


def take_attempt(city: CityOf, *, attempt: str, purpose: Purpose) -> SignInAttempt | None:
    """Use an attempt up, whatever comes of it; None where it is over or for something else.

    It is a unit of its own: what is refused afterwards does not bring it back.
    """
    found = peek(city, SignInAttempt, attempt_id(attempt))
    if found is None:
        return None
    remove(city, found.id)
    return found if found.until > city.now and found.purpose == purpose else None


def not_waiting() -> Refused:
    """Return the error of an answer that nobody waits for."""
    return Refused(
        "This attempt is over or was used; begin again.",
        "이미 쓰였거나 시간이 지난 시도입니다. 처음부터 다시 해 주세요.",
    )


def remove(city: CityOf, entity: str) -> None:
    """Delete an entity of the platform's own."""
    record = city.runtime.state.get(entity)
    if record is not None:
        city.hub.remove(record)


def remove_all(city: CityOf, person: str, *kinds: type[Entity]) -> None:
    """Delete what there is of somebody of some of the platform's own kinds."""
    for kind in kinds:
        for record in list(city.runtime.state.with_value(kind.__name__, "person", person) or ()):
            city.hub.remove(record)


def end_attempts(city: CityOf) -> None:
    """Take away attempts and codes of a counter whose time is over."""
    for name in _over(city.runtime.state, city)[:_ENDED_AT_ONCE]:
        remove(city, name)


def _over(state: State, city: CityOf) -> list[str]:
    return [
        record.id
        for kind in (SignInAttempt, Enrolment)
        for record in state.each(kind.__name__)
        if isinstance(record.view, SignInAttempt | Enrolment) and record.view.until <= city.now
    ]
