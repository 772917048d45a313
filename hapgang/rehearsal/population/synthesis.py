"""From what is known of a city's people to the people themselves."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hapgang.core.errors import Invalid
from hapgang.rehearsal.population import attributes, destinations, housing, members
from hapgang.rehearsal.population.ages import AGES, age_counts, is_elementary
from hapgang.rehearsal.population.columns import (
    AT_HOME,
    Flags,
    Households,
    Ints,
    Persons,
    Population,
    Relation,
    Role,
)
from hapgang.rehearsal.population.personas import Family, age_table, families_for, fixed
from hapgang.rehearsal.population.sites import SceneLike, Sites, sites_of
from hapgang.rehearsal.population.spec import Spec
from hapgang.rehearsal.population.structure import (
    Slot,
    Structures,
    dwelling_split,
    household_sizes,
    structures,
)

FEWEST = 20  # below, the margins of a city cannot be told apart

_RELATION = np.zeros(len(Slot), np.int64)
_RELATION[[Slot.MAN, Slot.WOMAN, Slot.FATHER, Slot.MOTHER]] = Relation.PARTNER
_RELATION[Slot.LONE] = Relation.LONE_PARENT
_RELATION[[Slot.CHILD_MEDIUM, Slot.CHILD_MIXED, Slot.CHILD_OF_TWO]] = Relation.CHILD
_RELATION[Slot.GRANDPARENT] = Relation.GRANDPARENT
_RELATION[Slot.OTHER] = Relation.OTHER


@dataclass(frozen=True, eq=False)
class _Draft:
    """People with ages and households, but without homes and roles."""

    size: Ints  # (households,)
    mixed: Ints  # (households,)
    age: Ints
    sex: Ints
    relation: Ints
    given: dict[str, Ints]  # set beforehand: role, licence, impairment, work; -1 where not

    @property
    def household(self) -> Ints:
        return np.repeat(np.arange(len(self.size)), self.size)


def synthesise(
    scene: SceneLike, spec: Spec, residents: int | None = None, seed: int = 0
) -> Population:
    """Make the people of a city, or a sample of them that is like the whole.

    residents: n, the number of persons; None for all of the city's N. The same arguments give the
    same people, byte for byte. Margins (ages, sexes, household sizes, pupils, roles, work places,
    licences, impairments, cars) are within 1 % or one of `spec`'s (see `margins`). Ignored: income,
    nationality, people in institutions, households of more than six.
    Source of the method: fitting by Deming and Stephan 1940 and integerisation in two dimensions
    (`hapgang.science.fitting`); members matched by rank of age and mended by exchanges.
    Checked: tests/rehearsal/test_population.py.
    """
    n = scene.residents if residents is None else residents
    if n < FEWEST:
        raise Invalid(
            f"a virtual city needs at least {FEWEST} residents, not {n}",
            f"가상 도시에는 주민이 {FEWEST}명 이상 필요합니다",
        )
    rng = np.random.default_rng(seed)
    sites, families = sites_of(scene), families_for(n)
    sizes = household_sizes(spec, n)
    stock = housing.stock_of(scene, sites, n / float(sizes.sum()))
    draft = _draft(spec, n, sizes, stock, families, rng)
    households = _homes(stock, draft, families, rng)
    persons, cars = _persons(spec, scene, sites, draft, households["zone"], rng)
    persona = np.full(n, -1)
    persona[households["first_person"][: len(families)]] = np.arange(len(families))
    return Population(
        households=Households.of({**households, "cars": cars}),
        persons=Persons.of({**persons, "persona": persona}),
        personas=tuple(family.persona for family in families),
        residents_of_city=max(scene.residents, n),
        seed=seed,
    )


def _homes(
    stock: housing.Stock, draft: _Draft, families: tuple[Family, ...], rng: np.random.Generator
) -> dict[str, Ints]:
    """Return the households' columns but for their cars."""
    dwelling = housing.house(stock, draft.mixed, families, rng)
    owner = stock.owner(dwelling)
    return {
        "size": draft.size,
        "zone": stock.zone[owner],
        "building": stock.building[owner],
        "dwelling": dwelling,
        "floor": stock.floor_of(dwelling),
        "first_person": np.cumsum(draft.size) - draft.size,
    }


