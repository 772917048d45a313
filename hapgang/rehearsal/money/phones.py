"""Phones that are lost: the owner stops the account, and it is opened again at a counter."""

import datetime as dt

import numpy as np

from hapgang.contract import Caller, Role
from hapgang.rehearsal.clockwork import Clockwork
from hapgang.rehearsal.money.office import Office
from hapgang.rehearsal.money.purses import Purses
from hapgang.rehearsal.travellers import person_id
from hapgang.runtime.perform import Runtime
from hapgang.runtime.platform.money.orders import stop_account

# Assumption: phones are lost by day, and replaced after two hours to a day.
_LOST_FROM_S, _LOST_UNTIL_S = 8 * 3_600.0, 20 * 3_600.0
_REPLACED_FROM_S, _REPLACED_UNTIL_S = 2 * 3_600.0, 24 * 3_600.0
_STREAM = 0x70686F6E65  # sets these draws apart from other draws of the seed


class Phones:
    """Who has lost theirs is in the purses."""

    def __init__(
        self, runtime: Runtime, clockwork: Clockwork, purses: Purses, office: Office, seed: int
    ) -> None:
        """Nobody has lost anything yet."""
        self._runtime, self._clockwork, self._seed = runtime, clockwork, seed
        self._purses, self._office = purses, office

    def begin(self, day: dt.date, per_1000: float) -> None:
        """Draw who loses their phone on a day, and when it is replaced."""
        has_wallet = np.array(self._purses.has_wallet)
        rng = np.random.Generator(np.random.PCG64([self._seed, _STREAM, day.toordinal()]))
        lost, at, until = (rng.random(len(has_wallet)) for _ in range(3))
        for person in np.flatnonzero(has_wallet & (1000.0 * lost < per_1000)).tolist():
            if person in self._purses.phone_lost:
                continue
            at_s = _LOST_FROM_S + (_LOST_UNTIL_S - _LOST_FROM_S) * float(at[person])
            away_s = _REPLACED_FROM_S + (_REPLACED_UNTIL_S - _REPLACED_FROM_S) * float(
                until[person]
            )
            self._clockwork.at(at_s, self._lose, person)
            self._clockwork.at(at_s + away_s, self._replace, person)

    def _lose(self, person: int, _: float) -> None:
        self._purses.phone_lost.add(person)
        owner = Caller(person_id(person), Role.RESIDENT)
        self._runtime.perform(stop_account, owner, reason="I have lost my phone")

    def _replace(self, person: int, _: float) -> None:
        self._purses.phone_lost.discard(person)
        self._office.reopen(person_id(person))
