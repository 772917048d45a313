"""A small city with the sharing service in it, driven by hand on a virtual clock."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
import pytest
import shapely
from shapely.geometry import box

from hapgang.contract import Caller, Role
from hapgang.core.clock import VirtualClock
from hapgang.core.entity import Entity
from hapgang.core.geometry import Point
from hapgang.core.ids import urn
from hapgang.core.vocabulary.environment import Weather
from hapgang.core.vocabulary.people import AgeBand
from hapgang.ledger.till import account_id
from hapgang.runtime.city import CityOf
from hapgang.runtime.handlers import Handlers
from hapgang.runtime.jobs import Jobs
from hapgang.runtime.perform import PLATFORM, Runtime
from hapgang.runtime.platform import platform
from hapgang.runtime.platform.people import register_person
from hapgang.runtime.schedules import Schedules
from hapgang.services.mobility.sharing import service
from hapgang.services.mobility.sharing.actions import setup
from hapgang.services.mobility.sharing.model import SERVICE, Rental, Vehicle
from hapgang.twin.scene import Scene, load_scene
from hapgang.writer.digest import Digest
from hapgang.writer.unit import Item, Unit
from hapgang.writer.writer import Writer
from tests.small_city import LAT, LON, STEP, write_small_city

E = TypeVar("E", bound=Entity)
MORNING = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)  # Monday, 08:00 in Seoul
FEW = {"closed_vehicles": 3, "open_vehicles": 2, "accessible_vehicles": 1}
CREW = Caller("urn:ngsi-ld:Staff:crew-1", Role.OPERATOR)
OPERATOR = Caller("urn:ngsi-ld:Person:operator", Role.OPERATOR)


def at(column: float, row: float) -> Point:
    """A point in steps of streets, (0, 0) being the south-western corner."""
    return Point((LON + column * STEP, LAT + row * STEP))


STREET = at(1.0, 1.25)  # 50 m and more from every station, outside of every area
LAWN = at(0.25, 0.25)
POND = at(2.3, 2.3)
BEYOND = at(5.0, 1.0)


def small_scene(folder: Path) -> Scene:
    """The small city, with a lawn, a school's slow zone and a ring added."""
    scene = load_scene(write_small_city(folder, services='"mobility.sharing"'), "plan")
    more = {
        "lawn": ("park", box(LON, LAT, LON + STEP / 2, LAT + STEP / 2)),
        "school": ("slow_zone", box(LON + STEP, LAT, LON + 2 * STEP, LAT + STEP)),
        "ring": ("ring_interior", box(LON, LAT, LON + 3 * STEP, LAT + 3 * STEP)),
    }
    areas = scene.areas
    added = replace(
        areas,
        area=np.append(areas.area, list(more)),
        kind=np.append(areas.kind, [kind for kind, _ in more.values()]),
        title_en=np.append(areas.title_en, list(more)),
        title_ko=np.append(areas.title_ko, list(more)),
        wkb=np.append(areas.wkb, np.array([shapely.to_wkb(s) for _, s in more.values()], object)),
    )
    return replace(scene, areas=added)


def device(plate: str) -> Caller:
    """The telemetry unit of a vehicle."""
    return Caller(urn("Device", plate), Role.DEVICE)


