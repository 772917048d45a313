"""Ballots: what is right passes, and nothing else."""

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from hapgang.ledger.ballots import ballot as room
from hapgang.ledger.ballots.ballot import (
    Ballot,
    Opening,
    WrongBallot,
    check_ballot,
    check_spoiled,
    encrypt,
    sign,
)
from hapgang.ledger.ballots.canonical import canonical
from hapgang.ledger.ballots.choices import WrongChoice
from hapgang.ledger.ballots.poll import Contest
from tests.ledger.ballots.town import Town, chance, contest, square, town

PLACE = square()[0]
CHOICES = [[1, 0, 0], [1, 0, 1]]


def resigned(made: Ballot, name: str) -> Ballot:
    """What a voter can do: sign anything with the own key."""
    return sign(structs.replace(made, signature=""), PLACE.voter(name).secret, chance("again"))


def test_a_ballot_is_read_back_from_its_canonical_bytes() -> None:
    made = PLACE.cast("anne", CHOICES)
    again = msgspec.json.decode(canonical(made), type=Ballot)
    assert again == made
    check_ballot(PLACE.poll, again)


def test_chance_decides_all_and_nothing_else_does() -> None:
    voter = PLACE.voter("anne")
    first, opening = encrypt(PLACE.poll, CHOICES, voter, 1, chance("a"))
    assert (first, opening) == encrypt(PLACE.poll, CHOICES, voter, 1, chance("a"))
    others = [
        encrypt(PLACE.poll, CHOICES, voter, 1, chance("b"))[0],
        encrypt(PLACE.poll, CHOICES, voter, 2, chance("a"))[0],
        encrypt(PLACE.poll, [[0, 1, 0], [1, 0, 1]], voter, 1, chance("a"))[0],
    ]
    seen = {cell.alpha for each in (first, *others) for row in each.contests for cell in row.cells}
    assert len(seen) == 4 * sum(len(row.cells) for row in first.contests)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"poll": "0" * 64}, "another poll"), ({"revision": 2}, "id is not"),
        ({"revision": 0, "id": "square/x/0"}, "id is not"), ({"id": "square"}, "id is not"),
        ({"token": "00"}, "token does not"), ({"token": ""}, "token does not"),
        ({"contests": ()}, "signature is wrong"), ({"signature": "0" * 128}, "signature is wrong"),
        ({"signature": ""}, "128 hexadecimal digits"), ({"pseudonym": "x"}, "64 hexadecimal"),
    ],
)  # fmt: skip
def test_what_is_altered_by_others_is_refused(change: dict[str, object], why: str) -> None:
    with pytest.raises(WrongBallot, match=why):
        check_ballot(PLACE.poll, structs.replace(PLACE.cast("anne", CHOICES), **change))


def test_what_a_voter_alters_and_signs_again_is_refused() -> None:
    made = PLACE.cast("anne", CHOICES)
    first, second = made.contests
    cells = first.cells
    swapped = structs.replace(cells[0], alpha=cells[0].beta, beta=cells[0].alpha)
    infinity = structs.replace(cells[0], alpha="00")
    short = structs.replace(cells[0], proof=cells[0].proof[:1])
    for answers in (
        structs.replace(first, cells=(swapped, *cells[1:])),
        structs.replace(first, cells=(infinity, *cells[1:])),
        structs.replace(first, cells=(short, *cells[1:])),
        structs.replace(first, cells=(cells[1], cells[0], *cells[2:])),
        structs.replace(first, cells=cells[:-1]),
        structs.replace(first, limits=()),
        structs.replace(first, limits=(second.limits[0],)),
    ):
        with pytest.raises(WrongBallot):
            check_ballot(
                PLACE.poll, resigned(structs.replace(made, contests=(answers, second)), "anne")
            )
    for contests in ((first,), (second, first), (first, second, second)):
        with pytest.raises(WrongBallot):
            check_ballot(PLACE.poll, resigned(structs.replace(made, contests=contests), "anne"))


def test_anothers_ballot_cannot_be_copied() -> None:
    """Dee has a token and her own key; she signs what Anne sealed, without knowing what it is."""
    anne, dee = PLACE.cast("anne", CHOICES), PLACE.cast("dee", CHOICES)
    copied = resigned(structs.replace(dee, contests=anne.contests), "dee")
    with pytest.raises(WrongBallot, match="cell 0 of contest 0"):
        check_ballot(PLACE.poll, copied)


