"""How often, when and how long: participation, times of day and stays, with their sources.

Times of day are quantile functions: `Quantiles((0, 0.5, 1), (7, 8, 11))` is a time of which half
lies before 8. Sources:

MOLIT 2010    Ministry of Land, Transport and Maritime Affairs, National Transport Survey 2010
              (press release of 18 May 2011): leaving home for work before 7 17 %, 7-8 33.3 %,
              8-9 32.0 %; homemakers' outings 47.8 % from 10 to 12, at 7-9 mostly escorting;
              57 % of elementary pupils go to lessons after school, from 13 to 17.
KTDB 2016     Korea Transport Database, Household Travel Survey 2016: purposes of trips, rounded.
KOSTAT 2019   Statistics Korea, Time Use Survey 2019: 3 h 13 min of work a day over all over ten;
              people sleep from 23:30 to 7; leisure 4 h 47 min; doers' times, rounded.
MOE           Ministry of Education, hours of lessons by level.
Choice        ours, so that the day as a whole has the trips of KTDB 2016.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from hapgang.rehearsal.plans.columns import Kind
from hapgang.rehearsal.population.columns import Floats, Role


@dataclass(frozen=True)
class Quantiles:
    """A distribution by its quantile function, straight between the points; hours."""

    share: tuple[float, ...]
    hour: tuple[float, ...]

    def draw_s(self, chance: Floats) -> Floats:
        """Return seconds for uniform numbers within [0, 1)."""
        return np.interp(chance, self.share, self.hour) * 3600.0


# MOLIT 2010; the last sixth are part-timers and shifts (choice).
LEAVE_FOR_WORK = Quantiles(
    (0.00, 0.02, 0.17, 0.503, 0.823, 0.91, 0.96, 1.00), (5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 13.0, 15.5)
)
# KOSTAT 2019: nine hours at the workplace with the break, some part-timers.
WORK_STAY = Quantiles((0.0, 0.06, 0.14, 0.30, 0.80, 1.0), (3.0, 4.5, 7.5, 8.8, 9.8, 12.0))
WORKS = {"weekday": 0.93, "saturday": 0.22, "sunday": 0.10}  # KOSTAT 2019, doers of paid work
LUNCH_OUT = 0.45  # choice: share of those who work inside the city over noon
LUNCH_AT = Quantiles((0.0, 0.7, 1.0), (11.6, 12.2, 13.0))
LUNCH_STAY = Quantiles((0.0, 1.0), (0.5, 0.9))
ON_BUSINESS = 0.08  # KTDB 2016: business is some 5 % of trips
BUSINESS_AT = Quantiles((0.0, 0.5, 1.0), (10.0, 13.5, 15.5))
BUSINESS_STAY = Quantiles((0.0, 1.0), (0.7, 2.0))

# MOE: lessons begin at 8:50 or 9, in high schools at 8:20; end by level, with clubs.
SCHOOL_AT: Mapping[Role, float] = {
    Role.KINDERGARTEN: 9.0,
    Role.ELEMENTARY: 8.75,
    Role.MIDDLE: 8.65,
    Role.HIGH: 8.2,
}
SCHOOL_UNTIL: Mapping[Role, Quantiles] = {
    Role.KINDERGARTEN: Quantiles((0.0, 0.5, 1.0), (14.5, 15.5, 17.0)),
    Role.ELEMENTARY: Quantiles((0.0, 0.6, 1.0), (13.7, 14.7, 16.2)),
    Role.MIDDLE: Quantiles((0.0, 0.7, 1.0), (15.5, 16.2, 17.5)),
    Role.HIGH: Quantiles((0.0, 0.6, 0.75, 1.0), (16.5, 17.5, 20.0, 21.8)),
}
ATTENDS = 0.98
# MOLIT 2010 for elementary pupils; KOSTAT private education survey 2019 for the others, rounded.
LESSON: Mapping[Role, float] = {Role.ELEMENTARY: 0.57, Role.MIDDLE: 0.55, Role.HIGH: 0.40}
LESSON_STAY = Quantiles((0.0, 0.5, 1.0), (0.9, 1.5, 3.0))
STUDIES = 0.75  # students with lectures on a day, choice
LECTURES_AT = Quantiles((0.0, 0.4, 0.8, 1.0), (8.9, 9.6, 12.9, 15.0))
LECTURES_STAY = Quantiles((0.0, 0.5, 1.0), (2.0, 5.0, 9.0))

ESCORTED_BELOW = 8  # years; younger children go with an adult
LATEST_DROP_S = 9.0 * 3600
EARLIEST_DROP_S = 7.5 * 3600
CARER_WORKS_UNTIL_S = 18.5 * 3600  # day care closes at 19:30 (MOE, all-day care)
ESCORT_STAY_S = 300.0

# Outings from home of who is not at work or school, by MOLIT 2010's homemakers.
MORNING_AT = Quantiles((0.0, 0.25, 0.73, 1.0), (8.5, 10.0, 12.0, 13.0))
AFTERNOON_AT = Quantiles((0.0, 0.5, 1.0), (13.7, 15.3, 17.3))
EVENING_AT = Quantiles((0.0, 0.5, 1.0), (18.3, 19.3, 20.8))
# Share who go out, choice: (morning, afternoon, evening) of who is free all day, who was away by
# day, pupils, and on the weekend.
OUTING: Mapping[str, tuple[float, float, float]] = {
    "free": (0.70, 0.48, 0.14),
    "busy": (0.0, 0.0, 0.16),
    "pupil": (0.0, 0.0, 0.22),
    "weekend": (0.48, 0.52, 0.16),
}
SECOND_STOP = 0.22
AFTER_WORK = 0.27
AFTER_LECTURES = 0.35
# Elders go out less (Survey of the Living Conditions of Older Persons 2020, rounded).
LIVELINESS_AGE, LIVELINESS = (0.0, 70.0, 80.0, 90.0), (1.0, 1.0, 0.75, 0.45)
IMPAIRED = (1.0, 0.8, 0.7, 0.85, 0.95)  # by Impairment; MOLIT 2021, survey of the mobility-impaired

# Purposes of outings, KTDB 2016 rounded, shares by who and when.
_OUT = (Kind.SHOPPING, Kind.LEISURE, Kind.SPORT, Kind.HEALTH, Kind.VISIT, Kind.MEAL, Kind.CULTURE)
PURPOSES: Mapping[str, Mapping[Kind, float]] = {
    "free": dict(zip(_OUT, (0.42, 0.16, 0.12, 0.10, 0.11, 0.06, 0.03), strict=True)),
    "elder": dict(zip(_OUT, (0.28, 0.26, 0.06, 0.22, 0.11, 0.05, 0.02), strict=True)),
    "evening": dict(zip(_OUT, (0.30, 0.20, 0.25, 0.00, 0.09, 0.11, 0.05), strict=True)),
    "after_work": dict(zip(_OUT, (0.46, 0.06, 0.13, 0.07, 0.06, 0.20, 0.02), strict=True)),
    "pupil": dict(zip(_OUT, (0.16, 0.38, 0.26, 0.04, 0.08, 0.06, 0.02), strict=True)),
    "weekend": {
        **dict(zip(_OUT, (0.33, 0.22, 0.10, 0.04, 0.13, 0.10, 0.05), strict=True)),
        Kind.WORSHIP: 0.03,
    },
    "sunday_morning": {
        **dict(zip(_OUT, (0.22, 0.20, 0.12, 0.00, 0.12, 0.06, 0.02), strict=True)),
        Kind.WORSHIP: 0.26,
    },
}
STAY: Mapping[Kind, Quantiles] = {  # KOSTAT 2019, doers' mean times, rounded
    Kind.SHOPPING: Quantiles((0.0, 0.5, 1.0), (0.2, 0.6, 1.8)),
    Kind.LEISURE: Quantiles((0.0, 0.5, 1.0), (0.5, 1.3, 3.0)),
    Kind.SPORT: Quantiles((0.0, 0.5, 1.0), (0.6, 1.1, 2.0)),
    Kind.HEALTH: Quantiles((0.0, 0.5, 1.0), (0.4, 0.8, 2.0)),
    Kind.VISIT: Quantiles((0.0, 0.5, 1.0), (0.6, 1.6, 3.5)),
    Kind.MEAL: Quantiles((0.0, 0.5, 1.0), (0.6, 1.1, 2.0)),
    Kind.CULTURE: Quantiles((0.0, 0.5, 1.0), (1.2, 1.8, 2.7)),
    Kind.WORSHIP: Quantiles((0.0, 0.5, 1.0), (0.9, 1.4, 2.5)),
    Kind.LESSON: LESSON_STAY,
    Kind.BUSINESS: BUSINESS_STAY,
}
FIXED = (
    Kind.WORK,
    Kind.SCHOOL,
    Kind.HEALTH,
    Kind.LESSON,
    Kind.BUSINESS,
    Kind.CULTURE,
    Kind.WORSHIP,
)

# How far people go, m, as an e-folding distance; KTDB 2016's mean distances by purpose, rounded.
DECAY_M: Mapping[Kind, float] = {
    Kind.SHOPPING: 5_000.0,
    Kind.LEISURE: 6_000.0,
    Kind.SPORT: 2_500.0,
    Kind.HEALTH: 6_000.0,
    Kind.VISIT: 8_000.0,
    Kind.MEAL: 3_000.0,
    Kind.CULTURE: 9_000.0,
    Kind.WORSHIP: 3_000.0,
    Kind.LESSON: 1_500.0,
    Kind.BUSINESS: 15_000.0,
}
LUNCH_DECAY_M = 400.0
