"""How we know that it works: measured from what happened, and from nothing else."""

from collections.abc import Callable
from typing import Literal

from hapgang.contract import Kpi, Text
from hapgang.hub.lake import LakeView
from hapgang.ledger.till import account_id
from hapgang.services.mobility.maas.model import SERVICE

Measure = Callable[[LakeView], float | None]

_SHARE = "SELECT 100.0 * count(*) FILTER (service = ?) / nullif(count(*), 0) FROM trip"
_MINUTES = "SELECT avg(arrive_s - depart_s) / 60 FROM trip WHERE service = ?"
# Of the same people's kind of trip without booking: by timetable, walking to and from the stops.
_WALKED = "SELECT avg(arrive_s - depart_s) / 60 FROM trip WHERE mode = 'bus' AND service = ''"
_TRANSFERS = """
    SELECT avg((body->>'transfers')::INT) FROM event WHERE event = 'JourneyBooked'
"""
_FAILED = """
    SELECT 100.0 * count(*) FILTER (event = 'JourneyFailed')
         / nullif(count(*) FILTER (event = 'JourneyBooked'), 0) FROM event
"""
_REPLANNED = """
    SELECT 100.0 * sum((body->>'replanned')::BOOLEAN::INT) / nullif(count(*), 0)
    FROM event WHERE event = 'JourneyFailed'
"""
_UNUSED = """
    SELECT 100.0 * sum((NOT (body->>'used')::BOOLEAN)::INT) / nullif(count(*), 0)
    FROM event WHERE event = 'JourneyEnded'
"""
_REVENUE = """
    SELECT sum(CASE WHEN credit = ? THEN amount_won ELSE -amount_won END)
    FROM transfer WHERE step IN ('posted', 'captured') AND (credit = ? OR debit = ?)
"""
_AIM = Text(
    "the white paper, 'Integrated Mobility Service (MaaS)'; no target",
    "백서 '통합 모빌리티 서비스(MaaS)', 목표값 없음",
)
_DEFINITION = Text("definition; the sources name no target", "정의. 문서에 목표값 없음")


def _number(sql: str, *values: str) -> Measure:
    return lambda lake: lake.number(sql, *values)


def _kpi(
    name: str,
    title: Text,
    unit: str,
    better: Literal["higher", "lower"],
    measure: Measure,
    source: Text,
) -> Kpi:
    return Kpi(name=name, title=title, unit=unit, better=better, measure=measure, source=source)


KPIS = (
    _kpi("booked_share", Text("Trips booked as a whole", "한 번에 예약한 통행"), "%", "higher",
         _number(_SHARE, SERVICE), _AIM),
    _kpi("booked_min", Text("Booked trips, door to door", "예약한 통행 시간"), "min", "lower",
         _number(_MINUTES, SERVICE), _DEFINITION),
    _kpi("walked_min", Text("Trips by bus on foot to the stop, door to door",
                            "걸어서 버스를 탄 통행 시간"), "min", "lower",
         _number(_WALKED), _DEFINITION),
    _kpi("transfers", Text("Changes on a booked trip", "예약한 통행의 환승"), "changes", "lower",
         _number(_TRANSFERS), _AIM),
    _kpi("failed", Text("Bookings that failed", "실패한 예약"), "%", "lower",
         _number(_FAILED), _DEFINITION),
    _kpi("replanned", Text("Failed ones with another way shown", "실패 후 다른 길을 안내한 비율"),
         "%", "higher", _number(_REPLANNED), _DEFINITION),
    _kpi("unused", Text("Bookings that nobody used", "쓰지 않은 예약"), "%", "lower",
         _number(_UNUSED), _DEFINITION),
    _kpi("tickets", Text("Tickets sold", "승차권 수입"), "KRW", "higher",
         _number(_REVENUE, *[account_id(SERVICE)] * 3), _DEFINITION),
)  # fmt: skip
