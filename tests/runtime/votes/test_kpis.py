"""Turnout and refused ballots, from the events of polls."""

from datetime import UTC, datetime

import msgspec
import pytest

from hapgang.core.vocabulary.votes import BallotsRefused, BallotTaken, RollFixed
from hapgang.hub.lake import Lake
from hapgang.runtime.platform.votes.kpis import refused_pct, turnout_pct

AT = datetime(2026, 11, 23, tzinfo=UTC)
POLL = "urn:ngsi-ld:Poll:square"
HAPPENED = (
    *(BallotTaken(entity=POLL, is_first=first) for first in (True, True, False)),
    BallotsRefused(entity=POLL, count=1),
    RollFixed(entity=POLL, eligible=6, voted=2),
    RollFixed(entity="urn:ngsi-ld:Poll:quay", eligible=2, voted=2),
)


def test_turnout_and_refused_ballots() -> None:
    lake = Lake()
    view = lake.limited_to(["event"])
    assert turnout_pct(view) is None
    assert refused_pct(view) is None
    bodies = [msgspec.structs.asdict(event) for event in HAPPENED]
    columns = {
        "time": [AT] * len(bodies),
        "event": [type(event).__name__ for event in HAPPENED],
        "entity": [event.entity for event in HAPPENED],
        "person": [None] * len(bodies),
        "action": [""] * len(bodies),
        "body": [msgspec.json.encode(body).decode() for body in bodies],
    }
    lake.write("event", "2026-11-23", columns)
    view = lake.limited_to(["event"])
    assert turnout_pct(view) == pytest.approx(50.0)
    assert refused_pct(view) == pytest.approx(25.0)
