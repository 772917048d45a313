"""Which types of the local currency are the platform's to write."""

from hapgang.core.entity import Entity
from hapgang.core.vocabulary.money import (
    AccountOrder,
    BillSplit,
    MoneyRequest,
    PaymentCode,
    Shop,
    ShopKeeper,
    SpendingLimit,
    StandingOrder,
)
from hapgang.core.vocabulary.programmes import (
    Campaign,
    IssueShare,
    RewardBudget,
    RewardCount,
    TopUpIssue,
    Voucher,
    VoucherProgramme,
)
from hapgang.core.vocabulary.treasury import (
    Allowance,
    BankFile,
    CashOut,
    Due,
    Experiment,
    ExperimentMember,
    PayRun,
)

MONEY_OWNED: tuple[type[Entity], ...] = (
    AccountOrder,
    BillSplit,
    MoneyRequest,
    PaymentCode,
    Shop,
    ShopKeeper,
    SpendingLimit,
    StandingOrder,
    Campaign,
    IssueShare,
    RewardBudget,
    RewardCount,
    TopUpIssue,
    Voucher,
    VoucherProgramme,
    Allowance,
    BankFile,
    CashOut,
    Due,
    Experiment,
    ExperimentMember,
    PayRun,
)