def test_a_ballot_of_one_poll_is_none_of_another() -> None:
    other = town(*PLACE.poll.contests, name="other")
    with pytest.raises(WrongBallot, match="another poll"):
        check_ballot(other.poll, PLACE.cast("anne", CHOICES))


@pytest.mark.parametrize(
    ("numbers", "why"),
    [
        ([[2, 0, 0], [1, 0, 1, 0, 0, 0]], "cell 0 of contest 0"),  # a vote that counts twice
        ([[100, 0, 0], [1, 0, 1, 0, 0, 0]], "cell 0 of contest 0"),
        ([[1, 1, 0], [1, 0, 1, 0, 0, 0]], "limit 0 of contest 0"),  # two of one
        ([[0, 0, 0], [1, 0, 1, 0, 0, 0]], "limit 0 of contest 0"),  # none of one
        ([[1, 0, 0], [0, 1, 1, 0, 0, 0]], "limit 0 of contest 1"),  # costs 5 of 4
        ([[1, 0, 0], [1, 1, 0, 0, 0, 0]], "limit 0 of contest 1"),  # slack that does not fill
        ([[1, 0, 0], [1, 0, 0, 3, 0, 0]], "cell 3 of contest 1"),  # slack that is no bit
    ],
)
def test_a_liars_proof_is_refused(
    numbers: list[list[int]], why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The device seals what it likes and proves as well as it can."""
    left = iter(numbers)
    monkeypatch.setattr(room, "values_of", lambda _contest, _chosen: next(left))
    made = PLACE.cast("anne", CHOICES)
    monkeypatch.undo()
    with pytest.raises(WrongBallot, match=why):
        check_ballot(PLACE.poll, made)


def test_a_choice_out_of_its_limits_is_refused_before_anything_is_sealed() -> None:
    for wrong in ([[1, 1, 0], [0, 0, 0]], [[1, 0, 0]], [[1, 0, 0], [0, 1, 1]]):
        with pytest.raises((WrongChoice, WrongBallot)):
            PLACE.cast("anne", wrong)


def test_a_spoiled_ballot_shows_what_it_holds() -> None:
    voter = PLACE.voter("anne")
    sealed, opening = encrypt(PLACE.poll, CHOICES, voter, 1, chance("a"))
    assert check_spoiled(PLACE.poll, sealed, opening) == CHOICES
    with pytest.raises(WrongBallot):  # it was never signed, so it cannot count
        check_ballot(PLACE.poll, sealed)


def test_a_device_that_lies_about_what_it_sealed_is_found() -> None:
    voter = PLACE.voter("anne")
    sealed, opening = encrypt(PLACE.poll, CHOICES, voter, 1, chance("a"))
    (first, *rest), *others = opening.cells
    meant = (((0, first[1]), *rest), *others)
    other = encrypt(PLACE.poll, CHOICES, voter, 1, chance("b"))[1]
    for wrong in (
        structs.replace(opening, cells=meant), structs.replace(opening, seal="0" * 64), other,
        structs.replace(other, seal=opening.seal), Opening(opening.seal, opening.cells[:1]),
        Opening(opening.seal, (opening.cells[0][:-1], opening.cells[1])),
    ):  # fmt: skip
        with pytest.raises(WrongBallot, match="something else"):
            check_spoiled(PLACE.poll, sealed, wrong)


@pytest.fixture(scope="module")
def every_kind() -> Town:
    return town(
        contest("choose", 3, least=0, most=2), contest("approve", 2, most=2),
        contest("score", 3, top=3, most=5), contest("rank", 3, least=2, most=2),
        contest("rank", 2, least=2, most=2), contest("budget", 3, most=7, costs=[2, 3, 5]),
    )  # fmt: skip


def meant(data: st.DataObject, made: Contest) -> list[int]:
    if made.kind == "rank":
        return data.draw(st.permutations(range(len(made.options))))[: made.most]
    chosen, left = [], made.most
    for option in made.options:
        weight = option.cost or 1
        chosen.append(data.draw(st.integers(0, min(made.top, left // weight))))
        left -= weight * chosen[-1]
    return chosen if sum(chosen) >= made.least else [made.least, *chosen[1:]]


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_every_kind_of_contest_takes_every_right_choice(
    every_kind: Town, data: st.DataObject
) -> None:
    check_ballot(
        every_kind.poll, every_kind.cast("anne", [meant(data, c) for c in every_kind.poll.contests])
    )
