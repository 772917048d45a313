"""Whoever arrives somewhere does what any service's habit for it says."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from hapgang.contract import Caller, Do, Habit, Level, Moment, Role, Service, Situation, Text
from hapgang.core.clock import VirtualClock
from hapgang.core.geometry import Point
from hapgang.rehearsal.build import distances_m, move_in, people_of, runtime_of
from hapgang.rehearsal.clockwork import Clockwork
from hapgang.rehearsal.money.errands import Errands
from hapgang.rehearsal.plans import Kind, day_plans, trips_of
from hapgang.rehearsal.travellers import person_id
from hapgang.runtime.platform.people import change_myself
from tests.rehearsal.money.town import wish, world


def test_habits_are_told_what_somebody_came_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Situation] = []

    def do(situation: Situation) -> Do | None:
        asked.append(situation)
        if situation.results or situation.activity != "sport":
            return None
        return Do(action=change_myself, arguments={"walking": "badly"})

    habit = Habit(moment=Moment.ARRIVES, do=do)
    service = Service(title=Text("Legs", "다리"), level=Level.SKETCHED, habits=(habit,))
    wanted = wish(scenario="cards", residents=40)
    ground, zone = world("cards"), ZoneInfo("Asia/Seoul")
    population = people_of(wanted, ground)
    clock = VirtualClock(dt.datetime.combine(wanted.day, dt.time(), zone), zone)
    runtime = runtime_of(wanted, ground, clock)
    monkeypatch.setitem(runtime.services, "sport.legs", service)
    move_in(runtime, population, ground.spots)
    errands = Errands(runtime, Clockwork(runtime, clock), population, wanted.day)
    plans = day_plans(ground.scene, population, wanted.day, wanted.seed, distances_m(ground))
    errands.begin(wanted.day, trips_of(plans), plans)
    someone, here = Caller(person_id(0), Role.RESIDENT), Point((127.3, 36.5))
    for kind in (Kind.HOME, Kind.SPORT):
        errands.arrive(0, 0, kind, someone, here)
    assert [situation.activity for situation in asked] == ["home", "sport", "sport"]
    assert {(situation.person, situation.place) for situation in asked} == {(someone.id, here)}
    assert runtime.state.get(someone.id).view.walking == "badly"  # type: ignore[union-attr]
