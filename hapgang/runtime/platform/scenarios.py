"""Drafts of scenarios, and the rehearsals that people want of them.

Everybody may read every draft and see every rehearsal: what they plan is the city's business. Whose
they are is not told, but to the person; a draft says only what its author is to the city.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, NamedTuple, TypeVar

import msgspec
from msgspec import Meta

from hapgang.contract import Role
from hapgang.core.errors import Conflict, Invalid, NotFound, Refused
from hapgang.core.ids import new_urn
from hapgang.core.text import Text
from hapgang.core.vocabulary.platform import Job
from hapgang.core.vocabulary.scenarios import Change, Rehearsal, ScenarioDraft, Title
from hapgang.hub.query import where
from hapgang.runtime.city import CityOf

E = TypeVar("E", ScenarioDraft, Rehearsal)
MOST_CHANGES = 100
MOST_CHANGES_BYTES = 100_000
_MOST_DRAFTS_OF_PEOPLE = 300  # of all residents, visitors and companies together
_MOST_UNDER_WAY = 8  # rehearsals that wait or run, of everybody
_MOST_UNDER_WAY_OF_PEOPLE = 5  # so that planners find room
_MOST_REMEMBERED = 20  # rehearsals of one person; the runs themselves stay
Changes = Annotated[tuple[Change, ...], Meta(max_length=MOST_CHANGES)]


class Bounds(NamedTuple):
    """What somebody may have at once; our choice, for a machine of two processors."""

    drafts: int
    residents: int  # of one rehearsed day
    seeds: int
    under_way: int  # rehearsals that wait or run


# Visitors may be many and cost nothing to become, so that they get the least.
BOUNDS = {
    Role.PLANNER: Bounds(drafts=50, residents=10_000, seeds=5, under_way=3),
    Role.OPERATOR: Bounds(drafts=50, residents=10_000, seeds=5, under_way=3),
    Role.COMPANY: Bounds(drafts=10, residents=3_000, seeds=3, under_way=1),
    Role.RESIDENT: Bounds(drafts=10, residents=2_000, seeds=2, under_way=1),
    Role.VISITOR: Bounds(drafts=3, residents=500, seeds=1, under_way=1),
}
DRAWERS = tuple(BOUNDS)
_STAFF = ("planner", "operator")


class DraftView(msgspec.Struct, frozen=True, kw_only=True):
    """A draft as everybody may see it."""

    id: str
    title: str
    base: str
    copied_from: str | None
    changes: tuple[Change, ...]
    version: int
    role: str  # what its author is to the city
    mine: bool
    updated_at: datetime


class RehearsalView(msgspec.Struct, frozen=True, kw_only=True):
    """A rehearsal that somebody wants, and how far it is."""

    id: str
    title: str
    scenario: str
    draft: str | None
    version: int | None
    residents: int
    seeds: int
    weather: str
    state: str
    progress_pct: float
    error: str | None
    wanted_at: datetime
    ended_at: datetime | None
    runs: tuple[str, ...]
    beside: tuple[str, ...]
    role: str
    mine: bool


def drafts(city: CityOf) -> list[DraftView]:
    """Return all drafts of scenarios, newest first."""
    found = [_shown(city, one) for one in _all(city, ScenarioDraft)]
    return sorted(found, key=lambda one: one.updated_at, reverse=True)


def draft(city: CityOf, *, draft: str) -> DraftView:
    """Return one draft."""
    return _shown(city, find_draft(city, draft))


def make_draft(
    city: CityOf, *, title: Title, base: str, changes: Changes = (), copied_from: str | None = None
) -> DraftView:
    """Start a draft of the caller's own, as a copy of a scenario or of another draft."""
    role = city.caller.role.value
    own = city.hub.find(ScenarioDraft, where.author == city.caller.id)
    most = BOUNDS[city.caller.role].drafts
    if len(own) >= most:
        raise Conflict(
            f"You have {most} drafts already; delete one first.",
            f"초안이 이미 {most}개 있습니다. 하나를 지운 뒤 다시 하세요.",
        )
    people = sum(one.role not in _STAFF for one in _all(city, ScenarioDraft))
    if role not in _STAFF and people >= _MOST_DRAFTS_OF_PEOPLE:
        raise Conflict(
            "There are too many drafts at the moment; try again later.",
            "지금은 초안이 너무 많습니다. 나중에 다시 시도하세요.",
        )
    _check_size(changes)
    made = ScenarioDraft(
        id=new_urn("ScenarioDraft", city.rng),
        author=city.caller.id,
        role=role,
        title=title,
        base=base,
        copied_from=copied_from,
        changes=changes,
        updated_at=city.now,
    )
    city.hub.save(made)
    return _shown(city, made)


def edit_draft(
    city: CityOf, *, draft: str, version: int, title: Title, changes: Changes
) -> DraftView:
    """Write the caller's draft anew; `version` is the one that was read."""
    found = _own(city, draft)
    if found.version != version:
        raise Conflict(
            f"This draft has been changed meanwhile (version {found.version}); load it again.",
            f"그사이 초안이 바뀌었습니다({found.version}번째). 다시 불러오세요.",
            version=found.version,
        )
    _check_size(changes)
    fresh = msgspec.structs.replace(
        found, title=title, changes=changes, version=version + 1, updated_at=city.now
    )
    city.hub.save(fresh)
    return _shown(city, fresh)


def delete_draft(city: CityOf, *, draft: str) -> None:
    """Throw the caller's draft away; its history and its runs stay."""
    city.hub.delete(ScenarioDraft, _own(city, draft).id)


