"""How we know that it works: measured from what happened, and from nothing else."""

from collections.abc import Callable
from typing import Literal

from hapgang.contract import Kpi, Text
from hapgang.hub.lake import LakeView
from hapgang.ledger.till import account_id
from hapgang.services.mobility.sharing.model import SERVICE

Measure = Callable[[LakeView], float | None]

_SHARE = "SELECT 100.0 * count(*) FILTER (mode = 'pm') / nullif(count(*), 0) FROM trip"
# Zones of kind `outside` are named so by the generator of the reference city; a city without them
# has all its trips inside.
_SHARE_INSIDE = """
    SELECT 100.0 * count(*) FILTER (mode = 'pm') / nullif(count(*), 0) FROM trip
    WHERE NOT starts_with(origin, 'outside') AND NOT starts_with(destination, 'outside')
"""
_TO_FIRST_VEHICLE = """
    SELECT quantile_cont(minutes, {share}) FROM (
        SELECT (min(leg.start_s) FILTER (leg.mode = 'pm') - any_value(trip.depart_s)) / 60
               AS minutes
        FROM trip JOIN leg USING (trip) WHERE trip.service = ? GROUP BY trip.trip)
"""
_SHELTERED = """
    SELECT 100.0 * count(*) FILTER ((body->>'kind') <> 'open') / nullif(count(*), 0)
    FROM event WHERE event = 'PmRented'
"""
_OUT_OF_CHARGE = """
    SELECT 100.0 * sum((body->>'out_of_charge')::INT) / nullif(sum((body->>'vehicles')::INT), 0)
    FROM event WHERE event = 'PmFleetCounted'
"""
# Where nobody reports anything, nothing is known of what blocks the way: no number, and not zero.
_BLOCKED = """
    SELECT CASE WHEN reports + lost > 0 THEN 100.0 * (blocking + lost) / nullif(rides, 0) END
    FROM (SELECT count(*) FILTER (event = 'PmReported') AS reports,
                 count(*) FILTER (event = 'PmReported' AND (body->>'problem') = 'blocks_the_way')
                     AS blocking,
                 count(*) FILTER (event = 'PmReturned') AS rides,
                 count(*) FILTER (event = 'PmReturned' AND (body->>'parking') = 'unknown') AS lost
          FROM event)
"""
_RIDES = """
    WITH fleet AS (
        SELECT avg((body->>'vehicles')::INT) AS vehicles,
               (epoch(max(time)) - epoch(min(time))) / 86400 AS days
        FROM event WHERE event = 'PmFleetCounted')
    SELECT count(*) / nullif(any_value(vehicles * days), 0)
    FROM event, fleet WHERE event = 'PmReturned'
"""
_REVENUE = """
    SELECT sum(CASE WHEN credit = ? THEN amount_won ELSE -amount_won END)
    FROM transfer WHERE step IN ('posted', 'captured') AND (credit = ? OR debit = ?)
"""
_AIM = "the white paper, 'Expected Effects from a Personal Mobility Service'"
_NO_TARGET = "definition; the white paper names the aim and no target"


def _number(sql: str, *values: str) -> Measure:
    return lambda lake: lake.number(sql, *values)


def _kpi(
    name: str,
    en: str,
    ko: str,
    unit: str,
    better: Literal["higher", "lower"],
    measure: Measure,
    source: str,
) -> Kpi:
    return Kpi(
        name=name, title=Text(en, ko), unit=unit, better=better, measure=measure, source=source
    )


KPIS = (
    _kpi("trip_share_inside", "Trips inside the city by PM", "도시 안 통행의 PM 분담률", "%",
         "higher", _number(_SHARE_INSIDE),
         f"{_AIM}: fewer passenger cars inside; no target for PM itself"),
    _kpi("trip_share", "All trips by PM", "전체 통행의 PM 분담률", "%",
         "higher", _number(_SHARE), f"{_AIM}; no target"),
    _kpi("first_vehicle_median", "From setting out to riding, median", "탑승까지 걸린 시간(중앙값)",
         "min", "lower", _number(_TO_FIRST_VEHICLE.format(share=0.5), SERVICE),
         "definition: walk and wait; the white paper has any hub within 5 minutes"),
    _kpi("first_vehicle_p90", "From setting out to riding, nine in ten below",
         "탑승까지 걸린 시간(90%)", "min", "lower",
         _number(_TO_FIRST_VEHICLE.format(share=0.9), SERVICE),
         "definition: walk and wait; the white paper has any hub within 5 minutes"),
    _kpi("sheltered_rides", "Rides kept dry", "비바람을 막는 차량 이용 비율", "%",
         "higher", _number(_SHELTERED),
         "the white paper, 'What is a Closed Small PM Sharing Service?': works in rain and snow"),
    _kpi("out_of_charge", "Vehicles out of charge", "배터리가 부족한 차량", "%",
         "lower", _number(_OUT_OF_CHARGE), _NO_TARGET),
    _kpi("blocked_returns", "Returns that blocked the way", "통행을 막은 반납", "%",
         "lower", _number(_BLOCKED),
         "the white paper: returned where it 'does not interfere with traffic'; counted: reports of"
         " blocking, and vehicles that were never returned; no number where nobody reports"),
    _kpi("rides_per_vehicle_day", "Rides for each vehicle and day", "차량당 하루 이용 횟수",
         "rides", "higher", _number(_RIDES),
         "definition; to compare: 3.05, shared electric bicycles of Sejong in 2020"),
    _kpi("revenue", "Fares taken in", "요금 수입", "KRW", "higher",
         _number(_REVENUE, *[account_id(SERVICE)] * 3), "definition: captured fares less refunds"),
)  # fmt: skip
