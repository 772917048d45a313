"""A consultation on the first day: prepared by an agency, open by day, counted in the evening."""

import datetime as dt
from typing import Any

import msgspec
import numpy as np

from hapgang.contract import Caller, Role
from hapgang.core.errors import CityError
from hapgang.core.ids import urn
from hapgang.core.text import Text
from hapgang.core.vocabulary.people import AgeBand
from hapgang.core.vocabulary.votes import Consultation as Asked
from hapgang.core.vocabulary.votes import Electorate
from hapgang.ledger.ballots.ballot import Ballot
from hapgang.ledger.ballots.board import Paper, Roll, check_paper, close
from hapgang.ledger.ballots.poll import Poll
from hapgang.ledger.ballots.tally import combine, result
from hapgang.ledger.ballots.tokens import modulus
from hapgang.rehearsal.clockwork import Clockwork
from hapgang.rehearsal.money.purses import Purses
from hapgang.rehearsal.population import Population
from hapgang.rehearsal.travellers import person_id
from hapgang.rehearsal.votes.door import enter
from hapgang.rehearsal.votes.issuer import issuer_key
from hapgang.rehearsal.votes.trustees import NEEDED, Trustees
from hapgang.rehearsal.votes.voter import cast
from hapgang.runtime.perform import PLATFORM, Runtime
from hapgang.runtime.platform.settings import PlatformSettings
from hapgang.runtime.platform.votes.counting import finish, seal_board
from hapgang.runtime.platform.votes.making import composed
from hapgang.runtime.platform.votes.paper import enter_paper, give_paper
from hapgang.runtime.platform.votes.preparing import PollContest, PollOption, prepare_poll

NAME = "rehearsed"
_DESK, _SECOND = (Caller(urn("Agency", f"poll-desk-{n}"), Role.AGENCY) for n in (1, 2))
_OPENS_S, _CLOSES_S, _COUNTED_S = 6 * 3_600.0, 20 * 3_600.0, 20.1 * 3_600.0
# Assumption: evenly over the waking day, so that some come when it is closed.
_VOTES_FROM_S, _VOTES_UNTIL_S = 7 * 3_600.0, 21 * 3_600.0
_VOTING_AGE = 20  # the age band that comes next to voting age
_LEAST_SEALED = 3
_STREAM = 0x766F7465  # sets these draws apart from other draws of the seed
_OPTIONS = (
    PollOption("trees", Text("Trees along the ring", "순환로에 나무 심기")),
    PollOption("benches", Text("Benches at the stops", "정류장에 벤치 놓기")),
    PollOption("lights", Text("Lights on the paths", "보행로에 조명 달기")),
)
_LIKED = (0.45, 0.3, 0.25)  # assumption


class Consultation:
    """One poll of a rehearsal, from its preparation to its result."""

    def __init__(
        self, runtime: Runtime, clockwork: Clockwork, population: Population, purses: Purses,
        settings: PlatformSettings,
    ) -> None:  # fmt: skip
        """Prepare it now, and let those who mean to vote come by day."""
        self._runtime, self._clockwork, self._seed = runtime, clockwork, population.seed
        self._purses = purses
        self._trustees = Trustees(runtime, NAME, population.seed)
        self._board: list[Ballot] = []
        self._on_paper = [0] * len(_OPTIONS)
        self._prepare()
        self._seals = frozenset(self._invite(population, settings))
        clockwork.at(_COUNTED_S, self._count, None)

    def _prepare(self) -> None:
        now = self._runtime.clock.now()
        contest = PollContest(
            "first", Text("What comes first?", "무엇을 먼저 할까요?"), "choose", _OPTIONS, 1, 1, 1
        )
        enter(
            self._runtime, prepare_poll, _DESK, name=NAME,
            title=Text("A square by the river", "강변 광장"), contests=(contest,),
            opens_at=now + dt.timedelta(seconds=_OPENS_S),
            closes_at=now + dt.timedelta(seconds=_CLOSES_S), trustees=self._trustees.cards(),
            threshold=NEEDED, fewest=1, issuer=modulus(issuer_key().public_key()),
            electorate=Electorate(
                Text("residents from 20 on", "20세 이상 주민"), AgeBand.TWENTIES
            ),
        )  # fmt: skip
        self._trustees.make_key(lambda dealings: composed(self._asked(), dealings))

    def _invite(self, population: Population, settings: PlatformSettings) -> list[int]:
        """Draw who means to vote, when, and for what; return who seals a ballot."""
        n = len(population)
        rng = np.random.Generator(np.random.PCG64([self._seed, _STREAM]))
        means, at, seals, likes = (rng.random(n) for _ in range(4))
        is_of_age = population.persons.age >= _VOTING_AGE
        voters = np.flatnonzero(is_of_age & (100.0 * means < settings.vote_pct))
        liked = np.searchsorted(np.cumsum(_LIKED), likes, side="right").tolist()
        for person in voters.tolist():
            at_s = _VOTES_FROM_S + (_VOTES_UNTIL_S - _VOTES_FROM_S) * float(at[person])
            choice = min(liked[person], len(_OPTIONS) - 1)
            self._clockwork.at(at_s, self._vote, (person, choice))
        count = max(_LEAST_SEALED, round(len(voters) * settings.sealed_pct / 100.0))
        order = np.argsort(seals[voters], kind="stable")
        return [int(person) for person in voters[order][:count]]

    def _vote(self, what: tuple[int, int], _: float) -> None:
        person, choice = what
        who = person_id(person)
        try:
            if person in self._seals and person not in self._purses.phone_lost:
                chosen = [int(option == choice) for option in range(len(_OPTIONS))]
                voter = Caller(who, Role.RESIDENT)
                self._board.append(cast(self._runtime, self._poll(), voter, [chosen], self._seed))
            else:
                enter(self._runtime, give_paper, _DESK, poll=NAME, person=who)
                self._on_paper[choice] += 1
        except CityError:
            return  # too late

    def _count(self, _: object, __: float) -> None:
        """Seal the board, open the sums of it, count the paper, and publish what came out."""
        poll, asked = self._poll(), self._asked()
        made = close(poll, self._board)
        enter(self._runtime, seal_board, PLATFORM, poll=NAME, close=made)
        if made.counted < poll.fewest:
            return
        shares = self._trustees.open_sums(poll, made.board, self._board)
        counts = (tuple(self._on_paper),)
        roll = msgspec.convert(asked.roll, Roll)
        paper = None
        if roll.paper:
            for counter in (_DESK, _SECOND):
                self._runtime.perform(enter_paper, counter, poll=NAME, counts=counts)
            paper = Paper(f"{NAME}/paper", roll.poll, roll.paper, counts)
        opened = combine(poll, made.board, self._board, shares)
        added = check_paper(poll, roll, paper)
        total = result(poll, made.board, opened.counts, len(self._board), added, roll.paper)
        enter(self._runtime, finish, PLATFORM, poll=NAME, result=total)

    def _asked(self) -> Asked:
        record = self._runtime.state.get(urn("Poll", NAME))
        view: Any = record.view if record is not None else None
        assert isinstance(view, Asked)
        return view

    def _poll(self) -> Poll:
        return msgspec.convert(self._asked().poll, Poll)
