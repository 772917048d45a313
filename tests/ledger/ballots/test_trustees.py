"""The trustees' key: any t open, fewer do not; who deals wrongly is named."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from hapgang.ledger.ballots.group import ORDER, base, plus, shown, times
from hapgang.ledger.ballots.trustees import (
    WrongShare,
    check_dealing,
    check_part,
    joint_key,
    lagrange,
    part_for,
    public_share,
)
from tests.ledger.ballots.town import dealers, shares


@settings(max_examples=25, deadline=None)
@given(st.data(), st.integers(1, 6))
def test_any_threshold_of_them_make_the_key(data: st.DataObject, count: int) -> None:
    threshold = data.draw(st.integers(1, count))
    dealt = dealers("p", threshold, count)
    public = [dealer.public for dealer in dealt]
    mine = shares(dealt)
    for index in mine:
        own = int.from_bytes(mine[index], "big")
        assert shown(public_share(public, index)) == shown(base(own))
    chosen = data.draw(st.permutations(sorted(mine)))[:threshold]
    parts = [times(public_share(public, each), lagrange(each, chosen)) for each in chosen]
    assert shown(plus(parts)) == joint_key(public)
    whole = sum(int.from_bytes(mine[each], "big") * lagrange(each, chosen) for each in chosen)
    assert shown(base(whole % ORDER)) == joint_key(public)
    fewer = chosen[1:]
    parts = [times(public_share(public, each), lagrange(each, fewer)) for each in fewer]
    assert shown(plus(parts)) != joint_key(public)


def test_a_wrong_part_names_its_dealer() -> None:
    dealt = dealers("p", 3, 5)
    for receiver in range(1, 6):
        check_part(dealt[1].public, receiver, part_for(dealt[1], receiver))
    with pytest.raises(WrongShare) as caught:
        check_part(dealt[1].public, 4, part_for(dealt[1], 3))
    assert caught.value.detail == {"dealer": 2, "receiver": 4}


def test_a_dealing_proves_that_its_dealer_knows_it() -> None:
    dealing, other = (dealer.public for dealer in dealers("p", 3, 2))
    check_dealing(dealing, "p", 1, 3)
    stolen = structs.replace(other, index=1)
    reused = structs.replace(dealing, proof=other.proof)
    for wrong, poll, index, threshold in (
        (dealing, "q", 1, 3), (dealing, "p", 2, 3), (dealing, "p", 1, 2), (stolen, "p", 1, 3),
        (reused, "p", 1, 3),
        (structs.replace(dealing, commitments=dealing.commitments[::-1]), "p", 1, 3),
    ):  # fmt: skip
        with pytest.raises(WrongShare, match=f"trustee {index}"):
            check_dealing(wrong, poll, index, threshold)
