"""The board, the trustees' shares, the sums, the result."""

from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from hapgang.core.errors import Invalid
from hapgang.ledger.ballots import board, tally
from hapgang.ledger.ballots.ballot import Strike, WrongBallot
from hapgang.ledger.ballots.canonical import canonical, fingerprint
from hapgang.ledger.ballots.export import Export, recount
from hapgang.ledger.ballots.group import ORDER, base, shown
from hapgang.ledger.ballots.trustees import WrongShare
from tests.ledger.ballots.town import contest, square, town

PLACE, EXPORT = square()


def counted() -> tuple[str, list[board.Ballot]]:
    return EXPORT.close.board, board.check_board(PLACE.poll, EXPORT.board)


def test_a_poll_is_counted_and_counted_again() -> None:
    assert EXPORT.result.counts == ((1, 2, 0), (2, 1, 2))  # Anne's second, Bert's, one on paper
    again = msgspec.json.decode(canonical(EXPORT), type=Export)
    assert again == EXPORT
    assert recount(again) == EXPORT.result
    with ThreadPoolExecutor(2) as executor:
        assert recount(again, executor) == EXPORT.result


def test_the_form_does_not_change_unseen() -> None:
    """Closed polls have to be countable for ever. Who changes this number changes the spec."""
    assert fingerprint(EXPORT) == "feee48304cad970e71e97d7c279909c449bfe9a2a268507e63e4641baf9c2617"


@settings(max_examples=6, deadline=None)
@given(st.data())
def test_the_sums_are_what_was_meant(data: st.DataObject) -> None:
    place = town(contest("score", 2, top=3, most=6), threshold=3, trustees=5)
    meant = data.draw(st.lists(st.tuples(*[st.integers(0, 3)] * 2), min_size=1, max_size=4))
    ballots = [place.cast(f"voter {n}", [numbers]) for n, numbers in enumerate(meant)]
    who = data.draw(st.permutations(range(1, 6)))[: data.draw(st.integers(3, 5))]
    made = board.close(place.poll, ballots).board
    opened = tally.combine(place.poll, made, ballots, place.decrypt(ballots, *who))
    assert opened.counts == (tuple(sum(column) for column in zip(*meant, strict=True)),)
    assert [share.trustee for share in opened.used] == sorted(who)


def test_a_missing_trustee_is_no_harm_and_a_wrong_one_is_named() -> None:
    made, ballots = counted()
    one, two, three = PLACE.decrypt(EXPORT.board, 1, 2, 3)
    row = list(two.contests[0])
    row[0] = structs.replace(row[0], share=row[1].share)
    wrong = structs.replace(two, contests=(tuple(row), *two.contests[1:]))
    opened = tally.combine(PLACE.poll, made, ballots, [wrong, three, one])
    assert (opened.wrong, [share.trustee for share in opened.used]) == ((2,), [1, 3])
    same = tally.combine(PLACE.poll, made, ballots, [one, two]).counts
    assert opened.counts == same == ((0, 2, 0), (1, 1, 1))
    with pytest.raises(tally.TooFew, match=r"1 of 2 shares are there; wrong: \[2\]"):
        tally.combine(PLACE.poll, made, ballots, [one, wrong])
    with pytest.raises(WrongShare, match="trustee 2"):
        tally.check_share(PLACE.poll, made, tally.tally(PLACE.poll, ballots), wrong)
    for change in (
        {"poll": "0" * 64}, {"board": "0" * 64}, {"trustee": 3, "id": "square/share/3"},
        {"trustee": 9, "id": "square/share/9"}, {"contests": two.contests[:1]}, {"id": "x"},
    ):  # fmt: skip
        bad = structs.replace(two, **change)
        with pytest.raises(WrongShare):
            tally.check_share(PLACE.poll, made, tally.tally(PLACE.poll, ballots), bad)


def test_a_trustee_decrypts_with_its_own_key_and_not_too_few() -> None:
    made, ballots = counted()
    with pytest.raises(WrongShare, match="not the trustee's key"):
        tally.partial_decrypt(PLACE.poll, made, ballots, 1, PLACE.shares[2], bytes(32))
    careful = town(contest("choose", 2), fewest=2)
    lonely = [careful.cast("anne", [[1, 0]])]
    with pytest.raises(tally.TooFew, match="fewer than 2"):
        careful.decrypt(lonely, 1)


