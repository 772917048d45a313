"""A service small enough to think about, and a runtime around it: no disk, a clock by hand."""

from datetime import UTC, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
from msgspec import Meta

from hapgang.contract import (
    ANYONE,
    Caller,
    City,
    Level,
    Read,
    Role,
    Route,
    Service,
    Text,
    where,
)
from hapgang.core.clock import Clock, VirtualClock
from hapgang.core.entity import Entity, Property, Relationship, entity
from hapgang.core.errors import Conflict
from hapgang.core.event import Event, Question
from hapgang.core.geometry import Point
from hapgang.core.ids import urn
from hapgang.core.money import Won
from hapgang.core.text import Words
from hapgang.core.vocabulary.people import Person
from hapgang.runtime.perform import PLATFORM, Runtime
from hapgang.runtime.platform import platform
from hapgang.runtime.platform.people import register_person
from hapgang.writer.digest import Digest
from hapgang.writer.writer import Writer

NAME = "test.village"
OTHER = "test.neighbour"
START = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
SEOUL = ZoneInfo("Asia/Seoul")
HERE = Point((127.30, 36.51))


@entity("TestWell", words=Words(Text("Wells", "우물"), Text("Water.", "물."), is_open=True))
class Well(Entity, frozen=True, kw_only=True):
    """Something at a place that counts."""

    location: Point | None
    count: Annotated[int, Property("value"), Meta(ge=0)] = 0
    state: Annotated[str, Property(indexed=True)] = "free"
    depth_m: Annotated[float, Property("depth", unit="MTR"), Meta(ge=0, le=100)] = 1.0
    checked_at: datetime | None = None
    marks: tuple[str, ...] = ()


@entity("TestDiary", person="owner")
class Diary(Entity, frozen=True, kw_only=True):
    """Somebody's own words."""

    owner: Annotated[str, Relationship("writtenBy", indexed=True)]
    text: str


@entity("TestTally")
class Tally(Entity, frozen=True, kw_only=True):
    """How many draws of a well were heard."""

    heard: int = 0
    missed: int = 0


class Drawn(Event, frozen=True, kw_only=True):
    """Water was drawn from a well."""

    count: int


class HowDeep(Question[float], frozen=True, kw_only=True):
    """How deep is your well?"""

    well: str


class WellIsDry(Conflict):
    """There is nothing to draw."""


def dig(city: City, *, well: str, lon: float = HERE.lon, lat: float = HERE.lat) -> str:
    """Make a well."""
    city.hub.save(Well(id=well_id(well), location=Point((lon, lat))))
    return well_id(well)


def draw(city: City, *, well: str) -> int:
    """Count one up, and tell."""
    found = city.hub.get(Well, well_id(well))
    city.hub.save(msgspec.structs.replace(found, count=found.count + 1))
    city.hub.emit(Drawn(entity=found.id, count=found.count + 1))
    return found.count + 1


def buy(city: City, *, well: str, price_won: Won, fail: bool = False) -> str:
    """Draw and pay for it, unless it has to fail after all of that."""
    draw(city, well=well)
    city.ledger.open_account(NAME, "service")
    paid = city.ledger.pay(urn("Transfer", f"{city.rng.bits64():016x}"), city.caller.id, NAME,
                           price_won, "water")  # fmt: skip
    city.tell(city.caller.id, Text("Water", "물"), Text("Enjoy.", "맛있게 드세요."))
    if fail:
        raise WellIsDry("this well is dry", "우물이 말랐습니다")
    return paid


def reserve(city: City, *, price_won: Won) -> str:
    """Set money aside for water."""
    city.ledger.open_account(NAME, "service")
    hold = urn("Transfer", f"{city.rng.bits64():016x}")
    return city.ledger.hold(hold, city.caller.id, NAME, price_won, "water to come")


def settle(city: City, *, hold: str, price_won: Won) -> str:
    """Take what the water cost, or nothing of it."""
    transfer = urn("Transfer", f"{city.rng.bits64():016x}")
    if price_won == 0:
        return city.ledger.release(hold, transfer, "no water")
    return city.ledger.capture(hold, transfer, price_won, "water")


def give_back(city: City, *, payment: str, amount_won: Won) -> str:
    """Refund a part."""
    transfer = urn("Transfer", f"{city.rng.bits64():016x}")
    return city.ledger.refund(payment, transfer, amount_won, "it was cold")


def shut(city: City, *, well: str, state: str, count: int = 0) -> None:
    """Close a well for good."""
    city.hub.close(Well(id=well_id(well), location=HERE, state=state, count=count))


def fill_in(city: City, *, well: str) -> None:
    """Remove a well."""
    city.hub.delete(Well, well_id(well))


def measure(city: City, *, depths_m: dict[str, float]) -> None:
    """Measure many wells at once."""
    ids = [well_id(name) for name in depths_m]
    city.hub.record(Well, ids, city.now, depth_m=np.array(list(depths_m.values())))


def write_diary(city: City, *, text: str) -> str:
    """Keep the caller's words."""
    diary = Diary(id=urn("TestDiary", f"{city.rng.bits64():016x}"), owner=city.caller.id, text=text)
    city.hub.save(diary)
    return diary.id


