"""A wallet is filled within a month's limit, which the city's own calendar begins anew."""

from datetime import UTC, datetime

import pytest

from hapgang.core.clock import VirtualClock
from hapgang.core.vocabulary.people import MonthlyTopUp
from hapgang.runtime.perform import Runtime
from hapgang.runtime.platform.money import MOST_TOP_UP_WON, MonthlyLimit, top_up, wallet
from tests.village import SEOUL, move_in, person, runtime_of, trace_of

ANNE, BERT = person("anne"), person("bert")
LAST_SECOND = datetime(2026, 12, 31, 14, 59, 59, tzinfo=UTC)  # of the year, in Seoul


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(datetime(2026, 11, 30, 15, 0, tzinfo=UTC), SEOUL)  # 1 December in Seoul


@pytest.fixture
def runtime(clock: VirtualClock) -> Runtime:
    runtime = runtime_of(clock=clock)
    for someone in (ANNE, BERT):
        move_in(runtime, someone, 0)
    return runtime


def test_a_months_limit_holds_for_the_sum(runtime: Runtime, clock: VirtualClock) -> None:
    runtime.perform(top_up, ANNE, amount_won=200_000)
    clock.advance_to(LAST_SECOND)
    runtime.perform(top_up, ANNE, amount_won=200_000)
    before = trace_of(runtime)
    with pytest.raises(MonthlyLimit, match=r"100,000원 is left .* 2027-01-01") as refused:
        runtime.perform(top_up, ANNE, amount_won=100_001)
    assert "100,000원까지 더" in refused.value.message.ko
    assert refused.value.detail == {"left_won": 100_000, "renews_on": "2027-01-01"}
    assert trace_of(runtime) == before
    runtime.perform(top_up, BERT, amount_won=MOST_TOP_UP_WON)
    assert runtime.perform(top_up, ANNE, amount_won=100_000).balance_won == MOST_TOP_UP_WON


def test_a_new_month_begins_in_the_citys_zone(runtime: Runtime, clock: VirtualClock) -> None:
    runtime.perform(top_up, ANNE, amount_won=MOST_TOP_UP_WON)
    clock.advance_to(LAST_SECOND)
    with pytest.raises(MonthlyLimit):
        runtime.perform(top_up, ANNE, amount_won=1000)
    clock.advance_by(1.0)
    runtime.perform(top_up, ANNE, amount_won=MOST_TOP_UP_WON)
    assert runtime.perform(wallet, ANNE).balance_won == 2 * MOST_TOP_UP_WON
    with pytest.raises(MonthlyLimit, match=r"0원 is left .* 2027-02-01"):
        runtime.perform(top_up, ANNE, amount_won=1000)
    assert runtime.state.count(MonthlyTopUp.__name__) == 1
