"""From slots to times: each activity begins when one can be there, home fills the rest."""

import numpy as np

from hapgang.rehearsal.plans.columns import DAY_S, Kind
from hapgang.rehearsal.plans.context import Context
from hapgang.rehearsal.plans.rates import ESCORT_STAY_S
from hapgang.rehearsal.plans.slate import HOMES, NOTHING, At
from hapgang.rehearsal.population.columns import Floats, Ints

_LATEST_S = 23.6 * 3600.0  # at home again, KOSTAT 2019: asleep at 23:30 on the average
_SHORTEST_S = 600.0


def schedule(context: Context) -> None:
    """Set start and end of every slot, in place, and leave out what the day has no time for.

    Slots run in order. One with an anchor begins then, if the one before it can be left in time;
    others begin as soon as one gets there. A stretching one (home, work before lunch) lasts until
    the next must be reached, at least ten minutes. What would end too late to be home by 23:36 is
    left out, unless it must be kept: then it ends in time, but takes at least five minutes.
    """
    slate = context.slate
    people = len(slate.kind)
    last = np.zeros(people, np.int64)  # the slot in which each person is
    home = slate.zone[:, At.NIGHT]
    for at in list(At)[1:]:
        if at in HOMES:
            who = np.flatnonzero(~np.isin(last, HOMES))
            slate.put(who, at, kind=Kind.HOME)
        else:
            who = np.flatnonzero(slate.busy(at))
        leave, arrive, finish = _times(context, who, last[who], at)
        if at not in HOMES:
            limit = _LATEST_S - context.travel_s(slate.zone[who, at], home[who])
            keep = slate.keep[who, at]
            cut = np.maximum(np.minimum(finish, np.floor(limit)), arrive + ESCORT_STAY_S)
            finish = np.where(keep, cut, finish)
            fits = keep | (finish <= limit)
            slate.put(who[~fits], at, kind=NOTHING)
            who, leave, arrive, finish = who[fits], leave[fits], arrive[fits], finish[fits]
        slate.end_s[who, last[who]] = leave
        slate.put(who, at, start_s=arrive, end_s=finish)
        last[who] = at
    slate.end_s[np.arange(people), last] = DAY_S


def _times(context: Context, who: Ints, last: Ints, at: At) -> tuple[Floats, Floats, Floats]:
    """Return when one leaves the last slot, arrives in this one and would end it."""
    slate = context.slate
    same = (
        (slate.zone[who, last] == slate.zone[who, at])
        & (slate.building[who, last] == slate.building[who, at])
        & (slate.place[who, last] == slate.place[who, at])
    )
    way = context.travel_s(slate.zone[who, last], slate.zone[who, at])
    way = np.ceil(np.where(same, 0.0, way))
    stretch = slate.stretch[who, last]
    free = np.where(stretch, slate.start_s[who, last] + _SHORTEST_S, slate.end_s[who, last])
    wanted = np.nan_to_num(slate.anchor_s[who, at] - way, nan=-np.inf)
    leave = np.rint(np.where(stretch, np.maximum(free, wanted), free))
    arrive = leave + way
    until, stay = slate.until_s[who, at], slate.stay_s[who, at]
    finish = np.where(np.isnan(until), arrive + stay, np.maximum(until, arrive + _SHORTEST_S))
    return leave, arrive, np.rint(finish)