def burn_diary(city: City, *, diary: str) -> None:
    """Close a diary: it leaves memory."""
    city.hub.close(city.hub.get(Diary, diary))


def diaries(city: City) -> list[Diary]:
    """Return everybody's diaries."""
    return city.hub.find(Diary)


def ages(city: City) -> list[str]:
    """Return the age bands of people whom the neighbour may ask about."""
    return [person.age_band.value for person in city.hub.find(Person)]


def homes(city: City) -> list[Any]:
    """Try to see more than was asked for."""
    return [person.home for person in city.hub.find(Person)]


def depths(city: City, *, well: str) -> list[float]:
    """Ask the others how deep a well is."""
    return city.ask(HowDeep(well=well_id(well)))


def answer_depth(city: City, question: HowDeep) -> float | None:
    """Answer under the village's own desk."""
    found = city.hub.find_by_id(Well, question.well)
    return found.depth_m if found else None


def deep_wells(city: City) -> list[str]:
    """Try to read the village's wells without having said so."""
    return [well.id for well in city.hub.find(Well, where.depth_m > 1)]


def heard(city: City, event: Drawn) -> None:
    """Note each draw in the well's marks, once."""
    well = city.hub.get(Well, event.entity)
    mark = f"drawn {event.count}"
    if mark not in well.marks:
        city.hub.save(msgspec.structs.replace(well, marks=(*well.marks, mark)))


def tally(city: City, event: Drawn) -> None:
    """Count each draw once, and those that were left out."""
    name = event.entity.replace("TestWell", "TestTally")
    old = city.hub.find_by_id(Tally, name) or Tally(id=name)
    if event.count > old.heard:
        missed = old.missed + event.count - old.heard - 1
        city.hub.save(Tally(id=name, heard=event.count, missed=missed))


village = Service(
    title=Text("Village", "마을"),
    level=Level.SKETCHED,
    owns=(Well, Diary, Tally),
    hears={Drawn: heard},
    answers={HowDeep: answer_depth},
    routes=(
        Route.post("/wells", dig, allow=(Role.OPERATOR,)),
        Route.post("/wells/{well}/draw", draw, allow=ANYONE),
        Route.post("/buy", buy, allow=(Role.RESIDENT,)),
        Route.post("/reserve", reserve, allow=(Role.RESIDENT,)),
        Route.post("/settle", settle, allow=(Role.RESIDENT,)),
        Route.post("/give-back", give_back, allow=(Role.RESIDENT,)),
        Route.post("/fill-in", fill_in, allow=(Role.OPERATOR,)),
        Route.post("/shut", shut, allow=(Role.OPERATOR,)),
        Route.post("/measure", measure, allow=(Role.OPERATOR,)),
        Route.post("/diaries", write_diary, allow=(Role.RESIDENT,)),
        Route(method="DELETE", path="/diaries/{diary}", action=burn_diary, allow=(Role.RESIDENT,)),
        Route.get("/diaries", diaries, allow=(Role.RESIDENT, Role.OPERATOR)),
    ),
)
neighbour = Service(
    title=Text("Neighbour", "이웃"),
    level=Level.SKETCHED,
    reads=(Read(view=Person, fields=("age_band",), purpose=Text("greeting", "인사")),),
    routes=(
        Route.get("/ages", ages, allow=ANYONE),
        Route.get("/homes", homes, allow=ANYONE),
        Route.get("/depths", depths, allow=ANYONE),
        Route.get("/wells", deep_wells, allow=ANYONE),
    ),
)
SERVICES = {NAME: village, OTHER: neighbour, "platform": platform}


def well_id(name: str) -> str:
    """Return the id of a well."""
    return urn("TestWell", name)


def person(name: str, role: Role = Role.RESIDENT) -> Caller:
    """Return a caller."""
    return Caller(urn("Person", name), role)


def runtime_of(
    services: dict[str, Service] | None = None,
    *,
    clock: Clock | None = None,
    seed: int = 1,
    writer: Writer | None = None,
) -> Runtime:
    """Return a runtime without a disk."""
    return Runtime(
        services or SERVICES,
        clock=clock or VirtualClock(START, SEOUL),
        writer=writer or Writer(digest=Digest()),
        scene=None,  # type: ignore[arg-type]  # no action here looks at the ground
        seed=seed,
    )


def move_in(runtime: Runtime, caller: Caller, balance_won: int = 10_000) -> None:
    """Make a person known, with money."""
    runtime.perform(
        register_person, PLATFORM, person=caller.id, age_band="30-39", balance_won=balance_won
    )


def trace_of(runtime: Runtime) -> tuple[Any, ...]:
    """Return everything that a failed action must leave as it was."""
    state, book = runtime.state, runtime.book
    records = [
        (r.id, r.view, r.extra, r.modified, r.seq)
        for name in state.types()
        for r in state.of_type(name)
    ]
    by_index = [
        sorted(r.id for r in state.with_value("TestWell", "state", value) or ())
        for value in ("free", "touched")
    ]
    near = [(round(m, 6), r.id) for m, r in state.near("TestWell", HERE, 1000.0)]
    writer = runtime.writer
    return records, by_index, near, sorted(book.accounts()), writer.last_seq, writer.digest