def test_ballots_that_cancel_each_other_are_counted_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """One hand makes two ballots whose nonces sum to zero: the sums are at infinity."""
    place = town(contest("approve", 1))
    plain = tally.secrets_of
    nonce = next(plain(bytes(32), "x"))
    both = {1: nonce, 2: (ORDER - int.from_bytes(nonce, "big")).to_bytes(32, "big")}
    turn = iter(both.values())

    def chosen(seed: bytes, *words: object):
        if words[0] == "hapgang/encrypt/1":
            yield next(turn)
        yield from plain(seed, *words)

    monkeypatch.setattr("hapgang.ledger.ballots.ballot.secrets_of", chosen)
    ballots = [place.cast("anne", [[0]]), place.cast("bert", [[0]])]
    monkeypatch.undo()
    sums = tally.tally(place.poll, ballots)
    assert [shown(half) for half in sums[0][0]] == ["00", "00"]
    export = place.export(ballots, place.roll(2, 2))
    assert recount(export).counts == ((0,),)
    assert export.shares[0].contests[0][0].share == "00"


@given(st.integers(0, 500), st.integers(0, 500))
def test_numbers_come_out_of_points(most: int, value: int) -> None:
    steps = tally.Steps(most)
    if value <= most:
        assert steps.log(base(value)) == value
    else:
        with pytest.raises(Invalid, match="out of its range"):
            steps.log(base(value))


def test_revisions_rise_and_nothing_follows_a_strike() -> None:
    anne, bert, cora, again, gone = EXPORT.board
    assert isinstance(gone, Strike)
    board.check_next(None, anne)
    board.check_next(anne, again)
    for latest, entry in ((anne, anne), (again, anne), (gone, cora), (gone, gone)):
        with pytest.raises(board.NotAfter):
            board.check_next(latest, entry)
    for wrong in (
        [anne, anne], [again, anne], [anne, again, anne], [gone, cora], [anne, bert, anne],
    ):  # fmt: skip
        with pytest.raises(WrongBallot, match="entry"):
            board.check_board(PLACE.poll, wrong)
    stands = board.counted(board.latest_of(EXPORT.board))
    assert stands == [again, bert]


def test_a_fault_is_told_by_its_place() -> None:
    entries = [EXPORT.board[0], structs.replace(EXPORT.board[1], signature="0" * 128)]
    assert board.faults(PLACE.poll, entries) == [None, "its signature is wrong"]
    with pytest.raises(WrongBallot, match="entry 1: its signature"):
        board.check_board(PLACE.poll, entries)


def test_the_receipt_finds_the_ballot() -> None:
    kept = board.receipt(EXPORT.board[3], 3)
    assert kept.ballot == fingerprint(EXPORT.board[kept.index])
    assert (kept.pseudonym, kept.revision) == (EXPORT.board[3].pseudonym, 2)


@pytest.mark.parametrize(
    ("tokens", "eligible", "paper"), [(2, 6, 1), (3, 2, 0), (3, 6, 5), (3, 3, 2)]
)
def test_nobody_votes_twice(tokens: int, eligible: int, paper: int) -> None:
    latest = board.latest_of(EXPORT.board)
    board.check_roll(PLACE.poll, PLACE.roll(3, 3, 1), latest)
    with pytest.raises(Invalid, match="more pseudonyms"):
        board.check_roll(PLACE.poll, PLACE.roll(tokens, eligible, paper), latest)


@pytest.mark.parametrize(
    ("ballots", "counts"),
    [
        (1, [[1, 1, 0], [0, 0, 0]]), (1, [[1, 0, 0], [0, 1, 1]]),
        (1, [[1, 0, 0]]), (1, [[1, 0], [0, 0, 0]]), (2, [[1, 1, 0], [0, 0, 0]]),
        (1, [[2, 0, 0], [0, 0, 0]]),
    ],
)  # fmt: skip
def test_paper_that_cannot_be_is_refused(ballots: int, counts: list[list[int]]) -> None:
    roll = PLACE.roll(3, 6, paper=1)
    with pytest.raises(Invalid, match="paper"):
        board.check_paper(PLACE.poll, roll, PLACE.paper(ballots, counts))
    with pytest.raises(Invalid, match="paper"):
        board.check_paper(PLACE.poll, roll, None)
    void = PLACE.paper(1, [[0, 0, 0], [0, 0, 0]])
    assert board.check_paper(PLACE.poll, roll, void) == void.counts
    assert board.check_paper(PLACE.poll, PLACE.roll(3, 6), None) == ((0, 0, 0), (0, 0, 0))
