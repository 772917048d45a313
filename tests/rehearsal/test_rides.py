"""Rides with an operator that keeps its word, and with one that does not.

The operator is this module: ponies that stand at every door. Its name is the module's path, by
which the platform knows whose actions these are.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hapgang.contract import Do, Habit, Level, Moment, Role, Route, Service, Situation, Text, new_id
from hapgang.core.entity import Entity, entity
from hapgang.core.errors import Conflict
from hapgang.core.ids import urn
from hapgang.core.vocabulary.mobility import Mode, Offer, OfferRide, Stage
from hapgang.hub.lake import Lake
from hapgang.rehearsal import build
from hapgang.rehearsal.run import Lived, live
from hapgang.rehearsal.staff import crews
from hapgang.rehearsal.wish import Wish
from hapgang.runtime import discover
from tests.small_city import write_small_city

NAME = "rehearsal.test_rides"
FARE_WON = 300
refused: set[str] = set()


@entity("PonyRide", person="rider")
class PonyRide(Entity, frozen=True, kw_only=True):
    """One ride."""

    rider: str


def setup(city: Any, *, scale: float = 1.0) -> None:
    city.ledger.open_account(NAME, "service")


def saddle(city: Any) -> PonyRide:
    if "saddle" in refused:
        raise Conflict("The pony says no.", "조랑말이 싫답니다.")
    ride = PonyRide(id=new_id(city, PonyRide), rider=city.caller.id)
    city.hub.save(ride)
    return ride


def mount(city: Any) -> None:
    if "mount" in refused:
        raise Conflict("The pony says no.", "조랑말이 싫답니다.")


def dismount(city: Any, *, ride: str) -> str:
    if "dismount" in refused:
        raise Conflict("The pony runs on.", "조랑말이 멈추지 않습니다.")
    city.hub.close(city.hub.get(PonyRide, ride))
    paid: str = city.ledger.pay(
        urn("Transfer", ride.rsplit(":", 1)[1]), city.caller.id, NAME, FARE_WON, "pony"
    )
    return paid


def offer(city: Any, question: OfferRide) -> tuple[Offer, ...]:
    at, to = question.origin, question.destination
    stages = (
        Stage(Mode.WALK, at, at, 0.0, 0.0),
        Stage(Mode.PM, at, to, 60.0, 100.0, wait_s=20.0),
        Stage(Mode.WALK, to, to, 0.0, 0.0),
    )
    return (Offer(service=NAME, mode=Mode.PM, item="pony", stages=stages),)


def set_out(situation: Situation) -> Do | None:
    if situation.failed or situation.results:
        return None
    return Do(action=saddle, arguments={})


def board(situation: Situation) -> Do | None:
    if situation.failed or len(situation.results) > 1:
        return None
    return Do(action=mount, arguments={}, after_s=5.0)


def alight(situation: Situation) -> Do | None:
    rides = [result for result in situation.results if isinstance(result, PonyRide)]
    if isinstance(situation.results[-1], str):
        return None
    return Do(action=dismount, arguments={"ride": rides[-1].id}, after_s=30.0)


PONIES = Service(
    title=Text("Ponies", "조랑말"),
    level=Level.SKETCHED,
    owns=(PonyRide,),
    answers={OfferRide: offer},
    routes=tuple(
        Route.post(f"/{action.__name__}", action, allow=(Role.RESIDENT,))
        for action in (saddle, mount, dismount)
    ),
    habits=(
        Habit(moment=Moment.SETS_OUT, do=set_out),
        Habit(moment=Moment.BOARDS, do=board),
        Habit(moment=Moment.ALIGHTS, do=alight),
    ),
    setup=setup,
)


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(discover, "discover", lambda: {NAME: PONIES})
    refused.clear()
    yield write_small_city(tmp_path / "city", services=f'"{NAME}"', residents=120)
    refused.clear()


def a_day(city: Path) -> tuple[Lived, list[dict[str, Any]], list[dict[str, Any]]]:
    wish = Wish(model=str(city), seed=3)
    run = live(wish, build.world_of(wish), lambda _stage, _share: None)
    lake = Lake()
    run.logbook.write(lake)
    return run, lake.read("trip").to_pylist(), lake.read("leg").to_pylist()


def test_a_ride_is_reserved_ridden_and_paid(city: Path) -> None:
    run, trips, legs = a_day(city)
    rides = [trip for trip in trips if trip["service"] == NAME]
    assert len(rides) > 50
    assert run.refusals == 0
    assert {trip["cost_won"] for trip in rides} == {FARE_WON}
    assert run.runtime.book.account(urn("Account", NAME)).balance_won == FARE_WON * len(rides)
    assert len({trip["entity"] for trip in rides}) == len(rides)
    for trip in rides:
        ride = run.runtime.closed.find(trip["entity"])
        assert ride is not None
        assert ride.person == trip["person"]
        own = [leg for leg in legs if leg["trip"] == trip["trip"]]
        assert [leg["mode"] for leg in own] == ["walk", "pm", "walk"]
        assert own[1]["wait_s"] == 20.0
        took_s = trip["arrive_s"] - trip["depart_s"]
        assert took_s >= 20.0 + 60.0 + 30.0  # the wait, the ride, and getting off


def test_who_is_refused_at_the_start_chooses_again(city: Path) -> None:
    _, willing, _ = a_day(city)
    refused.add("saddle")
    run, trips, _ = a_day(city)
    assert run.refusals > 50
    assert run.not_made == 0
    assert len(trips) == len(willing)
    assert not any(trip["service"] or trip["mode"] == "pm" for trip in trips)


def test_who_is_not_let_on_walks_from_there(city: Path) -> None:
    refused.add("mount")
    run, trips, legs = a_day(city)
    assert run.runtime.state.count("PonyRide") > 0  # saddled, and never mounted
    assert run.not_made == 0
    assert not any(trip["service"] or trip["mode"] == "pm" for trip in trips)
    assert run.runtime.book.account(urn("Account", NAME)).balance_won == 0
    walked = {leg["trip"] for leg in legs if leg["mode"] == "walk" and leg["leg"] == 1}
    assert len(walked) == run.refusals > 50  # to the pony, then on


def test_who_cannot_get_off_pays_nothing_and_goes_on(city: Path) -> None:
    refused.add("dismount")
    run, trips, _ = a_day(city)
    rides = [trip for trip in trips if trip["service"] == NAME]
    assert rides
    assert run.refusals == len(rides)
    assert {(trip["transfer"], trip["cost_won"]) for trip in rides} == {("", 0)}
    assert run.not_made == 0


@pytest.mark.parametrize(
    ("wanted", "share", "hired"), [(6, 1.0, 6), (6, 0.1, 1), (6, 0.5, 3), (0, 1.0, 0), (1, 0.01, 1)]
)
def test_crews_are_hired_in_the_share_of_the_residents(
    wanted: int, share: float, hired: int
) -> None:
    assert crews(wanted, share) == hired
