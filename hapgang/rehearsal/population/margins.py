"""How well the virtual people fit what is known of the real ones: target, value, source."""

from dataclasses import dataclass

import numpy as np

from hapgang.rehearsal.population.ages import age_shares, is_elementary
from hapgang.rehearsal.population.attributes import (
    ADULT_ROLES,
    expected,
    impairment_rates,
    licence_rates,
    role_rates,
)
from hapgang.rehearsal.population.columns import Impairment, Population, Relation, Role
from hapgang.rehearsal.population.destinations import work_totals
from hapgang.rehearsal.population.housing import MIXED
from hapgang.rehearsal.population.sites import SceneLike, sites_of
from hapgang.rehearsal.population.spec import OLDEST, SIZES, Spec
from hapgang.rehearsal.population.structure import size_shares


@dataclass(frozen=True)
class Margin:
    """One figure of the population beside what it should be."""

    name: str
    unit: str
    target: float
    value: float
    source: str

    @property
    def error(self) -> float:
        """Return the difference from the target, in its unit."""
        return self.value - self.target

    @property
    def fits(self) -> bool:
        """Tell whether the value is within 1 % of the target, or within one of counted things."""
        allowed = 0.01 * abs(self.target)
        return abs(self.error) <= max(allowed, 1.0 if self.unit != "years" else 0.0) + 1e-9


def margins(scene: SceneLike, spec: Spec, population: Population) -> tuple[Margin, ...]:
    """Measure every margin that `spec` knows. Targets are its exact shares of n persons."""
    return (
        *_ages(spec, population),
        *_households(spec, population),
        *_pupils(scene, spec, population),
        *_roles(spec, population),
        *_work(scene, spec, population),
    )


def _count(name: str, target: float, value: float, source: str, unit: str = "persons") -> Margin:
    return Margin(name, unit, float(target), float(value), source)


def _ages(spec: Spec, population: Population) -> list[Margin]:
    age, sex, n = population.persons.age, population.persons.sex, len(population)
    shares = age_shares(spec)
    result = []
    for start, end in zip(spec.age.bands, [*spec.age.bands[1:], OLDEST + 1], strict=True):
        target = n * float(shares[start:end].sum())
        value = int(((age >= start) & (age < end)).sum())
        result.append(_count(f"age {start}-{end - 1}", target, value, spec.age.source))
    for fact in spec.age.facts:
        if fact.mean is not None:
            mean = float(age.mean())
            result.append(_count("mean age", fact.mean, mean, fact.source, "years"))
        if fact.share is not None:
            inside = (age >= fact.from_age) & (age < fact.below)
            name = f"age {fact.from_age} to under {fact.below}"
            result.append(_count(name, n * fact.share, int(inside.sum()), fact.source))
    result.append(_count("men", n * spec.age.male, int((sex == 1).sum()), spec.age.male_source))
    return result


def _households(spec: Spec, population: Population) -> list[Margin]:
    h, n = population.households, len(population)
    shares, facts = size_shares(spec), spec.households
    result = []
    if facts.persons is not None and facts.households is not None:
        target = n * facts.households / facts.persons
        result.append(_count("households", target, len(h), facts.source, "households"))
    households = n / float(shares @ np.arange(1, SIZES + 1))
    for size in range(1, SIZES + 1):
        target, value = households * shares[size - 1], int((h.size == size).sum())
        name = f"households of {size}"
        result.append(_count(name, target, value, facts.sizes_source, "households"))
    for cars, share in enumerate(spec.cars.shares):
        target, value = len(h) * share, int((h.cars == cars).sum())
        name = f"households with {cars} cars"
        result.append(_count(name, target, value, spec.cars.source, "households"))
    return result


def _pupils(scene: SceneLike, spec: Spec, population: Population) -> list[Margin]:
    if spec.pupils is None:
        return []
    p, h, known = population.persons, population.households, spec.pupils
    pupil = is_elementary(spec, p.age.astype(np.int64))
    size = h.size[p.household]
    target = len(population) * known.total / known.of_persons
    result = [
        _count("elementary pupils", target, int(pupil.sum()), known.source),
        _count("pupils in smaller households", 0, int(pupil[size < 3].sum()), known.source),
    ]
    kind = np.append(scene.buildings.kind, [""])[h.building]
    in_mixed = np.asarray(kind == MIXED, np.bool_)
    if in_mixed.any():
        for name, inside in (("mixed", in_mixed), ("medium", ~in_mixed)):
            big = int((inside & (h.size >= known.smallest_household)).sum())
            value = int(pupil[inside[p.household]].sum())
            rate = getattr(known.per_household, name)
            result.append(_count(f"pupils, {name} dwellings", rate * big, value, known.source))
    return result


def _roles(spec: Spec, population: Population) -> list[Margin]:
    p, n = population.persons, len(population)
    result = []
    for role, share in zip(ADULT_ROLES, expected(spec, role_rates(spec)), strict=True):
        value = int((p.role == role).sum())
        result.append(_count(f"role {role.name.lower()}", n * share, value, spec.roles.source))
    shares = age_shares(spec).sum(axis=1)
    starts = (0, *spec.roles.school_from, spec.roles.adult_from)
    for role in (Role.INFANT, Role.KINDERGARTEN, Role.ELEMENTARY, Role.MIDDLE, Role.HIGH):
        target = n * float(shares[starts[role] : starts[role + 1]].sum())
        value = int((p.role == role).sum())
        result.append(_count(f"role {role.name.lower()}", target, value, spec.roles.source))
    for kind, share in zip(Impairment, expected(spec, impairment_rates(spec)), strict=True):
        value, name = int((p.impairment == kind).sum()), f"impairment {kind.name.lower()}"
        result.append(_count(name, n * share, value, spec.impairment.source))
    target = n * float(expected(spec, licence_rates(spec))[1])
    result.append(_count("licences", target, int(p.licence.sum()), spec.licence.source))
    return result


def _work(scene: SceneLike, spec: Spec, population: Population) -> list[Margin]:
    work_zone = population.persons.work_zone[population.persons.role == Role.WORKER]
    sites, jobs = sites_of(scene), scene.zones.jobs.astype(np.int64)
    share = population.share
    totals = work_totals(spec.work, jobs, sites, len(work_zone), share)
    counted = np.bincount(work_zone, minlength=len(jobs))
    return [
        _count(f"work in zone {zone}", totals[row], counted[row], spec.work.source)
        for row, zone in enumerate(sites.zone_ids)
    ]


def implausible(population: Population) -> int:
    """Count households that could not be: no adult, or nobody who could be a child's parent."""
    p, households = population.persons, len(population.households)
    adults = np.bincount(p.household, p.age >= 18, minlength=households)
    count = int((adults == 0).sum())
    oldest = np.zeros(households, np.int64)
    np.maximum.at(oldest, p.household, np.where(p.relation == Relation.CHILD, 0, p.age))
    children = p.relation == Relation.CHILD
    gap = oldest[p.household[children]] - p.age[children]
    return count + int((gap < 18).sum())
