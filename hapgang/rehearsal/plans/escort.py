"""Small children do not go alone: who takes them, and the days that follow from that."""

from dataclasses import dataclass

import numpy as np

from hapgang.rehearsal.plans import rates
from hapgang.rehearsal.plans.columns import Kind
from hapgang.rehearsal.plans.context import Context
from hapgang.rehearsal.plans.duties import building_of_school
from hapgang.rehearsal.plans.slate import NOTHING, At
from hapgang.rehearsal.population.columns import (
    AT_HOME,
    Flags,
    Floats,
    Ints,
    Population,
    Relation,
    Role,
)
from hapgang.rehearsal.population.sites import Sites

_LATE_PICK_S, _EARLY_PICK_S = 15.6 * 3600.0, 14.2 * 3600.0  # with and without kindergarten, MOE
_ELEMENTARY_AT_S = 8.67 * 3600.0
_BUFFER_S = 600.0
_LATEST_WORK_S = 10 * 3600.0
_GOES_ON = 0.40  # who does something else after taking a child to school, choice


@dataclass(frozen=True, eq=False)
class Care:
    """Who looks after whom. Rows are small children; the schools are those of a carer."""

    child: Ints
    carer: Ints  # of each child
    carers: Ints  # each once
    first_school: Ints  # a child of each carer that goes to the first school, -1 without
    second_school: Ints  # one that goes to another school, -1 without
    at_second: Flags  # (children,): goes to the second one
    learns: Flags  # (children,): goes to a school or kindergarten today


def carer_of(population: Population, sites: Sites) -> Ints:
    """Return the adult who looks after each household's small children, (households,), or -1.

    Who is at home by day comes first, then who works or studies in the city, then who is healthy.
    """
    p = population.persons
    adult = np.flatnonzero((p.age >= 18) & (p.relation != Relation.CHILD))
    goal = np.maximum(p.work_zone, p.school_zone)[adult]
    away = np.where(goal < 0, 0, 1 + sites.outside[goal])
    hard = 2 * np.where(np.isin(p.role[adult], AT_HOME), 0, 1 + away) + (p.impairment[adult] > 0)
    order = adult[np.lexsort((adult, hard, p.household[adult]))]
    household, first = np.unique(p.household[order], return_index=True)
    carer = np.full(len(population.households), -1)
    carer[household] = order[first]
    return carer


def care(population: Population, sites: Sites, *, school: bool) -> Care:
    """Find the small children, their carers and where these must take them."""
    p = population.persons
    child = np.flatnonzero(p.age < rates.ESCORTED_BELOW)
    child = child[np.lexsort((p.role[child], p.household[child]))]
    carer = carer_of(population, sites)[p.household[child]]
    child, carer = child[carer >= 0], carer[carer >= 0]
    learns = (p.school_zone[child] >= 0) & school
    carers, number = np.unique(carer, return_inverse=True)
    key = np.where(p.school[child] >= 0, p.school[child], -2 - p.school_zone[child])
    first = _first_of(number, learns, len(carers))
    other = learns & (key != key[np.maximum(first, 0)][number])
    second = _first_of(number, other, len(carers))

    def person(row: Ints) -> Ints:
        return np.where(row >= 0, child[row], -1) if len(child) else row

    return Care(child, carer, carers, person(first), person(second), other, np.asarray(learns))


def _first_of(number: Ints, chosen: Flags, count: int) -> Ints:
    """Return the first chosen row of each group, (count,), -1 where none is."""
    rows = np.flatnonzero(chosen)
    first = np.full(count, -1)
    group, index = np.unique(number[rows], return_index=True)
    first[group] = rows[index]
    return first


def plan_escort(context: Context, family: Care, busy: Flags) -> None:
    """Put taking children to school and fetching them into their carers' days.

    busy (persons,): away at work or lectures by day; they take the children on their way.
    """
    slate, chance = context.slate, context.chance
    has_first = family.first_school >= 0
    who, child = family.carers[has_first], family.first_school[has_first]
    other = family.second_school[has_first]
    both, away = other >= 0, busy[who]
    _work_by_day(context, who[away])
    slate.put(who[away], At.AFTER, kind=NOTHING)
    _escort(context, who, At.DROP_1, child)
    slate.put(who, At.DROP_1, anchor_s=_drop_at(context, who, child, other, away))
    _escort(context, who[both], At.DROP_2, other[both])
    goes_on = ~away & (chance("on from school")[who] < _GOES_ON) & slate.busy(At.MAIN)[who]
    slate.put(who[~away], At.MAIN, anchor_s=np.nan)
    slate.put(who[~away & ~goes_on], At.MAIN, kind=NOTHING)
    slate.put(who[~away & ~goes_on], At.AFTER, kind=NOTHING)
    for slots, out in (((At.PICK_1, At.PICK_2), away), ((At.SECOND, At.SECOND_MORE), ~away)):
        slate.put(who[out], slots[1], kind=NOTHING)
        _escort(context, who[out], slots[0], child[out])
        _escort(context, who[out & both], slots[1], other[out & both])
    small = np.isin(context.population.persons.role[child], (Role.INFANT, Role.KINDERGARTEN))
    pick = np.where(small, _LATE_PICK_S, _EARLY_PICK_S) + 1800.0 * chance("fetch")[who]
    slate.put(who[~away], At.SECOND, anchor_s=pick[~away])


