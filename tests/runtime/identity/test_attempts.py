"""Attempts to sign in are bounded, and those that are over never stand in the way."""

from datetime import timedelta

import pytest

from hapgang.core.clock import VirtualClock
from hapgang.core.vocabulary.sessions import SignInAttempt
from hapgang.ledger.identity.codes import hash_of
from hapgang.runtime.perform import PLATFORM
from hapgang.runtime.platform.identity import attempts
from tests.village import SEOUL, START, runtime_of


def test_whoever_asked_in_vain_keeps_nobody_out_when_their_time_is_over() -> None:
    clock = VirtualClock(START, SEOUL)
    runtime = runtime_of(clock=clock)

    def begin(name: str) -> None:
        words = {"attempt": hash_of(name), "purpose": "sign in"}
        runtime.perform(attempts.begin_attempt, PLATFORM, **words)

    a_minute = attempts.MOST_WAITING // 5
    for minute in range(12):  # as many as are taken at all, and nobody answers
        for number in range(a_minute):
            begin(f"{minute} {number}")
        clock.advance_to(START + timedelta(minutes=minute + 1))
        runtime.perform(attempts.end_attempts, PLATFORM)
    assert runtime.state.count(SignInAttempt.__name__) == attempts.MOST_WAITING - a_minute
    for number in range(a_minute):
        begin(f"at once {number}")
    with pytest.raises(attempts.TooManyAttempts):
        begin("one more")
