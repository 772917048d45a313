"""Day plans: continuous in time, plausible by age and role, the same for the same seed."""

import hashlib
import os
import subprocess
import sys
from datetime import date
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from hapgang.rehearsal.plans import DAY_S, Kind, Plans, day_plans, trips_of
from hapgang.rehearsal.plans.chance import Chance
from hapgang.rehearsal.plans.choice import Choice
from hapgang.rehearsal.plans.rates import DECAY_M
from hapgang.rehearsal.population import Population, Role, read_spec, synthesise
from hapgang.rehearsal.population.sites import sites_of
from hapgang.twin.scene import load_scene
from tests.rehearsal.toy_city import cells_only, toy_city

SEJONG = Path(__file__).parents[2] / "cities" / "sejong" / "population.toml"
CITY = toy_city(20_000)
DISTANCES = sites_of(CITY).distances_m().astype(np.float32)
TUESDAY, WEDNESDAY, FRIDAY, SATURDAY, SUNDAY = (date(2026, 3, d) for d in (17, 18, 20, 21, 22))


@cache
def people(residents: int = 20_000) -> Population:
    return synthesise(CITY, read_spec(SEJONG), residents, 7)


@cache
def plans(day: date = WEDNESDAY, residents: int = 20_000, seed: int = 7) -> Plans:
    return day_plans(CITY, people(residents), day, seed, DISTANCES)


def _kinds(day: date, person: int) -> list[Kind]:
    table = plans(day)
    return [Kind(kind) for kind in table.kind[table.rows_of(person)]]


@pytest.mark.parametrize("day", [TUESDAY, WEDNESDAY, FRIDAY, SATURDAY, SUNDAY])
@pytest.mark.parametrize("residents", [200, 2_000, 20_000])
def test_time_runs_forward_from_midnight_to_midnight_at_home(day: date, residents: int) -> None:
    table = plans(day, residents)
    same = table.person[1:] == table.person[:-1]
    assert (table.end_s > table.start_s).all()
    assert (table.start_s[1:][same] >= table.end_s[:-1][same]).all()
    first, last = np.r_[True, ~same], np.r_[~same, True]
    assert (np.unique(table.person) == np.arange(residents)).all()
    assert (table.start_s[first] == 0).all()
    assert (table.end_s[last] == DAY_S).all()
    assert (table.kind[first] == Kind.HOME).all()
    assert (table.kind[last] == Kind.HOME).all()
    home = people(residents).home_zone[table.person]
    assert (table.zone == home)[table.kind == Kind.HOME].all()


def test_a_trip_takes_time_and_no_way_takes_none() -> None:
    table = plans()
    trips = trips_of(table)
    assert (trips.planned_arrival_s > trips.depart_s).all()
    assert (trips.order < 20).all()
    assert (trips.from_row + 1 == trips.to_row).all()
    assert (table.person[trips.from_row] == trips.person).all()
    assert (table.zone[trips.to_row] == trips.to_zone).all()
    far = DISTANCES[trips.from_zone, trips.to_zone] > 12_000
    minutes = (trips.planned_arrival_s - trips.depart_s) / 60
    assert 18 < minutes[far].mean() < 60
    assert 2 < minutes[~far].mean() < 15


def test_trips_a_person() -> None:
    """At least 2.5 on a weekday; home, work and school in the proportions of household surveys."""
    for residents in (200, 2_000, 20_000):
        assert 2.5 <= len(trips_of(plans(WEDNESDAY, residents))) / residents <= 3.4
    for day in (SATURDAY, SUNDAY):
        assert 2.0 <= len(trips_of(plans(day))) / 20_000 <= 3.0
    purpose = trips_of(plans()).purpose
    share = np.bincount(purpose, minlength=len(Kind)) / len(purpose)
    assert 0.38 < share[Kind.HOME] < 0.46
    assert 0.14 < share[Kind.WORK] < 0.24
    assert 0.07 < share[Kind.SCHOOL] < 0.13