def want_rehearsal(city: CityOf, *, wanted: Rehearsal) -> RehearsalView:
    """Write down that the caller wants a rehearsal; called where its job is started."""
    for old in _oldest_of(city, city.caller.id)[: -_MOST_REMEMBERED + 1]:
        city.hub.delete(Rehearsal, old.id)
    city.hub.save(wanted)
    return _told(city, wanted)


def check_room(city: CityOf, *, residents: int, seeds: int) -> None:
    """Raise where the caller may not have a rehearsal of this size, or not now."""
    role, bounds = city.caller.role, BOUNDS[city.caller.role]
    if residents > bounds.residents or seeds > bounds.seeds:
        raise Invalid(
            f"As {role.value} you can rehearse at most {bounds.residents:,} residents and"
            f" {bounds.seeds} seeds.",
            f"현재 역할로는 주민 {bounds.residents:,}명, 시드 {bounds.seeds}개까지 예행할 수"
            " 있습니다.",
        )
    busy = [one for one in _all(city, Rehearsal) if _state(city, one)[0] in ("waiting", "running")]
    own = sum(one.wanted_by == city.caller.id for one in busy)
    people = sum(one.role not in _STAFF for one in busy)
    is_person = role.value not in _STAFF
    if own >= bounds.under_way or len(busy) >= _MOST_UNDER_WAY or (
        is_person and people >= _MOST_UNDER_WAY_OF_PEOPLE
    ):  # fmt: skip
        whose = "yours" if own >= bounds.under_way else "others'"
        raise Conflict(
            f"Rehearsals are under way ({whose}); wait until one has ended, or cancel your own.",
            "진행 중인 예행이 있습니다. 끝날 때까지 기다리거나 내 예행을 취소하세요.",
        )


def rehearsals(city: CityOf) -> list[RehearsalView]:
    """Return the rehearsals that people want or wanted, newest first."""
    found = [_told(city, one) for one in _all(city, Rehearsal)]
    return sorted(found, key=lambda one: one.wanted_at, reverse=True)


def note_rehearsed(city: CityOf, *, result: str) -> None:
    """Tell whoever wanted a rehearsal that it is over; `result` is its id."""
    found = city.hub.find_by_id(Rehearsal, result)
    if found is not None and found.role in (Role.RESIDENT.value, Role.VISITOR.value):
        city.tell(
            found.wanted_by,
            Text("Your rehearsal is ready", "예행이 끝났어요"),
            Text(
                f"“{found.title}” has been rehearsed. Compare it under Runs.",
                f"“{found.title}” 예행이 끝났어요. 예행 화면에서 비교해 보세요.",
            ),
        )


def job_to_cancel(city: CityOf, *, rehearsal: str) -> str:
    """Return the job of a rehearsal that the caller may cancel: their own, operators any."""
    found = next((one for one in _all(city, Rehearsal) if one.id == rehearsal), None)
    if found is None:
        raise NotFound(f"there is no rehearsal {rehearsal}", f"예행 {rehearsal}이(가) 없습니다")
    if found.wanted_by != city.caller.id and city.caller.role is not Role.OPERATOR:
        raise Refused("this rehearsal is somebody else's", "다른 사람의 예행입니다")
    return found.job


def find_draft(city: CityOf, draft: str) -> ScenarioDraft:
    """Return a draft, whoever its author is; `NotFound` where there is none."""
    record = city.runtime.state.get(draft)
    if record is None or not isinstance(record.view, ScenarioDraft):
        raise NotFound(f"there is no draft {draft}", f"초안 {draft}이(가) 없습니다")
    return record.view


def _own(city: CityOf, draft: str) -> ScenarioDraft:
    found = find_draft(city, draft)
    if found.author != city.caller.id:
        raise Refused(
            "This draft is somebody else's; make a copy of it.",
            "다른 사람의 초안입니다. 복사해서 고치세요.",
        )
    return found


def _all(city: CityOf, view: type[E]) -> list[E]:
    """Return all of a type. No read is logged: what is shown of them names nobody."""
    records = city.runtime.state.of_type(view.__name__)
    return [record.view for record in records if isinstance(record.view, view)]


def _check_size(changes: Sequence[Change]) -> None:
    if len(msgspec.json.encode(changes)) > MOST_CHANGES_BYTES:
        raise Invalid(
            f"the changes of a draft have at most {MOST_CHANGES_BYTES:,} bytes",
            f"초안의 변경은 모두 {MOST_CHANGES_BYTES:,}바이트까지입니다",
        )


def _shown(city: CityOf, one: ScenarioDraft) -> DraftView:
    return DraftView(
        id=one.id,
        title=one.title,
        base=one.base,
        copied_from=one.copied_from,
        changes=one.changes,
        version=one.version,
        role=one.role,
        mine=one.author == city.caller.id,
        updated_at=one.updated_at,
    )


def _told(city: CityOf, one: Rehearsal) -> RehearsalView:
    state, job = _state(city, one)
    return RehearsalView(
        id=one.id, title=one.title, scenario=one.scenario, draft=one.draft, version=one.version,
        residents=one.residents, seeds=one.seeds, weather=one.weather, state=state,
        progress_pct=job.progress_pct if job else 0.0, error=job.error if job else None,
        wanted_at=one.wanted_at, ended_at=job.ended_at if job else None, runs=one.runs,
        beside=one.beside, role=one.role, mine=one.wanted_by == city.caller.id,
    )  # fmt: skip


def _state(city: CityOf, one: Rehearsal) -> tuple[str, Job | None]:
    job = city.hub.find_by_id(Job, one.job)
    return (job.state, job) if job is not None else ("failed", None)


def _oldest_of(city: CityOf, person: str) -> list[Rehearsal]:
    own = [one for one in _all(city, Rehearsal) if one.wanted_by == person]
    return sorted(own, key=lambda one: one.wanted_at)
