"""Crews: tours to batteries, broken and missing vehicles, and to where vehicles are wanted."""

from datetime import timedelta

from msgspec.structs import replace

from hapgang.contract import City, new_id, where
from hapgang.core.errors import Conflict, Refused
from hapgang.core.geometry import Point
from hapgang.services.mobility.sharing.actions.checks import Parking, new_public_id, parking_at
from hapgang.services.mobility.sharing.method.fleet import FULL_PCT, put_down, stay
from hapgang.services.mobility.sharing.method.tours import duration_s, group, patience_s
from hapgang.services.mobility.sharing.model import (
    Errand,
    PmServed,
    Task,
    Vehicle,
    Work,
)

_ANYWHERE_M = 100_000.0


def plan_tasks(city: City) -> None:
    """Make tours to the vehicles that wait for a crew and are on no tour yet."""
    busy = {errand.vehicle for task in city.hub.find(Task) for errand in task.errands}
    waiting = [v for v in city.hub.find(Vehicle) if v.id not in busy]
    _make_tours(city, "swap", [v for v in waiting if v.state == "empty" and not v.wants_visit])
    _make_tours(city, "visit", [v for v in waiting if _can_be_visited(v)])


def take_task(city: City, *, location: Point | None = None) -> Task | None:
    """Give the calling crew the nearest open tour, or the one that it has; None: nothing to do."""
    mine = city.hub.find(Task, where.crew == city.caller.id, limit=1)
    if mine:
        return mine[0]
    while (task := _next_open(city, location)) is not None:
        errands = tuple(e for e in task.errands if _still_wanted(city, task.work, e))
        if not errands:
            city.hub.close(replace(task, state="dropped"))
            continue
        return _start(city, task, errands)
    return None


def finish_task(city: City, *, task: str, undone: tuple[str, ...] = ()) -> Task:
    """Report a tour as done; `undone` names the vehicles that could not be found or mended."""
    found = city.hub.get(Task, task)
    if found.crew != city.caller.id:
        raise Refused(
            "This tour is not yours; it may have been given to another crew when you were late.",
            "담당하신 작업이 아닙니다. 기한이 지나 다른 팀에 배정되었을 수 있습니다.",
        )
    if found.state != "taken":
        raise Conflict("This tour is over.", "이미 끝난 작업입니다.")
    for errand in found.errands:
        _serve(city, found.work, errand, done=errand.vehicle not in undone)
    over = replace(found, state="done")
    city.hub.close(over)
    city.hub.emit(
        PmServed(entity=found.id, work=found.work, vehicles=len(found.errands), in_time=True)
    )
    return over


def list_tasks(city: City) -> list[Task]:
    """Return the tours that are open or under way, oldest first."""
    return city.hub.find(Task)


def release_late_tasks(city: City) -> None:
    """Give up on crews that did not come back.

    Their tour is open again; vehicles that they may have loaded are missing until somebody sees
    them, so that no resident is sent to one.
    """
    for task in city.hub.find(Task, (where.state == "taken") & (where.due_at <= city.now)):
        city.hub.emit(
            PmServed(entity=task.id, work=task.work, vehicles=len(task.errands), in_time=False)
        )
        if task.work != "move":
            released = replace(task, state="open", crew=None, due_at=None, late=task.late + 1)
            city.hub.save(released)
            continue
        city.hub.close(replace(task, state="dropped", late=task.late + 1))
        for errand in task.errands:
            vehicle = city.hub.get(Vehicle, errand.vehicle)
            if vehicle.state == "with_crew":
                city.hub.save(replace(vehicle, state="missing", wants_visit=True))


def add_task(city: City, work: Work, errands: tuple[Errand, ...]) -> None:
    """Put a tour up for crews."""
    task = Task(
        id=new_id(city, Task),
        work=work,
        state="open",
        location=errands[0].at,
        errands=errands,
        duration_s=duration_s(work, errands),
    )
    city.hub.save(task)


def _make_tours(city: City, work: Work, vehicles: list[Vehicle]) -> None:
    placed = [(v.id, v.location) for v in vehicles if v.location is not None]
    for tour in group([at for _, at in placed]):
        add_task(city, work, tuple(Errand(*placed[row]) for row in tour))


def _can_be_visited(vehicle: Vehicle) -> bool:
    return vehicle.wants_visit and vehicle.state not in ("reserved", "rented", "with_crew")


def _next_open(city: City, location: Point | None) -> Task | None:
    found = city.hub.find(Task, where.state == "open", near=location, within_m=_ANYWHERE_M, limit=1)
    return found[0] if found else None


def _still_wanted(city: City, work: Work, errand: Errand) -> bool:
    vehicle = city.hub.get(Vehicle, errand.vehicle)
    if work == "swap":
        return vehicle.state == "empty"
    if work == "visit":
        return _can_be_visited(vehicle)
    return vehicle.state == "free" and vehicle.location == errand.at


def _start(city: City, task: Task, errands: tuple[Errand, ...]) -> Task:
    tour_s = duration_s(task.work, errands)
    taken = replace(
        task,
        state="taken",
        errands=errands,
        duration_s=tour_s,
        crew=city.caller.id,
        due_at=city.now + timedelta(seconds=patience_s(tour_s)),
    )
    city.hub.save(taken)
    if task.work == "move":
        for errand in errands:
            vehicle = city.hub.get(Vehicle, errand.vehicle)
            city.hub.save(replace(vehicle, state="with_crew", station=None))
    return taken


def _serve(city: City, work: Work, errand: Errand, *, done: bool) -> None:
    vehicle = city.hub.get(Vehicle, errand.vehicle)
    if work == "move":
        if vehicle.state == "with_crew":
            _unload(city, vehicle, errand.to if done and errand.to is not None else errand.at)
    elif work == "swap":
        if done and vehicle.state == "empty":
            city.hub.save(stay(replace(vehicle, battery_pct=FULL_PCT)))
    elif _can_be_visited(vehicle):
        city.hub.save(_visited(vehicle, errand, done=done))


def _visited(vehicle: Vehicle, errand: Errand, *, done: bool) -> Vehicle:
    seen = replace(vehicle, wants_visit=False)
    if done:
        sound = replace(seen, fault=None)
        return put_down(sound, vehicle.location or errand.at, vehicle.station)
    if vehicle.state == "missing":
        return seen
    return replace(seen, state="out_of_service", fault=vehicle.fault or "a crew could not mend it")


def _unload(city: City, vehicle: Vehicle, at: Point) -> None:
    """Put a carried vehicle down: into a station if it has room, else where the crew stands."""
    parking = parking_at(city, at)
    station = parking.station if isinstance(parking, Parking) else None
    place = parking.location if isinstance(parking, Parking) else at
    parked = put_down(vehicle, place, station)
    city.hub.save(replace(parked, public_id=new_public_id(city)))
