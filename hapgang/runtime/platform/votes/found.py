"""Polls and what belongs to them, found by the poll's name; who may vote."""

from datetime import datetime

from hapgang.core.errors import Conflict, NotFound
from hapgang.core.ids import urn
from hapgang.core.vocabulary.people import AgeBand, Person
from hapgang.core.vocabulary.votes import (
    BallotPlace,
    Consultation,
    Electorate,
    PollBoard,
    PollTrustee,
    Stage,
    VotingToken,
)
from hapgang.hub.record import Record
from hapgang.ledger.identity.credentials import age_on
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.identity.found import registration_of
from hapgang.runtime.platform.identity.held import is_here
from hapgang.runtime.platform.money.spending import peek, today

_BANDS = list(AgeBand)
_STAGES: dict[Stage, str] = {
    "preparing": "준비 중", "open": "투표 중", "closed": "마감", "counted": "집계 끝",
    "failed": "무산됨",
}  # fmt: skip


def poll_of(city: CityOf, name: str) -> Consultation:
    """Return a poll."""
    found = peek(city, Consultation, urn("Poll", name))
    if found is None:
        raise NotFound(f"there is no poll {name[:80]}", f"{name[:80]} 투표가 없습니다")
    return found


def poll_in(city: CityOf, name: str, state: Stage) -> Consultation:
    """Return a poll that is in a state; `Conflict` where it is in another."""
    found = poll_of(city, name)
    if found.state != state:
        raise Conflict(
            f"The poll is {found.state}; this is for one that is {state}.",
            f"지금은 ‘{_STAGES[found.state]}’ 상태이고, ‘{_STAGES[state]}’일 때만 할 수 있습니다.",
        )
    return found


def poll_to_vote_in(city: CityOf, name: str) -> Consultation:
    """Return a poll that takes votes at this instant, however late its schedule runs."""
    found = poll_in(city, name, "open")
    if city.now >= found.closes_at:
        raise Conflict("The poll has closed.", "투표가 마감되었습니다.")
    return found


def board_of(city: CityOf, name: str) -> PollBoard:
    """Return how much a poll's board holds."""
    return city.hub.get(PollBoard, urn("PollBoard", name))


def trustee_of(city: CityOf, name: str, index: int) -> PollTrustee:
    """Return a trustee of a poll."""
    return city.hub.get(PollTrustee, urn("PollTrustee", f"{name}:{index}"))


def trustees_of(city: CityOf, poll: Consultation) -> list[PollTrustee]:
    """Return all trustees of a poll, in their order."""
    return [trustee_of(city, poll.name, index) for index in range(1, poll.n_trustees + 1)]


def place_of(city: CityOf, name: str, pseudonym: str) -> BallotPlace | None:
    """Return where a pseudonym's last entry is."""
    return city.hub.find_by_id(BallotPlace, urn("BallotPlace", f"{name}:{pseudonym}"))


def token_of(city: CityOf, name: str, person: str) -> VotingToken | None:
    """Return what a person took for a poll."""
    for record in city.runtime.state.with_value("VotingToken", "person", person) or ():
        if isinstance(record.view, VotingToken) and record.view.poll == name:
            return record.view
    return None


def note_look(city: CityOf, *, person: str) -> None:
    """Note that a desk was told whether somebody may vote, or has voted, where it gave nothing."""
    if peek(city, Person, person) is not None:
        city.hub.log_read(person, "a look at the roll of a vote", "right to vote")


def may_vote(city: CityOf, record: Record | None, rule: Electorate, known_before: datetime) -> bool:
    """Return whether a person has a right to vote: a resident who was known before an instant.

    The register says who lives here since when, and how old they are; of whom it does not hold,
    what the city knows of them as a person counts.
    """
    if record is None or not isinstance(record.view, Person) or record.created > known_before:
        return False
    person, band = record.view, record.view.age_band
    registered = registration_of(city, person.id)
    if registered is not None:
        opened_on = known_before.astimezone(city.runtime.clock.zone).date()
        if registered.since > opened_on or not is_here(registered, today(city)):
            return False
        band = AgeBand.of(age_on(registered.born, opened_on))
    elif person.visitor:
        return False
    return _BANDS.index(band) >= _BANDS.index(rule.age_from)
