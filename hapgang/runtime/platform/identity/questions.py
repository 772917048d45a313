"""Questions to wallets: who asks for what and why, and what an answer proved, for an hour."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from hapgang.core.errors import Conflict, Invalid, NotFound, Refused
from hapgang.core.ids import urn
from hapgang.core.text import Text
from hapgang.core.vocabulary.identity import AskedQuestion, Hash, IssuedCredential, Said
from hapgang.core.vocabulary.people import Person
from hapgang.core.vocabulary.sessions import Shown
from hapgang.hub.state import State
from hapgang.ledger.identity.needs import ids_of
from hapgang.runtime.city import CityOf
from hapgang.runtime.needs import is_attribute
from hapgang.runtime.platform.identity.sessions import show_to_session
from hapgang.runtime.platform.money.spending import peek

MOST_OPEN = 1_000  # questions of one who asks: a kiosk at a busy door, five minutes each
_changed = msgspec.structs.replace
Handle = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]{16,64}\Z")]
Needs = Annotated[tuple[str, ...], Meta(max_length=16)]


class NotTheirs(Refused):
    """The credential that was shown is another person's than the session's."""

    title = Text("This is somebody else's credential", "다른 사람의 증명서입니다")


class QuestionView(msgspec.Struct, frozen=True):
    """A question as who asked sees it; `proven` holds until `proven_until`."""

    question: str
    purpose: Text
    needs: tuple[str, ...]
    state: Literal["open", "answered", "refused", "over"]
    until: datetime
    proven: Said | None
    proven_until: datetime | None


def note_question(
    city: CityOf,
    *,
    question: Handle,
    purpose: Text,
    needs: Needs,
    dcql: dict[str, Any],
    state: Hash,
    nonce: str,
    audience: str,
    response_uri: str,
    until: datetime,
    to_session: bool = False,
    back: Annotated[str, Meta(max_length=500)] | None = None,
) -> AskedQuestion:
    """Keep a question of the caller's; what is needed is named as in a route's `needs`.

    to_session: what is shown is added to the session in which this is asked. back: where the
    wallet of the same device sends the person, with a code that only this browser can bring.
    """
    check_needs(needs)
    if len(_asked_by(city, city.caller.id)) >= MOST_OPEN:
        raise Conflict(
            f"{MOST_OPEN} questions of yours are open.", f"열린 요청이 {MOST_OPEN}건입니다."
        )
    session = city.caller.session if to_session else None
    if to_session and session is None:
        raise Refused("Only a session can be shown something.", "로그인한 세션에서만 됩니다.")
    asked = AskedQuestion(
        id=urn("AskedQuestion", question), asked_by=city.caller.id, purpose=purpose, needs=needs,
        dcql=dcql, state=state, nonce=nonce, audience=audience, response_uri=response_uri,
        session=session, back=back, until=until,
    )  # fmt: skip
    city.hub.check_new(asked.id)
    city.hub.save(asked)
    return asked


def check_needs(needs: Iterable[str]) -> None:
    """Refuse what is no attribute."""
    for need in needs:
        if not is_attribute(need):
            raise Invalid(f"{need[:80]} is no attribute", f"{need[:80]}은(는) 속성이 아닙니다")


def note_answer(
    city: CityOf,
    *,
    question: str,
    attributes: dict[str, Any],
    until: datetime,
    response_code: Hash | None = None,
    relied_on: Mapping[str, str] = {},
) -> None:
    """Keep what an answer proved. With a code, only the browser that brings it has the proof.

    relied_on: by the id of what was asked for, the city's own credential that was shown, or the
    `TrustedIssuer` whose word it was.
    """
    asked = peek(city, AskedQuestion, question)
    assert asked is not None
    proven = dict.fromkeys(asked.needs, True) if asked.needs else attributes
    answered = _changed(
        asked, answered_at=city.now, proven=proven, proven_until=until,
        response_code=response_code, credentials=_credentials(city, asked, relied_on),
    )  # fmt: skip
    city.hub.save(answered)
    if response_code is None:
        _show(city, answered)


def note_refusal(city: CityOf, *, question: str) -> None:
    """Keep that the person said no."""
    asked = peek(city, AskedQuestion, question)
    assert asked is not None
    city.hub.save(_changed(asked, refused=True, answered_at=city.now))


def bring_code(city: CityOf, *, question: str, code: Hash) -> QuestionView:
    """Have the proof of a question that the caller's wallet answered in the same browser."""
    asked = _mine(city, question)
    until = asked.proven_until
    if asked.response_code != code or until is None or until <= city.now:
        raise Refused("This answer is not yours.", "본인의 답이 아닙니다.")
    had = _changed(asked, response_code=None)
    city.hub.save(had)
    _show(city, had)
    return _view(city, had)


