"""What votes own, and what they do by themselves."""

from datetime import timedelta

from hapgang.contract import Schedule
from hapgang.core.vocabulary.votes import (
    BallotPlace,
    Consultation,
    KioskPass,
    PaperCount,
    PollBoard,
    PollTrustee,
    VotingToken,
)
from hapgang.runtime.platform.votes.counting import tidy_polls, turn_polls
from hapgang.runtime.platform.votes.kiosk import end_passes

VOTES_OWNED = (
    BallotPlace, Consultation, KioskPass, PaperCount, PollBoard, PollTrustee, VotingToken,
)  # fmt: skip
VOTES_SCHEDULES = (
    Schedule(every=timedelta(minutes=1), action=turn_polls),
    Schedule(every=timedelta(minutes=1), action=tidy_polls),
    Schedule(every=timedelta(minutes=1), action=end_passes),
)