def _work_by_day(context: Context, who: Ints) -> None:
    """Let carers work in the hours of day care."""
    slate = context.slate
    start = np.minimum(slate.anchor_s[who, At.MAIN], _LATEST_WORK_S)
    slate.put(who, At.MAIN, anchor_s=start)
    for at in (At.MAIN, At.MAIN_AGAIN):
        until = np.fmin(slate.until_s[who, at], rates.CARER_WORKS_UNTIL_S)
        slate.put(who, at, until_s=np.where(slate.busy(at)[who], until, np.nan))


def _escort(context: Context, who: Ints, at: At, child: Ints) -> None:
    """Send carers to a child's school."""
    p = context.population.persons
    context.slate.put(
        who,
        at,
        kind=Kind.ESCORT,
        zone=p.school_zone[child],
        place=p.school[child],
        building=building_of_school(context, p.school[child]),
        stay_s=rates.ESCORT_STAY_S,
        keep=True,
    )


def _drop_at(context: Context, who: Ints, child: Ints, other: Ints, away: Flags) -> Floats:
    """Return when the first child should be at school, (carers,), s."""
    p, slate = context.population.persons, context.slate
    school = p.school_zone[child].astype(np.int64)
    work = slate.zone[who, At.MAIN]
    in_time = slate.anchor_s[who, At.MAIN] - context.travel_s(school, work) - _BUFFER_S
    at = np.full(len(who), rates.LATEST_DROP_S) - 900.0 * context.chance("drop")[who]
    at = np.where(away, np.minimum(at, np.nan_to_num(in_time, nan=np.inf)), at)
    at = np.where(p.role[child] == Role.ELEMENTARY, _ELEMENTARY_AT_S, at)
    further = context.travel_s(school, p.school_zone[np.maximum(other, 0)].astype(np.int64))
    before = _ELEMENTARY_AT_S - further - rates.ESCORT_STAY_S
    at = np.where((other >= 0) & (p.role[other] == Role.ELEMENTARY), np.minimum(at, before), at)
    return np.clip(at, rates.EARLIEST_DROP_S, rates.LATEST_DROP_S)


def follow(context: Context, family: Care) -> None:
    """Give small children the days that follow from their carers', once these have their times."""
    slate = context.slate
    _stay_along(context, family.child[~family.learns], family.carer[~family.learns])
    child, carer = family.child[family.learns], family.carer[family.learns]
    second = family.at_second[family.learns]
    early = slate.busy(At.PICK_1)[carer]
    drop = np.where(second, At.DROP_2, At.DROP_1)
    pick = np.where(early, At.PICK_1, At.SECOND) + second
    p = context.population.persons
    slate.put(
        child,
        At.MAIN,
        kind=Kind.SCHOOL,
        zone=p.school_zone[child],
        place=p.school[child],
        building=building_of_school(context, p.school[child]),
        start_s=slate.start_s[carer, drop],
        end_s=slate.end_s[carer, pick],
        with_person=carer,
    )
    slate.put(child, At.NIGHT, end_s=slate.end_s[carer, At.NIGHT])
    later = np.arange(len(At)) > pick[:, None]
    later &= (slate.kind[carer] != NOTHING) & (slate.kind[carer] != Kind.ESCORT)
    later &= ~np.maximum.accumulate(slate.alone[carer], axis=1)
    slate.copy(carer, child, later)
    slate.with_person[child] = np.where(later, carer[:, None], slate.with_person[child])
    last = len(At) - 1 - np.argmax(slate.kind[child, ::-1] != NOTHING, axis=1)
    slate.end_s[child, last] = 86_400.0


def _stay_along(context: Context, child: Ints, carer: Ints) -> None:
    """Let children do what their carer does all day; a slot the carer spends alone is at home."""
    slate = context.slate
    slots = slate.kind[carer] != NOTHING
    slots &= ~np.maximum.accumulate(slate.alone[carer], axis=1)
    slate.copy(carer, child, slots)
    slate.with_person[child] = np.where(slots, carer[:, None], -1)
    slate.put(child, At.NIGHT, with_person=-1)
    last = len(At) - 1 - np.argmax(slate.kind[child, ::-1] != NOTHING, axis=1)
    slate.end_s[child, last] = 86_400.0