def get_question(city: CityOf, *, question: Annotated[str, Meta(max_length=200)]) -> QuestionView:
    """Return what became of a question of the caller's; that they looked is noted."""
    asked = _mine(city, question)
    if asked.answered_at is not None and asked.seen_at is None and asked.response_code is None:
        asked = _changed(asked, seen_at=city.now)
        city.hub.save(asked)
    return _view(city, asked)


def is_over(asked: AskedQuestion, now: datetime) -> bool:
    """Return whether a question, and what it proved, can be forgotten."""
    last = asked.proven_until or asked.until
    return last + timedelta(minutes=10) <= now


def _show(city: CityOf, asked: AskedQuestion) -> None:
    """Let the session that asked hold what was shown to it."""
    if asked.session is None or asked.proven_until is None:
        return
    shown = tuple(
        Shown(need, asked.proven_until, asked.credentials.get(need)) for need in asked.needs
    )
    show_to_session(city, session=asked.session, person=asked.asked_by, shown=shown)


def is_strangers(state: State, asked: AskedQuestion) -> bool:
    """Return whether what is shown is of somebody whom nobody knows: an office's, a visitor's."""
    record = None if asked.session is None else state.get(asked.asked_by)
    person = None if record is None else record.view
    return not isinstance(person, Person) or person.visitor


def _credentials(
    city: CityOf, asked: AskedQuestion, relied_on: Mapping[str, str]
) -> dict[str, str]:
    """Return what proved each need of a session: a credential of the city's, or another city.

    Nobody who is known here shows what was issued to somebody else; a visitor is not known.
    """
    if asked.session is None:
        return {}
    shown = [peek(city, IssuedCredential, one) for one in relied_on.values()]
    is_known = not is_strangers(city.runtime.state, asked)
    if is_known and not all(one is not None and one.person == asked.asked_by for one in shown):
        raise NotTheirs("Show your own.", "본인의 증명서를 보여 주세요.")
    return {need: relied_on[name] for need, name in ids_of(asked.needs).items()}


def _mine(city: CityOf, question: str) -> AskedQuestion:
    asked = peek(city, AskedQuestion, urn("AskedQuestion", question))
    if asked is None or asked.asked_by != city.caller.id:
        raise NotFound("You asked no such question.", "그런 요청이 없습니다.")
    return asked


def _asked_by(city: CityOf, caller: str) -> list[AskedQuestion]:
    records = city.runtime.state.with_value("AskedQuestion", "asked_by", caller) or ()
    found = [record.view for record in records if isinstance(record.view, AskedQuestion)]
    return [one for one in found if one.answered_at is None and city.now < one.until]


def _view(city: CityOf, asked: AskedQuestion) -> QuestionView:
    handle = asked.id.rpartition(":")[2]
    state: Literal["open", "answered", "refused", "over"] = "open"
    has_proof = asked.answered_at is not None and not asked.refused and not asked.response_code
    if asked.refused:
        state = "refused"
    elif has_proof and asked.proven_until is not None and city.now < asked.proven_until:
        state = "answered"
    elif has_proof or asked.until <= city.now:
        state = "over"
    proven = asked.proven if state == "answered" else None
    return QuestionView(
        handle, asked.purpose, asked.needs, state, asked.until, proven,
        asked.proven_until if state == "answered" else None,
    )  # fmt: skip