def _draft(
    spec: Spec,
    n: int,
    sizes: Ints,
    stock: housing.Stock,
    families: tuple[Family, ...],
    rng: np.random.Generator,
) -> _Draft:
    """Form households with ages and sexes; the personas' families are the first ones."""
    taken, school = age_table(families), is_elementary(spec, AGES)
    ages = age_counts(spec, n, taken, rng)
    in_mixed = np.array([f.dwelling == housing.MIXED for f in families], np.bool_)
    in_mixed &= bool(stock.mixed.any())
    pupils_all = int((ages + taken)[school].sum())
    mixed, pupils = dwelling_split(spec, sizes, stock.by_type, pupils_all)
    if len(pupils):
        own = [sum(int(school[m.age]) for m in family.members) for family in families]
        pupils = pupils - np.bincount(in_mixed.astype(np.int64), own, minlength=2).astype(np.int64)
        pupils = np.array([pupils[0] + min(pupils[1], 0), max(pupils[1], 0)])
    minors = int(ages[: spec.roles.adult_from].sum())
    drawn = structures(spec, sizes, mixed, minors, tuple(zip(families, in_mixed, strict=True)))
    age, sex = members.people(spec, drawn, ages, pupils, rng)
    return _join(drawn, age, sex, families, in_mixed)


def _join(
    drawn: Structures, age: Ints, sex: Ints, families: tuple[Family, ...], in_mixed: Flags
) -> _Draft:
    """Put the families' households before the others."""
    preset = fixed(families)
    nothing = np.full(len(age), -1)
    own_size = np.array([len(family.members) for family in families], np.int64)
    return _Draft(
        size=np.concatenate([own_size, drawn.size]),
        mixed=np.concatenate([in_mixed.astype(np.int64), drawn.mixed]),
        age=np.concatenate([preset["age"], age]),
        sex=np.concatenate([preset["sex"], sex]),
        relation=np.concatenate([preset["relation"], _RELATION[drawn.slot]]),
        given={
            name: np.concatenate([preset[name], nothing])
            for name in ("role", "licence", "impairment", "work")
        },
    )


def _persons(
    spec: Spec,
    scene: SceneLike,
    sites: Sites,
    draft: _Draft,
    zone: Ints,
    rng: np.random.Generator,
) -> tuple[dict[str, NDArray[Any]], Ints]:
    """Return the persons' columns, and the households' cars."""
    age, sex, household, given = draft.age, draft.sex, draft.household, draft.given
    home, share = zone[household], len(age) / scene.residents
    small = attributes.has_small_child(age, draft.relation, household)
    role = attributes.roles(spec, age, sex, given["role"], small, rng)
    impairment = attributes.impairments(spec, age, sex, given["impairment"], rng)
    licence = attributes.licences(spec, age, sex, given["licence"], rng)
    cars, access = attributes.cars(spec, household, licence, role, draft.size, rng)
    wanted = given["work"]
    work = destinations.work_places(spec, scene, sites, home, role, wanted, share, rng)
    watcher = np.isin(role, AT_HOME) & (draft.relation != Relation.CHILD)
    watched = np.bincount(household, watcher)[household] > 0
    day_care = np.flatnonzero((role == Role.INFANT) & ~watched)
    school = destinations.schools(spec.school, scene, sites, home, role, household, day_care, rng)
    columns = {
        "household": household,
        "age": age,
        "sex": sex,
        "relation": draft.relation,
        "role": role,
        "work_zone": work[0],
        "work_building": work[1],
        "school": school[0],
        "school_zone": school[1],
        "licence": licence,
        "car_access": access,
        "impairment": impairment,
    }
    return columns, cars
