"""What must be done on a day: work, school, lectures, business; with lunch and lessons."""

import numpy as np

from hapgang.rehearsal.plans import rates
from hapgang.rehearsal.plans.columns import Kind
from hapgang.rehearsal.plans.context import Context, draw_kind
from hapgang.rehearsal.plans.slate import At
from hapgang.rehearsal.population.columns import Flags, Floats, Ints, Role, Rows

_LATE_MORNING_S, _AFTERNOON_S = 11 * 3600.0, 13.7 * 3600.0
_LAST_LESSON_S = 20.5 * 3600.0  # none begins later


def who_works(context: Context, carers: Ints) -> Flags:
    """Tell who works today. carers: on days without school they stay with their children."""
    p = context.population.persons
    share = rates.WORKS[context.day_type]
    works = (p.work_zone >= 0) & (context.chance("works") < share)
    if not context.workday:
        works[carers] = False
    return np.asarray(works)


def plan_work(context: Context, works: Flags) -> None:
    """Put work into the day, with lunch or business away from it."""
    p, slate, chance = context.population.persons, context.slate, context.chance
    who = np.flatnonzero(works)
    zone = p.work_zone[who].astype(np.int64)
    way_s = context.travel_s(context.population.home_zone[who], zone)
    start = rates.LEAVE_FOR_WORK.draw_s(chance("leave for work")[who]) + way_s
    until = start + rates.WORK_STAY.draw_s(chance("work stay")[who])
    place = {"kind": Kind.WORK, "zone": zone, "building": p.work_building[who], "keep": True}
    slate.put(who, At.MAIN, **place, anchor_s=start, until_s=until)
    over_noon = (start < _LATE_MORNING_S) & (until > _AFTERNOON_S)
    inside = ~context.sites.outside[zone]
    lunch = over_noon & inside & (chance("lunch out")[who] < rates.LUNCH_OUT)
    business = over_noon & (chance("business")[who] < rates.ON_BUSINESS)
    for out, kind in ((business, Kind.BUSINESS), (lunch & ~business, Kind.MEAL)):
        _break(context, who[out], kind, zone[out], until[out])
    after = chance("after work")[who] < rates.AFTER_WORK
    _stop_after(context, who[after], "after_work")


def _break(context: Context, who: Ints, kind: Kind, zone: Ints, until: Floats) -> None:
    """Let some leave work for lunch or business and come back."""
    slate, chance = context.slate, context.chance
    at, stay = (
        (rates.BUSINESS_AT, rates.BUSINESS_STAY)
        if kind == Kind.BUSINESS
        else (rates.LUNCH_AT, rates.LUNCH_STAY)
    )
    begin = at.draw_s(chance("break at")[who])
    context.visit(who, At.NOON, np.full(len(who), kind), zone, begin, lunch=kind == Kind.MEAL)
    slate.put(who, At.NOON, stay_s=stay.draw_s(chance("break stay")[who]))
    slate.put(who, At.MAIN_AGAIN, kind=Kind.WORK, zone=zone, until_s=until, keep=True)
    slate.put(who, At.MAIN_AGAIN, building=slate.building[who, At.MAIN], stay_s=900.0)
    slate.put(who, At.MAIN, stretch=True)


def _stop_after(context: Context, who: Ints, shares: str) -> None:
    """Let some stop on their way home, near the one or the other end of it."""
    chance, slate = context.chance, context.slate
    kind = draw_kind(rates.PURPOSES[shares], chance("after kind")[who])
    near_home = chance("after near home")[who] < 0.6
    home = context.population.home_zone[who]
    origin = np.where(near_home, home, slate.zone[who, At.MAIN]).astype(np.int64)
    context.visit(who, At.AFTER, kind, origin)


def plan_school(context: Context) -> None:
    """Put school into the day of those who go alone, with lessons after it."""
    p, slate, chance = context.population.persons, context.slate, context.chance
    learns = (p.school_zone >= 0) & (p.age >= rates.ESCORTED_BELOW)
    learns &= chance("attends") < rates.ATTENDS
    for role, until in rates.SCHOOL_UNTIL.items():
        who = np.flatnonzero(learns & (p.role == role))
        slate.put(
            who,
            At.MAIN,
            kind=Kind.SCHOOL,
            zone=p.school_zone[who],
            place=p.school[who],
            building=building_of_school(context, p.school[who]),
            anchor_s=rates.SCHOOL_AT[role] * 3600.0 - 600.0 * chance("early")[who],
            until_s=until.draw_s(chance("school until")[who]),
            keep=True,
        )
        lesson = chance("lesson")[who] < rates.LESSON.get(role, 0.0)
        lesson &= slate.until_s[who, At.MAIN] < _LAST_LESSON_S
        kind = np.full(int(lesson.sum()), Kind.LESSON, np.int64)
        context.visit(who[lesson], At.AFTER, kind, p.school_zone[who[lesson]].astype(np.int64))


def plan_lectures(context: Context) -> None:
    """Put lectures into the day of students."""
    p, slate, chance = context.population.persons, context.slate, context.chance
    goes = (p.role == Role.STUDENT) & (p.school_zone >= 0) & (chance("studies") < rates.STUDIES)
    who = np.flatnonzero(goes)
    start = rates.LECTURES_AT.draw_s(chance("lectures at")[who])
    until = np.minimum(start + rates.LECTURES_STAY.draw_s(chance("lectures")[who]), 21 * 3600.0)
    zone = p.school_zone[who].astype(np.int64)
    slate.put(who, At.MAIN, kind=Kind.SCHOOL, zone=zone, building=-1, keep=True)
    slate.put(who, At.MAIN, anchor_s=start, until_s=until)
    after = chance("after lectures")[who] < rates.AFTER_LECTURES
    _stop_after(context, who[after], "after_work")


def building_of_school(context: Context, place: Rows) -> Ints:
    """Return the building of each school, -1 where there is none."""
    return np.append(context.sites.place_building, -1)[place]
