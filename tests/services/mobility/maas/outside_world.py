"""The city with an operator outside, whom a test asks in the worker's place, call by call."""

from typing import Any

from hapgang.contract import Caller, Role
from hapgang.runtime.perform import PLATFORM
from hapgang.services.mobility.maas.actions import (
    due_outside,
    gone_now,
    next_call,
    note_answer,
    note_free,
    read_free,
    register_operator,
    take_reply,
    take_vehicles,
)
from hapgang.services.mobility.maas.model import Option
from hapgang.services.mobility.maas.model.outside import Operator, Order
from hapgang.services.mobility.maas.speaks.asking import Reply
from hapgang.writer.unit import TransferRow
from tests.services.mobility.maas.fake_operator import FakeOperator
from tests.services.mobility.maas.world import World, modes, zone

CITY_STAFF = Caller("urn:ngsi-ld:Staff:operator", Role.OPERATOR)
NAME = "urn:ngsi-ld:MobilityOperator:"


class Outside:
    """A world whose operators outside are fakes; only the wires between are left out."""

    def __init__(self, world: World, **operators: FakeOperator) -> None:
        self.world = world
        self.written: list[TransferRow] = []
        world.runtime.writer.listeners.append(lambda unit: self.written.extend(unit.transfers))
        self.operators = {f"{NAME}{name}": fake for name, fake in operators.items()}
        for name in operators:
            world.do(
                register_operator, CITY_STAFF, name=name, title_en=name, title_ko=name,
                base_url="https://op.example/tomp", modes=("bicycle",),
            )  # fmt: skip
        self.poll()

    def poll(self) -> None:
        for name, fake in self.operators.items():
            got = fake.answer("GET", "/operator/available-assets", b"")
            assert got is not None
            take(self.world, name, got[1])

    def step(self) -> int:
        """Take every order's next step once; return how many were asked."""
        due = self.world.do(due_outside, PLATFORM)
        for operator, order in due.orders:
            self.ask(operator, order)
        return len(due.orders)

    def ask(self, operator: str, order: str) -> None:
        call = self.world.do(next_call, PLATFORM, order=order)
        if call is None:
            return
        got = self.operators[operator].answer(call.method, call.path, call.body)
        reply = Reply(error="no answer") if got is None else Reply(status=got[0], body=got[1])
        self.world.do(take_reply, PLATFORM, order=order, ask=call.ask, reply=reply)
        failed = got is None or got[0] >= 500
        self.world.do(note_answer, PLATFORM, operator=operator, reason="!" if failed else "")

    def settle(self, seconds: float = 60, step_s: float = 1) -> None:
        """Let time pass, and take the steps that become due."""
        for _ in range(int(seconds / step_s)):
            while self.step():
                pass
            self.world.wait(seconds=step_s)

    def orders(self) -> list[Order]:
        return [r.view for r in self.world.runtime.state.of_type("MobilityOrder")]  # type: ignore[misc]

    def option(self, who: Caller, start: str = "A01", end: str = "B05", **words: Any) -> Option:
        """A plan with a leg of an operator outside."""
        options = self.world.plan(who, start, end, ways="walk,pm,bus", **words)
        return next(o for o in options if "bicycle" in modes(o))


def take(world: World, operator: str, assets: bytes) -> None:
    """Take in what an operator has free, as the worker does."""
    record = world.runtime.state.get(operator)
    assert record is not None
    assert isinstance(record.view, Operator)
    free = read_free(record.view, assets, b"[]")
    kept = frozenset(vehicle.id for vehicle in free.vehicles)
    gone = world.do(gone_now, PLATFORM, operator=operator, kept=kept)
    world.do(take_vehicles, PLATFORM, operator=operator, vehicles=free.vehicles, gone=gone)
    world.do(note_free, PLATFORM, operator=operator, bad=free.bad)


def near(name: str, east_m: float = 30.0) -> tuple[float, float]:
    """A place some metres from a zone's middle."""
    at = zone(name)
    return at.lon + east_m / 89_000, at.lat