class World:
    """The city, its clock, and everybody in it."""

    def __init__(self, scene: Any, *, start: datetime = MORNING, **settings: Any) -> None:
        self.clock = VirtualClock(start, ZoneInfo("Asia/Seoul"))
        self.runtime = Runtime(
            {SERVICE: service, "platform": platform},
            clock=self.clock,
            writer=Writer(digest=Digest()),
            scene=scene,
            seed=7,
            settings={SERVICE: {**FEW, **settings}},
        )
        self.feed: list[Item] = []
        self.units: list[Unit] = []
        self.runtime.writer.listeners.append(self._listen)
        self.schedules = Schedules(self.runtime)
        self.handlers = Handlers(self.runtime)
        self.jobs = Jobs(self.runtime)
        self.runtime.perform(setup, PLATFORM)
        for vehicle in self.vehicles():  # so that tests can count from there
            self.put(vehicle, battery_pct=100.0)

    def person(self, name: str, **more: Any) -> Caller:
        """Somebody grown up with a licence and money, unless `more` says otherwise."""
        known = {"age_band": AgeBand.THIRTIES, "licence": True, "balance_won": 50_000, **more}
        caller = Caller(f"urn:ngsi-ld:Person:{name}", Role.RESIDENT)
        self.runtime.perform(register_person, PLATFORM, person=caller.id, **known)
        return caller

    def do(self, action: Any, who: Caller, **arguments: Any) -> Any:
        """What somebody does through the one door; jobs and handlers follow."""
        done = self.runtime.perform(action, who, **arguments)
        self.settle()
        return done

    def settle(self) -> None:
        self.handlers.drain()
        if self.runtime.started:
            self.jobs.run_started()
            self.handlers.drain()

    def wait(self, **span: float) -> None:
        """Let time pass and whatever is due happen, on the minute."""
        end = self.clock.now() + timedelta(**span)
        while (due := self.schedules.next_at) is not None and due <= end:
            self.clock.advance_to(max(due, self.clock.now()))
            self.schedules.run_due()
            self.settle()
        self.clock.advance_to(end)

    def desk(self, who: Caller = PLATFORM) -> CityOf:
        """The service's own view of the city, for looking only."""
        unit = self.runtime.writer.begin(self.clock.now(), "look", who.id)
        return CityOf(self.runtime, SERVICE, unit, who)

    def vehicles(self, **wanted: Any) -> list[Vehicle]:
        found = self.desk().hub.find(Vehicle)
        return [v for v in found if all(getattr(v, k) == x for k, x in wanted.items())]

    def vehicle(self, vehicle: str) -> Vehicle:
        return self.desk().hub.get(Vehicle, vehicle)

    def rental(self, rental: str) -> Rental:
        return self.desk().hub.get(Rental, rental)

    def put(self, view: E, **changes: Any) -> E:
        """Change one of the service's entities from outside, as fate does."""
        changed = msgspec.structs.replace(view, **changes)
        self.runtime.perform(_fate, PLATFORM, view=changed)
        return changed

    def rain(self, mm_h: float, snow_mm_h: float = 0.0) -> None:
        """Let the city's weather station see rain or snow."""
        weather = Weather(
            id=urn("WeatherObserved", "city"),
            location=at(1, 1),
            temperature_c=5.0,
            humidity_pct=90.0,
            wind_m_s=2.0,
            rain_mm_h=mm_h,
            snow_mm_h=snow_mm_h,
        )
        self.runtime.perform(_sky, PLATFORM, view=weather)
        self.settle()

    def free_won(self, who: Caller | str) -> int:
        account = self.runtime.book.account(account_id(who if isinstance(who, str) else who.id))
        return account.balance_won - account.held_won

    def held_won(self) -> int:
        return sum(account.held_won for account in self.runtime.book.accounts())

    def everything(self) -> Any:
        """State and ledger as they are, to see that a refusal leaves nothing behind."""
        state = self.runtime.state
        records = [r.document() for t in state.types() for r in state.of_type(t)]
        accounts = sorted(self.runtime.book.accounts())
        return msgspec.json.encode((records, accounts, self.runtime.writer.last_seq))

    def events(self, name: str) -> list[Any]:
        return [item.body for item in self.feed if item.kind == "event" and item.name == name]

    def _listen(self, unit: Unit) -> None:
        self.units.append(unit)
        self.feed.extend(unit.items)


def _fate(city: Any, *, view: Any) -> None:
    city.hub.save(view)


def _sky(city: Any, *, view: Any) -> None:
    city.hub.save(view)


_fate.__module__ = f"hapgang.services.{SERVICE}.actions"  # so that it is the service's own
_sky.__module__ = "hapgang.runtime.platform"


def refused(world: World, error: Any, action: Any, who: Caller, **arguments: Any) -> Any:
    """Check that something is refused, in both languages, and that nothing is left behind."""
    before = world.everything()
    with pytest.raises(error) as caught:
        world.do(action, who, **arguments)
    assert world.everything() == before
    said = caught.value.message
    assert said.en
    assert said.ko
    return caught.value
