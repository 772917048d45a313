"""No won is made or lost by the writer or its database being killed; the model would tell."""

import sys

import pytest

from benchmarks.ledger_conservation import besieged
from benchmarks.ledger_model import Model, Row, Told

SENT = Row("t1", "a", "b", 5, "posted")
HELD = Row("h1", "a", "b", 9, "held")


def accounts(**balances: tuple[int, int]) -> list[dict[str, object]]:
    return [
        {"id": name, "balance_won": won, "held_won": held, "floor_won": None}
        for name, (won, held) in balances.items()
    ]


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.skipif(sys.platform != "linux", reason="kills processes by their numbers")
def test_random_operations_with_kills_between_them_conserve_every_won() -> None:
    siege = besieged(6_000, 3)
    assert siege.wrong == []
    assert siege.kills == ["writer", "postmaster", "writer and postmaster"]
    done = siege.crowd.counts
    for kind in ("send", "batch", "hold", "post", "void", "give_back", "repeat", "freeze", "mint"):
        assert done[f"{kind} done"], done
    assert done["overspend refused"]
    assert done["rubbish refused"]
    assert done["not answered"]


def test_the_model_sums_as_a_book_does() -> None:
    model = Model()
    rows = [
        SENT,
        HELD,
        Row("c1", "a", "b", 4, "captured", "h1"),
        Row("r1", "b", "a", 3, "posted", "c1"),
        Row("h2", "a", "b", 2, "held"),
        Row("v2", "a", "b", 2, "released", "h2"),
        Row("h3", "b", "a", 1, "held"),
    ]
    assert [model.take(row) for row in rows] == [None] * len(rows)
    assert model.differences(accounts(a=(-6, 0), b=(6, 1))) == []


WRONG = {
    "nothing": Row("x", "a", "b", 0, "posted"),
    "to oneself": Row("x", "a", "a", 5, "posted"),
    "a step that is none": Row("x", "a", "b", 5, "lent"),
    "an end without a beginning": Row("x", "a", "b", 5, "captured", "h0"),
    "more than was held": Row("x", "a", "b", 10, "captured", "h1"),
    "from somebody else": Row("x", "c", "b", 5, "captured", "h1"),
    "a part let go": Row("x", "a", "b", 5, "released", "h1"),
    "a refund of nothing": Row("x", "b", "a", 5, "posted", "c0"),
    "a refund to somebody else": Row("x", "b", "c", 1, "posted", "c2"),
    "a refund of more than was paid": Row("x", "b", "a", 4, "posted", "c2"),
}


@pytest.mark.parametrize("what", WRONG)
def test_the_model_finds_what_cannot_be(what: str) -> None:
    model = Model()
    for row in (HELD, Row("h2", "a", "b", 3, "held"), Row("c2", "a", "b", 3, "captured", "h2")):
        assert model.take(row) is None
    assert model.take(WRONG[what]) is not None


@pytest.mark.parametrize(
    "found",
    [
        accounts(a=(-5, 0), b=(6, 0)),
        accounts(a=(-5, 1), b=(5, 0)),
        accounts(a=(-5, 0)),
        accounts(a=(-5, 0), b=(5, 0), c=(1, 0)),
        [{"id": "a", "balance_won": -5, "held_won": 0, "floor_won": 0}, *accounts(b=(5, 0))],
    ],
)
def test_accounts_that_are_not_their_transfers_are_found(found: list[dict[str, object]]) -> None:
    model = Model()
    model.take(SENT)
    assert model.differences(found)


def test_what_was_told_is_held_against_the_disk() -> None:
    batch = (Row("b1", "a", "b", 1, "posted"), Row("b2", "a", "b", 1, "posted"))

    def compared(*rows: Row) -> tuple[list[str], list[tuple[Row, ...]]]:
        told = Told()
        told.promised["t1"] = SENT
        told.unanswered.append(batch)
        return told.compare(rows)

    assert compared(SENT) == ([], [])
    assert compared(SENT, *batch) == ([], [batch])
    assert compared()[0], "what was told is gone"
    assert compared(SENT._replace(amount_won=6))[0], "another amount"
    assert compared(SENT, batch[0])[0], "half of a batch"
    assert compared(SENT, HELD)[0], "what nobody asked for"
