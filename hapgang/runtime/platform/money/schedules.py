"""What the local currency does by itself."""

from datetime import timedelta

from hapgang.contract import Schedule
from hapgang.runtime.platform.money.allowances import pay_allowances
from hapgang.runtime.platform.money.codes import close_expired_codes
from hapgang.runtime.platform.money.experiments import pay_experiments
from hapgang.runtime.platform.money.issues import close_issues
from hapgang.runtime.platform.money.noting import count_currency
from hapgang.runtime.platform.money.orders import end_orders
from hapgang.runtime.platform.money.requests import expire_requests
from hapgang.runtime.platform.money.rewards import end_rewards
from hapgang.runtime.platform.money.splits import expire_splits
from hapgang.runtime.platform.money.standing import pay_standing_orders
from hapgang.runtime.platform.money.vouchers import end_vouchers
from hapgang.runtime.platform.money.wallets import release_expired_holds

_MINUTE, _TEN_MINUTES = timedelta(minutes=1), timedelta(minutes=10)

MONEY_SCHEDULES = (
    Schedule(every=_MINUTE, action=release_expired_holds),
    Schedule(every=_MINUTE, action=close_expired_codes),
    Schedule(every=_MINUTE, action=expire_splits),
    Schedule(every=_MINUTE, action=close_issues),
    Schedule(every=_MINUTE, action=end_vouchers),
    Schedule(every=_MINUTE, action=end_rewards),
    Schedule(every=_MINUTE, action=end_orders),
    Schedule(every=_MINUTE, action=pay_allowances),
    Schedule(every=_MINUTE, action=pay_experiments),
    Schedule(every=_TEN_MINUTES, action=pay_standing_orders),
    Schedule(every=_TEN_MINUTES, action=expire_requests),
    Schedule(every=timedelta(hours=1), action=count_currency),
)
