"""The virtual people: they fit what is known, could exist, and are the same for the same seed."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from hapgang.core.errors import Invalid, NotFound
from hapgang.rehearsal.population import (
    CarAccess,
    Impairment,
    Population,
    Relation,
    Role,
    Sex,
    margins,
    read_spec,
    synthesise,
)
from hapgang.twin.scene import load_scene
from tests.rehearsal.toy_city import cells_only, toy_city

SEJONG = Path(__file__).parents[2] / "cities" / "sejong" / "population.toml"
CITY = toy_city(20_000)


def _strain(population: Population) -> list[str]:
    """Say what is implausible, by a plain loop over households that shares no code with ours."""
    p, households, wrong = population.persons, population.households, []
    for home in range(len(households)):
        start = int(households.first_person[home])
        rows = range(start, start + int(households.size[home]))
        assert all(p.household[row] == home for row in rows)
        ages = {row: int(p.age[row]) for row in rows}
        parents = [r for r in rows if p.relation[r] in (Relation.PARTNER, Relation.LONE_PARENT)]
        if max(ages.values()) < 18:
            wrong.append(f"{home}: no adult")
        for row in rows:
            if p.relation[row] == Relation.CHILD:
                wrong += [
                    f"{home}: child {ages[row]} of {ages[x]}"
                    for x in parents
                    if not 18 <= ages[x] - ages[row] <= 65
                ]
            elif ages[row] < 18:
                wrong.append(f"{home}: a minor alone or as a parent")
            if p.relation[row] == Relation.GRANDPARENT and not any(
                ages[row] - ages[x] >= 18 for x in parents
            ):
                wrong.append(f"{home}: grandparent {ages[row]}")
    return wrong


@pytest.mark.parametrize("residents", [200, 2_000, 20_000])
@pytest.mark.parametrize("seed", [1, 7, 2026])
def test_every_margin_of_sejong_fits(residents: int, seed: int) -> None:
    spec = read_spec(SEJONG)
    population = synthesise(CITY, spec, residents, seed)
    assert len(population) == residents
    misses = [m for m in margins(CITY, spec, population) if not m.fits]
    assert misses == []
    assert _strain(population) == []


@pytest.mark.parametrize("residents", [20, 137, 200, 999, 5_000])
def test_the_default_fits_where_a_city_knows_nothing(residents: int) -> None:
    spec, city = read_spec(), cells_only(5_000)
    population = synthesise(city, spec, residents, 3)
    assert [m for m in margins(city, spec, population) if not m.fits] == []
    assert _strain(population) == []
    assert (population.households.building == -1).all()


def test_facts_of_the_reference_city() -> None:
    """From the sources, not from the file: 9,000 households, 32.6 years, 976 pupils, 58.6 %."""
    p = synthesise(CITY, read_spec(SEJONG), None, 11)
    persons, households = p.persons, p.households
    assert len(p) == 20_000
    assert len(households) == 9_000
    assert persons.age.mean() == pytest.approx(32.6, rel=0.01)
    assert (persons.age < 50).mean() == pytest.approx(0.828, rel=0.01)
    assert (persons.role == Role.ELEMENTARY).sum() == pytest.approx(976, rel=0.01)
    mixed = CITY.buildings.kind[households.building] == "mixed"
    pupils = np.bincount(persons.household, persons.role == Role.ELEMENTARY)
    assert pupils[households.size < 3].sum() == 0
    big = households.size >= 3
    assert pupils[big & ~mixed].mean() == pytest.approx(0.334, rel=0.01)
    assert pupils[big & mixed].mean() == pytest.approx(0.16, rel=0.01)
    work = persons.work_zone[persons.role == Role.WORKER]
    shares = np.bincount(work, minlength=39) / len(work)
    assert shares[37] == pytest.approx(0.226, rel=0.01)
    assert shares[38] == pytest.approx(0.188, rel=0.01)
    assert shares[:37].sum() == pytest.approx(0.586, rel=0.01)


@pytest.mark.parametrize("residents", [200, 2_000, None])
def test_the_city_that_is_bundled(residents: int | None) -> None:
    if not (SEJONG.parent / "city.toml").is_file():
        pytest.skip("cities/sejong has not been generated")
    scene, spec = load_scene(SEJONG.parent), read_spec(SEJONG)
    population = synthesise(scene, spec, residents, 4)
    assert [m for m in margins(scene, spec, population) if not m.fits] == []
    assert _strain(population) == []
    work = population.persons.work_zone[population.persona("librarian")]
    assert scene.zones.zone[work] == scene.places.zone[scene.places.row_of["library"]]


def test_a_margin_that_is_missed_is_reported() -> None:
    spec = read_spec(SEJONG)
    other = synthesise(CITY, read_spec(), 2_000, 1)
    assert any(not m.fits for m in margins(CITY, spec, other))


def test_everybody_has_a_home_of_their_own() -> None:
    p = synthesise(CITY, read_spec(SEJONG), 20_000, 5)
    h, buildings = p.households, CITY.buildings
    assert len(np.unique(h.dwelling)) == len(h)
    lived = np.bincount(h.building, minlength=len(buildings.floors))
    assert (lived <= buildings.dwellings).all()
    assert (h.floor >= 1).all()
    assert (h.floor <= buildings.floors[h.building]).all()
    zone_of_building = [CITY.zones.zone.tolist().index(z) for z in buildings.zone]
    assert (np.array(zone_of_building)[h.building] == h.zone).all()


def test_a_sample_is_spread_over_the_city() -> None:
    p = synthesise(CITY, read_spec(SEJONG), 2_000, 5)
    per_zone = np.bincount(p.households.zone, minlength=39)
    assert per_zone[:36].min() >= 20
    assert per_zone[:36].max() <= 30
    assert per_zone[36:].sum() == 0
    assert p.share == pytest.approx(0.1)


@pytest.mark.parametrize("residents", [200, 20_000])
def test_the_four_personas_live_here(residents: int) -> None:
    p = synthesise(CITY, read_spec(SEJONG), residents, 9)
    wanted = {
        "librarian": (75, Sex.MALE, Role.WORKER, 3, "apartments", 2),
        "designer": (45, Sex.MALE, Role.WORKER, 4, "apartments", 6),
        "homemaker": (32, Sex.FEMALE, Role.HOMEMAKER, 4, "house", 1),
        "pupil": (11, Sex.FEMALE, Role.ELEMENTARY, 4, "mixed", 3),
    }
    assert p.personas == tuple(wanted)
    for name, (age, sex, role, size, kind, floor) in wanted.items():
        row = p.persona(name)
        home = p.persons.household[row]
        found = (p.persons.age[row], p.persons.sex[row], p.persons.role[row])
        assert found == (age, sex, role)
        assert p.households.size[home] == size
        assert CITY.buildings.kind[p.households.building[home]] == kind
        assert p.households.floor[home] == floor
    librarian = p.persona("librarian")
    assert p.persons.impairment[librarian] == Impairment.WALKS_BADLY
    if residents == 20_000:
        assert p.persons.work_zone[librarian] == 36 // 2 + 3  # where the culture place stands
    with pytest.raises(NotFound, match="astronaut"):
        p.persona("astronaut")


def test_nobody_learns_or_drives_who_should_not() -> None:
    p = synthesise(CITY, read_spec(SEJONG), 20_000, 5).persons
    kind = CITY.places.kind
    for role, school in (
        (Role.KINDERGARTEN, "school_kindergarten"),
        (Role.ELEMENTARY, "school_elementary"),
        (Role.MIDDLE, "school_middle"),
        (Role.HIGH, "school_high"),
    ):
        assert (kind[p.school[p.role == role]] == school).all()
    assert (p.school[p.role == Role.WORKER] == -1).all()
    assert ((p.work_zone >= 0) == (p.role == Role.WORKER)).all()
    assert (p.age[p.licence] >= 18).all()
    assert (p.licence[p.car_access != CarAccess.NEVER]).all()


def test_no_infant_stays_alone_by_day() -> None:
    p = synthesise(CITY, read_spec(SEJONG), 20_000, 5).persons
    at_home = np.isin(p.role, (Role.HOMEMAKER, Role.RETIRED, Role.OTHER))
    watched = np.bincount(p.household, at_home)[p.household] > 0
    assert (watched | (p.school >= 0))[p.role == Role.INFANT].all()


def test_cars_belong_to_households_with_drivers() -> None:
    p = synthesise(CITY, read_spec(SEJONG), 20_000, 5)
    drivers = np.bincount(p.persons.household, p.persons.licence)
    assert (drivers[p.households.cars > 0] > 0).all()
    own = np.bincount(p.persons.household, p.persons.car_access == CarAccess.OWN)
    assert (own == np.minimum(p.households.cars, drivers)).all()


def test_people_work_nearer_than_chance_would_have_it() -> None:
    p = synthesise(CITY, read_spec(), 20_000, 5)
    inside = (p.persons.work_zone >= 0) & (p.persons.work_zone < 36)
    home, work = p.home_zone[inside], p.persons.work_zone[inside]
    distance = np.hypot(*(CITY.zones.xy[home] - CITY.zones.xy[work]).T)
    rng = np.random.default_rng(1)
    random = np.hypot(*(CITY.zones.xy[home] - CITY.zones.xy[rng.permutation(work)]).T)
    assert distance.mean() < 0.97 * random.mean()


def test_one_seed_one_population() -> None:
    spec = read_spec(SEJONG)
    first, again = (synthesise(CITY, spec, 2_000, 7).to_bytes() for _ in range(2))
    assert first == again
    assert first != synthesise(CITY, spec, 2_000, 8).to_bytes()


@pytest.mark.slow
def test_the_same_in_another_process_with_another_hash_seed() -> None:
    code = (
        "import hashlib, pathlib, sys; sys.path.insert(0, sys.argv[1]);"
        "from toy_city import toy_city; from hapgang.rehearsal.population import *;"
        "p = synthesise(toy_city(20_000), read_spec(pathlib.Path(sys.argv[2])), 500, 7);"
        "print(hashlib.sha256(p.to_bytes()).hexdigest())"
    )
    here = synthesise(CITY, read_spec(SEJONG), 500, 7)
    for hash_seed in ("1", "77"):
        out = subprocess.run(
            [sys.executable, "-c", code, str(Path(__file__).parent), str(SEJONG)],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert out.stdout.strip() == hashlib.sha256(here.to_bytes()).hexdigest()


def test_columns_cannot_be_written_to() -> None:
    p = synthesise(CITY, read_spec(SEJONG), 200, 7)
    with pytest.raises(ValueError, match="read-only"):
        p.persons.age[0] = 3


def test_too_many_households_for_the_dwellings_are_refused() -> None:
    with pytest.raises(Invalid, match="dwellings"):
        synthesise(CITY, read_spec(SEJONG), 60_000, 1)
    with pytest.raises(Invalid, match="at least"):
        synthesise(CITY, read_spec(SEJONG), 3, 1)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("format = 1", "format = 2"), "format"),
        (("male = 0.5004", "male = 'half'"), "float"),
        (("0.317, 0.280", "0.917, 0.280"), "sizes"),
        (("decay_m = 700", "decay = 700"), "decay"),
        (("share = 0.828", "share = 1.828"), "contradict"),
        (("mean = 32.6", "mean = [32"), "population"),
    ],
)
def test_a_wrong_file_says_what_is_wrong(
    tmp_path: Path, change: tuple[str, str], reason: str
) -> None:
    text = SEJONG.read_text("utf-8")
    assert change[0] in text
    path = tmp_path / "population.toml"
    path.write_text(text.replace(*change), "utf-8")
    with pytest.raises(Invalid, match=reason):
        synthesise(CITY, read_spec(path), 200, 1)
    with pytest.raises(Invalid):
        read_spec(tmp_path / "absent.toml")


@pytest.mark.slow
def test_a_million_fit_too() -> None:
    city, spec = toy_city(1_000_000, side=30), read_spec(SEJONG)
    population = synthesise(city, spec, 1_000_000, 1)
    assert [m for m in margins(city, spec, population) if not m.fits] == []
