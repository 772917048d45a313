"""The days of the four personas, where they differ from anybody else's of their age."""

import numpy as np

from hapgang.rehearsal.plans.columns import Kind
from hapgang.rehearsal.plans.context import Context
from hapgang.rehearsal.plans.outings import evening_show
from hapgang.rehearsal.plans.slate import NOTHING, At
from hapgang.rehearsal.population.columns import Ints

_MONDAY, _TUESDAY, _WEDNESDAY, _THURSDAY, _FRIDAY, _SATURDAY = range(6)


def plan_personas(context: Context) -> None:
    """Give the personas what the sources say of them; the rest of their day stays as drawn."""
    p = context.population
    for name, plan in _PLANS.items():
        if name in p.personas:
            plan(context, np.array([p.persona(name)]))


def _librarian(context: Context, who: Ints) -> None:
    """Open the library from ten to three (choice), no long evenings: he walks badly."""
    if not context.workday:
        return
    slate = context.slate
    zone = context.population.persons.work_zone[who]
    building = context.population.persons.work_building[who]
    for at in (At.NOON, At.MAIN_AGAIN, At.AFTER, At.THIRD, At.THIRD_MORE):
        slate.put(who, at, kind=NOTHING)
    slate.put(who, At.MAIN, kind=Kind.WORK, zone=zone, building=building, place=-1)
    slate.put(who, At.MAIN, anchor_s=10 * 3600.0, until_s=15 * 3600.0, keep=True, stretch=False)


def _designer(context: Context, who: Ints) -> None:
    """Travel on Tuesdays and Thursdays: "away twice a week"."""
    if not context.workday or context.day.weekday() not in (_TUESDAY, _THURSDAY):
        return
    slate = context.slate
    outside = np.flatnonzero(context.sites.outside)
    zone = outside if len(outside) else np.arange(len(context.sites.outside))
    jobs = context.choice.attraction(Kind.BUSINESS)[zone]
    chosen = np.searchsorted(np.cumsum(jobs) / jobs.sum(), context.chance("away")[who])
    for at in (At.NOON, At.MAIN_AGAIN, At.AFTER, At.SECOND, At.SECOND_MORE):
        slate.put(who, at, kind=NOTHING)
    slate.put(who, At.MAIN, kind=Kind.BUSINESS, zone=zone[chosen], building=-1, place=-1)
    slate.put(who, At.MAIN, anchor_s=9.5 * 3600.0, until_s=18 * 3600.0, keep=True, stretch=False)


def _homemaker(context: Context, who: Ints) -> None:
    """Go to a live show on Friday or Saturday night; her husband stays with the daughters."""
    if context.day.weekday() in (_FRIDAY, _SATURDAY):
        evening_show(context, who, alone=True)


def _pupil(context: Context, who: Ints) -> None:
    """Play badminton after school on Mondays, Wednesdays and Fridays (days are our choice)."""
    if not context.workday or context.day.weekday() not in (_MONDAY, _WEDNESDAY, _FRIDAY):
        return
    kind = np.full(1, Kind.SPORT, np.int64)
    context.visit(who, At.AFTER, kind, context.slate.zone[who, At.MAIN])
    context.slate.put(who, At.AFTER, stay_s=90 * 60.0, keep=True)


_PLANS = {
    "librarian": _librarian,
    "designer": _designer,
    "homemaker": _homemaker,
    "pupil": _pupil,
}
