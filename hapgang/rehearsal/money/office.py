"""The city office and employers: an issue, points for buying, allowances, benefits, lost phones."""

import datetime as dt
from collections.abc import Sequence

from hapgang.contract import Caller, Role
from hapgang.core.ids import urn
from hapgang.core.vocabulary.people import AgeBand
from hapgang.runtime.perform import Runtime
from hapgang.runtime.platform.money.accounts import my_account, pay_from_treasury
from hapgang.runtime.platform.money.allowances import open_allowance
from hapgang.runtime.platform.money.issues import open_issue
from hapgang.runtime.platform.money.orders import reopen_account
from hapgang.runtime.platform.money.rewards import open_rewards
from hapgang.runtime.platform.money.transfers import MOST_AT_ONCE, BatchPayment, send_batch
from hapgang.runtime.platform.settings import PlatformSettings

_OFFICE = Caller(urn("Staff", "currency-office"), Role.OPERATOR)
_EMPLOYERS = Caller(urn("Company", "employers"), Role.COMPANY)
_MONTH_MOST_WON = 300_000  # of an issue for each: Yeominjeon, by the city's announcement of 2024
_DAY_POINTS_WON = 10_000  # assumption: the most for one person on a day
_MONTH_POINTS_WON = 100_000  # assumption: the most for one person in a month
_POINTS_WON = 10_000  # assumption: of the budget for points, for each resident
_MONTH = dt.timedelta(days=30)
_SENIORS = 0.25  # assumption: at most so many of the residents are 70 or older


class Office:
    """What the city puts into the currency in a rehearsal, each through its own action."""

    def __init__(self, runtime: Runtime, settings: PlatformSettings, residents: int) -> None:
        """Open what the scenario's settings say, for so many residents."""
        self._runtime, self._settings = runtime, settings
        self.issue: str | None = None
        now = runtime.clock.now()
        if settings.bonus_won:
            issue = runtime.perform(
                open_issue, _OFFICE, title="Monthly issue", bonus_pct=settings.bonus_pct,
                budget_won=settings.bonus_won * residents, most_won=_MONTH_MOST_WON, opens_at=now,
                closes_at=now + _MONTH,
            )  # fmt: skip
            self.issue = issue.id
        if settings.points_pct:
            runtime.perform(
                open_rewards, _OFFICE, title="Points for buying in the city", reason="buying",
                budget_won=_POINTS_WON * residents, most_a_day_won=_DAY_POINTS_WON,
                most_won=_MONTH_POINTS_WON, until=now + _MONTH, share_pct=settings.points_pct,
            )  # fmt: skip
        if settings.allowance_won:
            today = now.astimezone(runtime.clock.zone).date()
            runtime.perform(
                open_allowance, _OFFICE, title="Allowance from 70 on",
                amount_won=settings.allowance_won,
                budget_won=round(_SENIORS * residents + 1) * settings.allowance_won,
                first_on=today, last_on=today + _MONTH, age_bands=(AgeBand.OVER_70,),
            )  # fmt: skip

    def pay_benefits(self, day: dt.date, people: Sequence[str]) -> None:
        """Let employers pay a part of what they owe in the currency, bought of the treasury."""
        each_won = self._settings.benefit_won
        if not (each_won and people):
            return
        self._runtime.perform(my_account, _EMPLOYERS)
        self._runtime.perform(
            pay_from_treasury, _OFFICE, transfer=f"benefits-{day}", payee=_EMPLOYERS.id,
            amount_won=each_won * len(people), memo="bought for benefits",
        )  # fmt: skip
        payments = [
            BatchPayment(f"benefit-{day}-{number}", person, each_won, "benefit")
            for number, person in enumerate(people)
        ]
        for first in range(0, len(payments), MOST_AT_ONCE):
            some = payments[first : first + MOST_AT_ONCE]
            self._runtime.perform(send_batch, _EMPLOYERS, payments=some)

    def reopen(self, person: str) -> None:
        """Let payments go out again, after the owner has shown who they are."""
        reason = "identified at the counter, with a new phone"
        self._runtime.perform(reopen_account, _OFFICE, person=person, reason=reason)
