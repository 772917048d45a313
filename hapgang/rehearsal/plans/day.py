"""A day's plans of a whole population."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from hapgang.rehearsal.plans.chance import Chance
from hapgang.rehearsal.plans.choice import Choice
from hapgang.rehearsal.plans.columns import Plans
from hapgang.rehearsal.plans.context import FIXED_KINDS, Context
from hapgang.rehearsal.plans.duties import plan_lectures, plan_school, plan_work, who_works
from hapgang.rehearsal.plans.escort import care, follow, plan_escort
from hapgang.rehearsal.plans.outings import plan_outings
from hapgang.rehearsal.plans.personas import plan_personas
from hapgang.rehearsal.plans.rates import ESCORTED_BELOW
from hapgang.rehearsal.plans.slate import NOTHING, At, Slate, blank
from hapgang.rehearsal.plans.timing import schedule
from hapgang.rehearsal.population.columns import Population
from hapgang.rehearsal.population.sites import SceneLike, sites_of

_SATURDAY = 5


def day_plans(
    scene: SceneLike,
    population: Population,
    day: date,
    seed: int,
    distances: NDArray[np.float32],
    *,
    holiday: bool = False,
) -> Plans:
    """Return everybody's activities on a day, from midnight to midnight at home.

    distances (zones, zones): street distances, m; inf where there is no way. holiday: nobody has
    school, few work. The same arguments give the same plans; a person's draws do not depend on how
    many others there are. Ignored: nights away from home, trips before midnight that end after it,
    households' negotiation beyond who takes the small children.
    Source of the frame: tours from home with a main activity and stops before and after it (Bowman
    and Ben-Akiva 2001, doi:10.1016/S0965-8564(99)00043-9); rates and times in `rates`. Checked:
    tests/rehearsal/test_plans.py, with the shares of MOLIT's survey of 2010.
    """
    sites = sites_of(scene)
    context = Context(
        population=population,
        sites=sites,
        distances=distances,
        choice=Choice(scene, sites, distances),
        chance=Chance(seed, day, len(population)),
        day=day,
        workday=day.weekday() < _SATURDAY and not holiday,
        slate=blank(population),
    )
    _fill(context)
    return _flat(context.slate)


def _fill(context: Context) -> None:
    """Plan duties, then what people like, then who takes the children, then the times."""
    population = context.population
    family = care(population, context.sites, school=context.workday)
    works = who_works(context, family.carers)
    plan_work(context, works)
    if context.workday:
        plan_school(context)
        plan_lectures(context)
    follows = population.persons.age < ESCORTED_BELOW
    busy = context.slate.busy(At.MAIN)
    plan_outings(context, busy, np.asarray(follows))
    if context.workday:
        plan_escort(context, family, busy)
    plan_personas(context)
    schedule(context)
    follow(context, family)


def _flat(slate: Slate) -> Plans:
    """Return the filled slots as rows."""
    person, column = np.nonzero(slate.kind != NOTHING)
    kind = slate.kind[person, column]
    return Plans.of(
        {
            "person": person,
            "kind": kind,
            "zone": slate.zone[person, column],
            "building": slate.building[person, column],
            "place": slate.place[person, column],
            "start_s": slate.start_s[person, column],
            "end_s": slate.end_s[person, column],
            "fixed": FIXED_KINDS[kind],
            "with_person": slate.with_person[person, column],
        }
    )
