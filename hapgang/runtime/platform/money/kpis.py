"""The KPIs of the local currency; how they are measured is in `measured`."""

from collections.abc import Callable
from typing import Literal

from hapgang.contract import Kpi
from hapgang.core.text import Text
from hapgang.hub.lake import LakeView
from hapgang.runtime.platform.money import measured

_TABLES = ("event", "transfer")
_TOKEN = Text(
    "the white paper, 'Sejong National Pilot Smart City Token Service Example'",
    "백서 ‘세종 국가시범도시 토큰 서비스 예시’",
)
_FEES = Text(f"{_TOKEN.en}: 250 won of 10,000 by card", f"{_TOKEN.ko}: 카드 결제 1만 원당 250원")
_SAVED = Text(
    f"{_TOKEN.en}: 250 won by card against 100 won of points, of 10,000",
    f"{_TOKEN.ko}: 1만 원당 카드 수수료 250원과 포인트 100원",
)
_CASH = Text(
    f"{_TOKEN.en}: settled in real time, cash circulates among local merchants; no target",
    f"{_TOKEN.ko}: 실시간 정산과 지역 상인의 현금 흐름. 목표값 없음",
)
_DEFINITION = Text("definition; the sources name no target", "정의. 자료에 목표값 없음")


def _kpi(
    name: str,
    title: Text,
    unit: str,
    better: Literal["higher", "lower"],
    measure: Callable[[LakeView], float | None],
    *,
    source: Text = _DEFINITION,
) -> Kpi:
    return Kpi(
        name=name, title=title, unit=unit, better=better, source=source, measure=measure,
        tables=_TABLES,
    )  # fmt: skip


MONEY_KPIS = (
    _kpi("merchant_fees_won", Text("Card fees of 10,000 won sold", "매출 1만 원당 카드 수수료"),
         "KRW", "lower", measured.merchant_fees_won, source=_FEES),
    _kpi("fees_saved_won",
         Text("Saved of 10,000 won paid in the currency", "지역화폐 결제 1만 원당 절감액"),
         "KRW", "higher", measured.fees_saved_won, source=_SAVED),
    _kpi("currency_share_pct", Text("Sales paid in the currency", "매출 중 지역화폐 비중"),
         "%", "higher", measured.currency_share_pct, source=_CASH),
    _kpi("local_share_pct", Text("Spending at local shops", "지역 가게에서 쓴 비중"),
         "%", "higher", measured.local_share_pct, source=_CASH),
    _kpi("velocity", Text("Velocity of the currency", "지역화폐 유통 속도"),
         "1/a", "higher", measured.velocity_by_year, source=_CASH),
    _kpi("settled_at_once_pct", Text("Payments that shops have at once", "즉시 정산된 결제"),
         "%", "higher", measured.settled_at_once_pct, source=_CASH),
    _kpi("declined_pct", Text("Payments in the currency declined at first", "처음에 거절된 결제"),
         "%", "lower", measured.declined_pct),
    _kpi("without_pct", Text("Purchases given up for want of money", "돈이 없어 못 산 비율"),
         "%", "lower", measured.without_pct),
    _kpi("proofs_checked", Text("Facts of the log proven to who asked", "확인된 원장 증명"),
         "proofs", "higher", measured.proofs_checked),
)  # fmt: skip
