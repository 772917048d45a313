"""A rehearsed consultation: real ballots of a sample, paper of the others, one roll, one result."""

import msgspec

from hapgang.core.ids import urn
from hapgang.core.vocabulary.votes import Consultation as Asked
from hapgang.core.vocabulary.votes import PollBoard
from hapgang.ledger.ballots.board import Roll
from hapgang.ledger.ballots.poll import EXPONENT, Poll, check_poll
from hapgang.ledger.ballots.tally import Result
from hapgang.rehearsal.votes.consultation import NAME
from hapgang.rehearsal.votes.issuer import issuer_key, start
from hapgang.runtime.platform.votes.kpis import turnout_pct
from tests.rehearsal.money.town import events, lived, view


def poll(**words: object) -> Asked:
    record = lived(**words).runtime.state.get(urn("Poll", NAME))
    assert record is not None
    assert isinstance(record.view, Asked)
    return record.view


def test_votes_are_counted() -> None:
    asked = poll(scenario="plan")
    assert asked.state == "counted"
    check_poll(msgspec.convert(asked.poll, Poll))
    roll, result = msgspec.convert(asked.roll, Roll), msgspec.convert(asked.result, Result)
    assert result.ballots == roll.tokens == 3
    assert result.paper == roll.paper > 10
    assert sum(result.counts[0]) == result.ballots + result.paper
    assert len(events("BallotTaken", scenario="plan")) == result.ballots


def test_turnout_is_what_the_roll_says() -> None:
    asked = poll(scenario="plan")
    roll = msgspec.convert(asked.roll, Roll)
    voted = 100.0 * (roll.tokens + roll.paper) / roll.eligible
    assert turnout_pct(view(scenario="plan")) == voted
    of_age = int((lived(scenario="plan").population.persons.age >= 20).sum())
    assert roll.eligible == of_age


def test_some_come_too_late() -> None:
    """Those who mean to vote are more than those who do, for the poll closes at eight."""
    asked = poll(scenario="plan")
    assert asked.closes_at.astimezone(lived(scenario="plan").runtime.clock.zone).hour == 20
    voted = events("RollFixed", scenario="plan")[0]["voted"]
    assert voted < 0.6 * events("RollFixed", scenario="plan")[0]["eligible"]


def test_a_scenario_without_votes_has_none() -> None:
    assert lived(scenario="no-votes").runtime.state.get(urn("Poll", NAME)) is None
    board = lived(scenario="plan").runtime.state.get(urn("PollBoard", NAME))
    assert board is not None
    assert isinstance(board.view, PollBoard)


def test_the_issuer_s_key_is_of_the_first_primes() -> None:
    numbers = issuer_key().private_numbers()
    for name, prime in (("p", numbers.p), ("q", numbers.q)):
        found = start(name)
        while not (is_prime(found) and (found - 1) % EXPONENT):
            found += 2
        assert found == prime
    assert numbers.public_numbers.n.bit_length() == 2048


def is_prime(n: int) -> bool:
    """Miller and Rabin; the bases pass no composite of this size but by chance of 4^-12."""
    if any(n % small == 0 for small in (3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)):
        return False
    d, twos = n - 1, 0
    while d % 2 == 0:
        d, twos = d // 2, twos + 1
    for base in range(2, 14):
        x = pow(base, d, n)
        if x not in (1, n - 1) and not any((x := x * x % n) == n - 1 for _ in range(twos - 1)):
            return False
    return True
