"""What people do of their own will: shopping, leisure, visits, health, from home and back."""

import numpy as np

from hapgang.rehearsal.plans import rates
from hapgang.rehearsal.plans.columns import Kind
from hapgang.rehearsal.plans.context import Context, draw_kind
from hapgang.rehearsal.plans.slate import At
from hapgang.rehearsal.population.columns import PUPILS, Flags, Floats, Ints

_ELDER = 65
_SHOW_S = 19.5 * 3600.0  # shows begin at half past seven
_TOURS = (
    (At.MAIN, At.AFTER, rates.MORNING_AT),
    (At.SECOND, At.SECOND_MORE, rates.AFTERNOON_AT),
    (At.THIRD, At.THIRD_MORE, rates.EVENING_AT),
)


def plan_outings(context: Context, busy: Flags, follows: Flags) -> None:
    """Let people go out in the time that their duties leave.

    busy (persons,): away at work or school by day. follows (persons,): small children, who only go
    where somebody takes them.
    """
    p, chance = context.population.persons, context.chance
    lively = np.interp(p.age, rates.LIVELINESS_AGE, rates.LIVELINESS)
    lively = lively * np.array(rates.IMPAIRED)[p.impairment]
    goes = np.array([rates.OUTING[name] for name in ("free", "busy", "pupil", "weekend")])
    group = np.where(busy, 1, 0)
    group = np.where(busy & np.isin(p.role, PUPILS), 2, group)
    group = np.where(~busy & (not context.workday), 3, group)
    for tour, (first, more, times) in enumerate(_TOURS):
        out = chance(f"out {tour}") < goes[group, tour] * lively
        out &= ~follows & ~context.slate.busy(first)
        who = np.flatnonzero(out)
        kind = _purposes(context, who, tour, busy)
        at = times.draw_s(chance(f"out at {tour}")[who])
        show = (kind == Kind.CULTURE) & (tour == 2)
        at = np.where(show, _SHOW_S, at)
        home = context.population.home_zone[who].astype(np.int64)
        context.visit(who, first, kind, home, at)
        again = chance(f"out more {tour}")[who] < rates.SECOND_STOP
        _go_on(context, who[again & ~show], first, more, tour)


def _purposes(context: Context, who: Ints, tour: int, busy: Flags) -> Ints:
    """Draw what each goes out for, by who it is and when."""
    p, draw = context.population.persons, context.chance(f"out for {tour}")
    age, pupil = p.age[who], np.isin(p.role[who], PUPILS)
    if not context.workday:
        sunday = context.day_type == "sunday" and tour == 0
        return draw_kind(rates.PURPOSES["sunday_morning" if sunday else "weekend"], draw[who])
    kind = draw_kind(rates.PURPOSES["evening" if tour == 2 else "free"], draw[who])
    elder = (age >= _ELDER) & ~busy[who] & (tour < 2)
    kind = np.where(elder, draw_kind(rates.PURPOSES["elder"], draw[who]), kind)
    return np.where(pupil, draw_kind(rates.PURPOSES["pupil"], draw[who]), kind)


def _go_on(context: Context, who: Ints, first: At, more: At, tour: int) -> None:
    """Let some go on from their first stop to a second one."""
    kind = draw_kind(rates.PURPOSES["after_work"], context.chance(f"out more for {tour}")[who])
    context.visit(who, more, kind, context.slate.zone[who, first])


def evening_show(context: Context, who: Ints, alone: bool) -> None:
    """Let some go to a live show tonight, whatever else they had in mind for the evening."""
    kind = np.full(len(who), Kind.CULTURE, np.int64)
    home = context.population.home_zone[who].astype(np.int64)
    at: Floats = np.full(len(who), _SHOW_S)
    context.visit(who, At.THIRD, kind, home, at)
    context.slate.put(who, At.THIRD, keep=True, alone=alone)
    context.slate.put(who, At.THIRD_MORE, kind=-1)
