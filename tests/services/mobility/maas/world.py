"""Sejong with shared vehicles and integrated mobility in it, on a virtual clock."""

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from hapgang.contract import Caller, Role
from hapgang.core.clock import VirtualClock
from hapgang.core.geometry import Point
from hapgang.core.vocabulary.people import AgeBand
from hapgang.ledger.till import account_id
from hapgang.runtime.handlers import Handlers
from hapgang.runtime.perform import PLATFORM, Runtime
from hapgang.runtime.platform import platform
from hapgang.runtime.platform.people import register_person
from hapgang.runtime.schedules import Schedules
from hapgang.services.mobility.maas import service as maas
from hapgang.services.mobility.maas.actions import plan
from hapgang.services.mobility.maas.model import Option
from hapgang.services.mobility.sharing import service as sharing
from hapgang.services.mobility.sharing.actions import setup
from hapgang.twin.scene import Scene, load_scene
from hapgang.writer.digest import Digest
from hapgang.writer.writer import Writer

CITY = Path(__file__).resolve().parents[4] / "cities" / "sejong"
EIGHT = datetime(2026, 9, 15, 23, 0, tzinfo=UTC)  # Wednesday, 08:00 in Seoul
SHARING, MAAS = "mobility.sharing", "mobility.maas"
DEVICE = Caller("urn:ngsi-ld:Device:timetable", Role.DEVICE)


@cache
def scene() -> Scene:
    return load_scene(CITY, "plan")


class World:
    """The city, its clock, and everybody in it."""

    def __init__(self, **services: Any) -> None:
        self.clock = VirtualClock(EIGHT, ZoneInfo("Asia/Seoul"))
        self.runtime = Runtime(
            {SHARING: sharing, MAAS: maas, "platform": platform, **services},
            clock=self.clock,
            writer=Writer(digest=Digest()),
            scene=scene(),
            seed=7,
        )
        self.schedules = Schedules(self.runtime)
        self.handlers = Handlers(self.runtime)
        self.runtime.perform(setup, PLATFORM)

    def person(self, name: str, **more: Any) -> Caller:
        known = {"age_band": AgeBand.THIRTIES, "licence": True, "balance_won": 50_000, **more}
        caller = Caller(f"urn:ngsi-ld:Person:{name}", Role.RESIDENT)
        self.runtime.perform(register_person, PLATFORM, person=caller.id, **known)
        return caller

    def do(self, action: Any, who: Caller, **arguments: Any) -> Any:
        done = self.runtime.perform(action, who, **arguments)
        self.handlers.drain()
        return done

    def wait(self, **span: float) -> None:
        end = self.clock.now() + timedelta(**span)
        while (due := self.schedules.next_at) is not None and due <= end:
            self.clock.advance_to(max(due, self.clock.now()))
            self.schedules.run_due()
            self.handlers.drain()
        self.clock.advance_to(end)

    def plan(self, who: Caller, start: str, end: str, **words: Any) -> list[Option]:
        a, b = zone(start), zone(end)
        found: list[Option] = self.do(
            plan, who, from_lon=a.lon, from_lat=a.lat, to_lon=b.lon, to_lat=b.lat, **words
        )
        return found

    def free_won(self, who: Caller) -> int:
        account = self.runtime.book.account(account_id(who.id))
        return account.balance_won - account.held_won

    def held_won(self) -> int:
        return sum(account.held_won for account in self.runtime.book.accounts())

    def everything(self) -> bytes:
        state = self.runtime.state
        records = [r.document() for t in state.types() for r in state.of_type(t)]
        accounts = sorted(self.runtime.book.accounts())
        return msgspec.json.encode((records, accounts, self.runtime.writer.last_seq))

    def refused(self, error: Any, action: Any, who: Caller, **arguments: Any) -> Any:
        """Check that something is refused, in both languages, and that nothing is left behind."""
        before = self.everything()
        with pytest.raises(error) as caught:
            self.do(action, who, **arguments)
        assert self.everything() == before
        assert caught.value.message.en
        assert caught.value.message.ko
        return caught.value


def zone(name: str) -> Point:
    zones = scene().zones
    row = zones.row_of[name]
    return Point((float(zones.lon[row]), float(zones.lat[row])))


def outside() -> str:
    """A place beyond the city that a bus goes to."""
    names = scene().zones.zone[scene().zones.kind == "outside"]
    return str(next(name for name in names if "daejeon" in name))


def modes(option: Option) -> list[str]:
    return [leg.mode.value for leg in option.legs]
