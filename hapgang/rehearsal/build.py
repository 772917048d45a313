"""Putting a virtual city together: scene, people, plans, services, all on one seed."""

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hapgang.contract import Service
from hapgang.core.clock import VirtualClock
from hapgang.core.vocabulary.mobility import Mode
from hapgang.core.vocabulary.people import AgeBand, concession_of
from hapgang.rehearsal.choice import Taste, read_taste, tastes
from hapgang.rehearsal.chooser import Chooser
from hapgang.rehearsal.clockwork import Clockwork
from hapgang.rehearsal.day import Day
from hapgang.rehearsal.demand import demand_of
from hapgang.rehearsal.logbook import Logbook
from hapgang.rehearsal.money.errands import Errands
from hapgang.rehearsal.plans import day_plans, trips_of
from hapgang.rehearsal.population import Impairment, Population, read_spec, synthesise
from hapgang.rehearsal.skims import Skims, skims_of
from hapgang.rehearsal.sky import Skies, weather_of
from hapgang.rehearsal.spots import Spots
from hapgang.rehearsal.travel import Travel
from hapgang.rehearsal.travellers import WALKING, Travellers, person_id
from hapgang.rehearsal.wish import Wish
from hapgang.runtime.discover import chosen
from hapgang.runtime.perform import PLATFORM, Runtime
from hapgang.runtime.platform import platform
from hapgang.runtime.platform.people import register_person
from hapgang.twin.network import Network
from hapgang.twin.scene import Scene, load_scene
from hapgang.twin.transit import Transit
from hapgang.writer.digest import Digest
from hapgang.writer.writer import Writer

_POCKET_WON = 50_000  # what everybody has in the wallet in the morning; an assumption


@dataclass(frozen=True, eq=False)
class World:
    """What is the same for every seed of a scenario: the ground, and how far everything is."""

    scene: Scene
    network: Network
    transit: Transit | None
    skims: Skims
    spots: Spots
    taste: Taste


def world_of(wish: Wish, taste: Taste | None = None, cache: Path | None = None) -> World:
    """Read the city and measure its distances, or find them in the folder `cache`."""
    taste = taste or read_taste(wish.folder)
    scene = slower_outside(load_scene(wish.folder, wish.read()), taste.outside_time_scale)
    network = Network.of(scene)
    transit = None
    if scene.timetable is not None:
        transit = Transit.of(network, scene.timetable.on(scene.timetable.like(wish.day)))
    skims = skims_of(scene, network, transit, cache)
    return World(scene, network, transit, skims, Spots(scene, network), taste)


def slower_outside(scene: Scene, scale: float) -> Scene:
    """Return the scene with driving beyond the city's own streets lengthened by a factor."""
    links = scene.links
    speed_kmh = np.where(links.kind == "outside", links.speed_kmh / scale, links.speed_kmh)
    return replace(scene, links=replace(links, speed_kmh=speed_kmh.astype(np.float32)))


def chosen_services(scene: Scene, without: tuple[str, ...]) -> dict[str, Service]:
    """Return the services of the scenario, less those left out, with the platform's own."""
    chosen(without, "--without")
    services = chosen(scene.scenario.services, f"scenario {scene.scenario.name}")
    kept = {name: service for name, service in services.items() if name not in without}
    return {**kept, "platform": platform}


def runtime_of(wish: Wish, world: World, clock: VirtualClock) -> Runtime:
    """Return the virtual city's runtime, without a disk so far."""
    return Runtime(
        chosen_services(world.scene, wish.without),
        clock=clock,
        writer=Writer(digest=Digest(), tells_at_once=True),
        scene=world.scene,
        seed=wish.seed,
        settings=world.scene.scenario.settings,
    )


def people_of(wish: Wish, world: World) -> Population:
    """Return the residents of a run."""
    described = wish.folder / "population.toml"
    spec = read_spec(described if described.is_file() else None)
    return synthesise(world.scene, spec, wish.residents, wish.seed)


def move_in(runtime: Runtime, population: Population, spots: Spots) -> None:
    """Make everybody known to the city, and let the services set up for their number."""
    persons = population.persons
    home = spots.row(population.home_building, population.home_zone).tolist()
    zones = population.home_zone.tolist()
    for person, (age, impairment, licence) in enumerate(
        zip(persons.age.tolist(), persons.impairment.tolist(), persons.licence.tolist(),
            strict=True)
    ):  # fmt: skip
        runtime.perform(
            register_person,
            PLATFORM,
            person=person_id(person),
            age_band=AgeBand.of(age),
            walking=WALKING.get(impairment, "well"),
            licence=bool(licence),
            concession=concession_of(age, disabled=impairment == Impairment.WHEELCHAIR),
            home=spots.spot(home[person], zones[person]).point,
            balance_won=_POCKET_WON,
        )
    for service in runtime.services.values():
        if service.setup is not None:
            runtime.perform(service.setup, PLATFORM, scale=min(1.0, population.share))


def distances_m(world: World) -> NDArray[np.float32]:
    """Return street distances between zones: by car, else on foot."""
    by_car = world.skims.distance_m[Mode.CAR]
    on_foot = world.skims.distance_m[Mode.WALK]
    return np.where(np.isfinite(by_car), by_car, on_foot).astype(np.float32)


def day_of(
    wish: Wish,
    world: World,
    population: Population,
    runtime: Runtime,
    *,
    clockwork: Clockwork,
    date: dt.date,
    logbook: Logbook,
    errands: Errands,
) -> Day:
    """Return a day that is ready to run."""
    scene, share = world.scene, min(1.0, population.share)
    sky = Skies(runtime, scene, weather_of(wish.folder, scene, date, wish.weather, wish.seed))
    logbook.sky = logbook.sky or sky.rows()
    trips = trips_of(plans := day_plans(scene, population, date, wish.seed, distances_m(world)))
    errands.begin(date, trips, plans)
    demand = demand_of(trips, population, world.spots, world.skims, sky.hours)
    travellers = Travellers(population, demand)
    chooser = Chooser(
        runtime,
        travellers,
        taste=world.taste,
        tastes=tastes(wish.seed, date, len(population), trips).tolist(),
        sky=sky.hours,
        demand=demand,
    )
    return Day(
        runtime,
        date=date,
        clockwork=clockwork,
        demand=demand,
        travel=Travel.of(scene, world.network, world.transit, share=share),
        spots=world.spots,
        travellers=travellers,
        chooser=chooser,
        logbook=logbook,
        errands=errands,
        on_hour=sky.observe,
    )
