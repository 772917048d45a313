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
_AIM = Text(
    "the white paper, 'Expected Effects from a Personal Mobility Service'",
    "백서, ‘개인형 이동수단 서비스의 기대 효과’",
)
_NO_TARGET = Text(
    "definition; the white paper names the aim and no target",
    "정의. 백서에는 뜻만 있고 목표값은 없음",
)
_FIRST_VEHICLE = Text(
    "definition: walk and wait; the white paper has any hub within 5 minutes",
    "정의: 걷고 기다린 시간. 백서는 5분 안에 거점에 닿게 함",
)
_SHELTER = Text(
    "the white paper, 'What is a Closed Small PM Sharing Service?': works in rain and snow",
    "백서, ‘지붕이 있는 소형 PM 공유 서비스란?’: 비나 눈이 와도 탈 수 있음",
)
_IN_THE_WAY = Text(
    "the white paper: returned where it 'does not interfere with traffic'; counted: reports of"
    " blocking, and vehicles that were never returned; no number where nobody reports",
    "백서: ‘통행에 방해가 되지 않는 곳’에 반납. 길을 막았다는 신고와 반납되지 않은 차량을 셈."
    " 신고가 없으면 값도 없음",
)


def _number(sql: str, *values: str) -> Measure:
    return lambda lake: lake.number(sql, *values)


def _kpi(
    name: str,
    en: str,
    ko: str,
    unit: str,
    better: Literal["higher", "lower"],
    measure: Measure,
    source: Text,
) -> Kpi:
    return Kpi(
        name=name, title=Text(en, ko), unit=unit, better=better, measure=measure, source=source
    )


KPIS = (
    _kpi("trip_share_inside", "Trips inside the city by PM", "도시 안 통행의 PM 분담률", "%",
         "higher", _number(_SHARE_INSIDE),
         Text(f"{_AIM.en}: fewer passenger cars inside; no target for PM itself",
              f"{_AIM.ko}: 도시 안 승용차를 줄임. PM 자체의 목표값은 없음")),
    _kpi("trip_share", "All trips by PM", "전체 통행의 PM 분담률", "%",
         "higher", _number(_SHARE),
         Text(f"{_AIM.en}; no target", f"{_AIM.ko}. 목표값 없음")),
    _kpi("first_vehicle_median", "From setting out to riding, median", "탑승까지 걸린 시간(중앙값)",
         "min", "lower", _number(_TO_FIRST_VEHICLE.format(share=0.5), SERVICE),
         _FIRST_VEHICLE),
    _kpi("first_vehicle_p90", "From setting out to riding, nine in ten below",
         "탑승까지 걸린 시간(90%)", "min", "lower",
         _number(_TO_FIRST_VEHICLE.format(share=0.9), SERVICE),
         _FIRST_VEHICLE),
    _kpi("sheltered_rides", "Rides kept dry", "비바람을 막는 차량 이용 비율", "%",
         "higher", _number(_SHELTERED), _SHELTER),
    _kpi("out_of_charge", "Vehicles out of charge", "배터리가 부족한 차량", "%",
         "lower", _number(_OUT_OF_CHARGE), _NO_TARGET),
    _kpi("blocked_returns", "Returns that blocked the way", "통행을 막은 반납", "%",
         "lower", _number(_BLOCKED),
         _IN_THE_WAY),
    _kpi("rides_per_vehicle_day", "Rides for each vehicle and day", "차량당 하루 이용 횟수",
         "rides", "higher", _number(_RIDES),
         Text("definition; to compare: 3.05, shared electric bicycles of Sejong in 2020",
              "정의. 견줄 값: 2020년 세종시 공유 전기자전거 3.05회")),
    _kpi("revenue", "Fares taken in", "요금 수입", "KRW", "higher",
         _number(_REVENUE, *[account_id(SERVICE)] * 3),
         Text("definition: captured fares less refunds", "정의: 받은 요금에서 환불을 뺀 값")),
)  # fmt: skip