def test_people_leave_for_work_as_the_survey_says() -> None:
    """MOLIT 2010: before 7 17 %, 7-8 33.3 %, 8-9 32.0 %, of those who go there from home."""
    trips = trips_of(plans())
    hour = trips.depart_s[(trips.purpose == Kind.WORK) & (trips.order == 0)] / 3600
    shares = np.histogram(hour, [0, 7, 8, 9])[0] / len(hour)
    np.testing.assert_allclose(shares, [0.17, 0.333, 0.320], atol=0.025)


def test_the_weekday_has_its_peaks_and_the_night_is_quiet() -> None:
    depart = np.bincount(trips_of(plans()).depart_s // 3600, minlength=24)
    assert depart.argmax() == 8
    assert depart[:5].sum() == 0
    assert depart[17:19].min() > 1.3 * depart[10]
    weekend = np.bincount(trips_of(plans(SUNDAY)).depart_s // 3600, minlength=24)
    assert weekend[8] < 0.4 * depart[8]
    outings = trips_of(plans())
    homemaker = people().persons.role[outings.person] == Role.HOMEMAKER
    shopping = np.isin(outings.purpose, (Kind.SHOPPING, Kind.LEISURE, Kind.VISIT, Kind.SPORT))
    hour = outings.depart_s[homemaker & shopping] / 3600
    assert ((hour >= 9.5) & (hour < 12)).mean() > 0.25


def test_who_works_and_learns_where_they_should() -> None:
    table, p = plans(), people().persons
    work = table.kind == Kind.WORK
    assert (table.zone[work] == p.work_zone[table.person[work]]).all()
    assert (table.building[work] == p.work_building[table.person[work]]).all()
    assert 0.90 < len(np.unique(table.person[work])) / (p.work_zone >= 0).sum() < 0.96
    school = table.kind == Kind.SCHOOL
    assert (table.zone[school] == p.school_zone[table.person[school]]).all()
    pupils = np.isin(p.role, (Role.ELEMENTARY, Role.MIDDLE, Role.HIGH))
    there = np.isin(np.flatnonzero(pupils), table.person[school])
    assert there.mean() > 0.95
    sunday = plans(SUNDAY)
    assert not (sunday.kind == Kind.SCHOOL).any()
    assert (sunday.kind == Kind.WORK).sum() < 0.2 * work.sum()
    assert table.fixed[work | school].all()
    assert not table.fixed[np.isin(table.kind, (Kind.HOME, Kind.SHOPPING))].any()


def test_over_half_of_the_elementary_pupils_have_lessons_after_school() -> None:
    """MOLIT 2010: 57 %; those below eight are fetched home."""
    table, p = plans(), people().persons
    pupils = np.flatnonzero((p.role == Role.ELEMENTARY) & (p.age >= 8))
    lessons = np.unique(table.person[table.kind == Kind.LESSON])
    assert np.isin(pupils, lessons).mean() == pytest.approx(0.57, abs=0.06)
    assert (p.age[lessons] >= 8).all()


@pytest.mark.parametrize("day", [WEDNESDAY, SATURDAY])
def test_small_children_go_nowhere_alone(day: date) -> None:
    table, p = plans(day), people().persons
    trips = trips_of(table)
    small = p.age[trips.person] < 8
    carer = trips.with_person[small]
    assert (carer >= 0).all()
    assert (p.age[carer] >= 18).all()
    assert (p.household[carer] == p.household[trips.person[small]]).all()
    assert (trips.with_person[~small] == -1).all()


def test_a_child_arrives_and_leaves_with_its_carer() -> None:
    table, p = plans(), people().persons
    school = np.flatnonzero((table.kind == Kind.SCHOOL) & (p.age[table.person] < 8))
    assert len(school) > 1_000
    for row in school[:400]:
        carer = int(table.with_person[row])
        stops = [r for r in table.rows_of(carer) if table.kind[r] == Kind.ESCORT]
        at_school = [r for r in stops if table.zone[r] == table.zone[row]]
        assert table.start_s[row] in table.start_s[at_school]
        assert table.end_s[row] in table.end_s[at_school]


def test_an_infant_is_with_somebody_all_day() -> None:
    """At home with its carer, out with the carer, or in day care."""
    table, p = plans(), people().persons
    infants = np.flatnonzero(p.role == Role.INFANT)
    for infant in infants[:200]:
        rows = table.rows_of(int(infant))
        if p.school[infant] >= 0:
            assert Kind.SCHOOL in table.kind[rows]
            continue
        carer = int(table.with_person[rows].max())
        if carer >= 0:
            theirs = table.rows_of(carer)
            assert table.start_s[rows].tolist() == table.start_s[theirs][: len(rows)].tolist()
            assert table.zone[rows].tolist() == table.zone[theirs][: len(rows)].tolist()


def test_the_librarian_works_a_few_hours_by_day() -> None:
    row = people().persona("librarian")
    assert Kind.WORK in _kinds(WEDNESDAY, row)
    rows = plans().rows_of(row)
    work = rows[plans().kind[rows] == Kind.WORK]
    assert plans().end_s[work[-1]] - plans().start_s[work[0]] < 6 * 3600


def test_the_designer_is_away_twice_a_week() -> None:
    row = people().persona("designer")
    outside = CITY.zones.kind == "outside"
    week = [date(2026, 3, 16 + d) for d in range(7)]
    away = []
    for day in week:
        table = plans(day)
        rows = table.rows_of(row)
        trip = rows[(table.kind[rows] == Kind.BUSINESS) & outside[table.zone[rows]]]
        long = table.end_s[trip] - table.start_s[trip] > 6 * 3600
        away.append(bool(long.any()))
    assert away == [False, True, False, True, False, False, False]


def test_the_homemaker_sees_a_show_and_the_girl_plays_badminton() -> None:
    homemaker, girl = people().persona("homemaker"), people().persona("pupil")
    assert Kind.CULTURE in _kinds(FRIDAY, homemaker)
    table = plans(FRIDAY)
    show = [r for r in table.rows_of(homemaker) if table.kind[r] == Kind.CULTURE]
    assert CITY.places.kind[table.place[show[-1]]] == "culture"
    for daughter in (homemaker + 2, homemaker + 3):
        assert Kind.CULTURE not in _kinds(FRIDAY, daughter)
    kinds = _kinds(WEDNESDAY, girl)
    assert kinds[1:3] == [Kind.SCHOOL, Kind.SPORT]


def test_elders_go_out_less() -> None:
    p = people(20_000).persons
    count = np.bincount(trips_of(plans()).person, minlength=len(p))
    assert count[p.age >= 82].mean() < 0.8 * count[(p.age >= 30) & (p.age < 60)].mean()


def test_people_go_where_it_is_near_and_where_there_is_much() -> None:
    """With two zones that attract alike, the shares are those of exp(-distance / decay)."""
    empty = SimpleNamespace(
        zone=np.zeros(0, object),
        kind=np.zeros(0, object),
        building=np.zeros(0, object),
        floor_area_m2=np.zeros(0),
        dwellings=np.zeros(0),
        jobs=np.zeros(0),
        capacity=np.zeros(0),
        place=np.zeros(0, object),
    )
    zones = SimpleNamespace(**{k: v[:2] for k, v in vars(CITY.zones).items()})
    zones.shops = np.array([1.0, 3.0], np.float32)
    scene = SimpleNamespace(zones=zones, buildings=empty, places=empty, residents=1)
    distances = np.array([[0.0, 4_000.0], [4_000.0, 0.0]], np.float32)
    choice = Choice(scene, sites_of(scene), distances)
    chance = (np.arange(100_000) + 0.5) / 100_000
    drawn = choice.zone(Kind.SHOPPING, np.zeros(100_000, np.int64), chance)
    pull = 3.0 * np.exp(-4_000.0 / DECAY_M[Kind.SHOPPING])
    assert drawn.mean() == pytest.approx(pull / (1 + pull), abs=1e-4)


def test_destinations_hold_what_one_goes_for() -> None:
    table = plans()
    for kind, place in ((Kind.SPORT, "sport"), (Kind.CULTURE, "culture")):
        inside = (table.kind == kind) & (table.zone < 36)
        assert (CITY.places.kind[table.place[inside]] == place).all()
    visit = (table.kind == Kind.VISIT) & (table.zone < 36)
    assert (CITY.buildings.dwellings[table.building[visit]] > 0).all()


def test_the_city_that_is_bundled() -> None:
    """Commutes by the basic concept's shares are long; whatever is done inside has an address."""
    if not (SEJONG.parent / "city.toml").is_file():
        pytest.skip("cities/sejong has not been generated")
    scene = load_scene(SEJONG.parent)
    population = synthesise(scene, read_spec(SEJONG), 2_000, 4)
    sites = sites_of(scene)
    distances = sites.distances_m().astype(np.float32)
    table = day_plans(scene, population, WEDNESDAY, 4, distances)
    trips = trips_of(table)
    assert len(trips) / 2_000 >= 2.5
    inside = ~sites.outside[table.zone]
    assert ((table.building >= 0) | (table.place >= 0))[inside].all()
    metres = distances[trips.from_zone, trips.to_zone]
    assert 8_000 < metres[trips.purpose == Kind.WORK].mean() < 18_000
    assert metres[trips.purpose == Kind.SHOPPING].mean() < 7_000


def test_a_city_of_cells_has_days_too() -> None:
    city = cells_only(5_000)
    population = synthesise(city, read_spec(), 2_000, 1)
    distances = sites_of(city).distances_m().astype(np.float32)
    distances[0, 3] = np.inf
    trips = trips_of(day_plans(city, population, WEDNESDAY, 1, distances))
    assert len(trips) / 2_000 >= 2.5


def test_a_public_holiday_is_no_workday() -> None:
    table = day_plans(CITY, people(2_000), WEDNESDAY, 7, DISTANCES, holiday=True)
    assert not (table.kind == Kind.SCHOOL).any()
    assert (table.kind == Kind.WORK).sum() < 250


def test_ones_chance_does_not_depend_on_the_others() -> None:
    few, many = Chance(3, WEDNESDAY, 10), Chance(3, WEDNESDAY, 1_000)
    assert (few("lunch") == many("lunch")[:10]).all()
    many("something else")
    assert (few("work") == many("work")[:10]).all()
    assert (Chance(3, TUESDAY, 10)("lunch") != few("lunch")).all()
    assert (Chance(4, WEDNESDAY, 10)("lunch") != few("lunch")).all()


def test_one_seed_one_day() -> None:
    again = day_plans(CITY, people(2_000), WEDNESDAY, 7, DISTANCES)
    assert again.to_bytes() == plans(WEDNESDAY, 2_000).to_bytes()
    assert again.to_bytes() != plans(WEDNESDAY, 2_000, 8).to_bytes()
    assert again.to_bytes() != plans(TUESDAY, 2_000).to_bytes()


@pytest.mark.slow
def test_the_same_in_another_process_with_another_hash_seed() -> None:
    code = (
        "import hashlib, sys; sys.path.insert(0, sys.argv[1]);"
        "from test_plans import *; table = plans(WEDNESDAY, 500);"
        "print(hashlib.sha256(table.to_bytes() + trips_of(table).to_bytes()).hexdigest())"
    )
    table = plans(WEDNESDAY, 500)
    here = hashlib.sha256(table.to_bytes() + trips_of(table).to_bytes()).hexdigest()
    for hash_seed in ("1", "77"):
        out = subprocess.run(
            [sys.executable, "-c", code, str(Path(__file__).parent)],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert out.stdout.strip() == here
