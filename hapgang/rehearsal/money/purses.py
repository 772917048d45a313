"""What people have beside the city's book: a wallet or none, a bank account, cash, a phone."""

import datetime as dt

import numpy as np

from hapgang.rehearsal.money.spending import (
    ADULT,
    CASH_WON,
    MONTH_DAYS,
    MONTH_WON,
    YOUNGEST_BUYER,
)
from hapgang.rehearsal.population import Population
from hapgang.rehearsal.population.columns import Role as Calling

_PAYDAYS = 28  # assumption: spread evenly over the days that each month has
_STREAM = 0x6D6F6E6579  # sets these draws apart from other draws of the seed


class Purses:
    """One for each person; who has what is drawn once, by the seed alone."""

    def __init__(self, population: Population, wallet_pct: float, day: dt.date) -> None:
        """Begin as it is in the middle of people's months: spent evenly since the last payday."""
        persons, n = population.persons, len(population)
        rng = np.random.Generator(np.random.PCG64([population.seed, _STREAM]))
        wallet, cash, payday = rng.random(n), rng.random(n), rng.integers(1, _PAYDAYS + 1, n)
        old_enough = persons.age >= YOUNGEST_BUYER
        self.month_won = np.where(persons.age >= ADULT, MONTH_WON[True], MONTH_WON[False])
        self.month_won[~old_enough] = 0
        since = (day.day - payday - 1) % MONTH_DAYS + 1  # days, 1 to 30: today's comes at nine
        left = 1.0 - since / MONTH_DAYS
        self.buys: list[bool] = old_enough.tolist()
        self.has_wallet: list[bool] = (old_enough & (100.0 * wallet < wallet_pct)).tolist()
        self.bank_won: list[int] = (self.month_won * left).astype(np.int64).tolist()
        self.cash_won: list[int] = (2 * CASH_WON * cash).astype(np.int64).tolist()
        self.payday = payday
        self.works = persons.role == Calling.WORKER
        self.phone_lost: set[int] = set()

    def paid_on(self, day: dt.date) -> list[int]:
        """Return whose month begins on a day."""
        rows: list[int] = np.flatnonzero((self.payday == day.day) & (self.month_won > 0)).tolist()
        return rows

    def can_pay(self, person: int, amount_won: int, *, by_cash: bool) -> bool:
        """Whether there is so much in the pocket, or at the bank."""
        return (self.cash_won if by_cash else self.bank_won)[person] >= amount_won

    def take(self, person: int, amount_won: int, *, by_cash: bool) -> None:
        """Take so much out of the pocket, or the bank account that a card is for."""
        (self.cash_won if by_cash else self.bank_won)[person] -= amount_won
