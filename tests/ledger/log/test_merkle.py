"""The tree: published hashes, the RFC's own definitions, and proofs that must not hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hapgang.ledger.log import merkle
from validation.vectors.log import CONSISTENCIES, ENTRIES, INCLUSIONS, LEAVES, ROOTS

_SIZES = st.integers(min_value=1, max_value=70)


def _leaves(count: int) -> list[bytes]:
    return [merkle.leaf_hash(number.to_bytes(4, "big")) for number in range(count)]


def _mth(leaves: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1, word by word."""
    if len(leaves) == 1:
        return leaves[0]
    split = _split(len(leaves))
    return merkle.node_hash(_mth(leaves[:split]), _mth(leaves[split:]))


def _path(index: int, leaves: list[bytes]) -> list[bytes]:
    """RFC 9162, 2.1.3.1, word by word."""
    if len(leaves) == 1:
        return []
    split = _split(len(leaves))
    if index < split:
        return [*_path(index, leaves[:split]), _mth(leaves[split:])]
    return [*_path(index - split, leaves[split:]), _mth(leaves[:split])]


def _proof(old: int, leaves: list[bytes], *, whole: bool = True) -> list[bytes]:
    """RFC 9162, 2.1.4.1, word by word."""
    if old == len(leaves):
        return [] if whole else [_mth(leaves)]
    split = _split(len(leaves))
    if old <= split:
        return [*_proof(old, leaves[:split], whole=whole), _mth(leaves[split:])]
    return [*_proof(old - split, leaves[split:], whole=False), _mth(leaves[:split])]


def _split(count: int) -> int:
    return 1 << ((count - 1).bit_length() - 1)


def test_leaves_and_roots_of_the_reference() -> None:
    assert merkle.leaf_hashes(ENTRIES) == LEAVES
    assert [merkle.root(LEAVES[:size]) for size in range(9)] == ROOTS


@pytest.mark.parametrize(("place", "path"), INCLUSIONS.items())
def test_inclusion_of_the_reference(place: tuple[int, int], path: list[bytes]) -> None:
    index, size = place
    assert merkle.inclusion_path(LEAVES[:size], index) == path
    assert merkle.is_included(LEAVES[index], index, size, path, ROOTS[size])


@pytest.mark.parametrize(("sizes", "path"), CONSISTENCIES.items())
def test_consistency_of_the_reference(sizes: tuple[int, int], path: list[bytes]) -> None:
    old, new = sizes
    assert merkle.consistency_path(LEAVES[:new], old) == path
    assert merkle.is_consistent(old, ROOTS[old], new, ROOTS[new], path)


@given(_SIZES, st.data())
def test_proofs_are_those_that_the_rfc_defines(size: int, data: st.DataObject) -> None:
    leaves = _leaves(size)
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size))
    assert merkle.root(leaves) == _mth(leaves)
    path, growth = merkle.inclusion_path(leaves, index), merkle.consistency_path(leaves, old)
    assert path == _path(index, leaves)
    assert growth == _proof(old, leaves)
    assert merkle.is_included(leaves[index], index, size, path, _mth(leaves))
    assert merkle.is_consistent(old, _mth(leaves[:old]), size, _mth(leaves), growth)


@given(_SIZES, st.data())
def test_no_other_proof_of_inclusion_holds(size: int, data: st.DataObject) -> None:
    leaves = _leaves(size)
    index = data.draw(st.integers(0, size - 1))
    path, top = merkle.inclusion_path(leaves, index), merkle.root(leaves)
    other = merkle.leaf_hash(b"other")
    assert not merkle.is_included(other, index, size, path, top)
    assert not merkle.is_included(leaves[index], index, size, [*path, other], top)
    assert not merkle.is_included(leaves[index], index, size, path, other)
    for wrong in {*range(size + 2)} - {index}:
        assert not merkle.is_included(leaves[index], wrong, size, path, top)
    for at in range(len(path)):
        assert not merkle.is_included(
            leaves[index], index, size, [*path[:at], other, *path[at + 1 :]], top
        )
        assert not merkle.is_included(
            leaves[index], index, size, [*path[:at], *path[at + 1 :]], top
        )


@given(_SIZES, st.data())
def test_no_other_proof_of_growth_holds(size: int, data: st.DataObject) -> None:
    leaves = _leaves(size)
    old = data.draw(st.integers(1, size))
    path, first, top = merkle.consistency_path(leaves, old), _mth(leaves[:old]), _mth(leaves)
    other = merkle.leaf_hash(b"other")
    assert not merkle.is_consistent(old, other, size, top, path)
    assert not merkle.is_consistent(old, first, size, other, path)
    assert not merkle.is_consistent(old, first, size, top, [*path, other])
    for wrong in {*range(1, size + 1)} - {old}:
        assert not merkle.is_consistent(wrong, first, size, top, path)
    for at in range(len(path)):
        changed = [*path[:at], other, *path[at + 1 :]]
        assert not merkle.is_consistent(old, first, size, top, changed)
        assert not merkle.is_consistent(old, first, size, top, [*path[:at], *path[at + 1 :]])


@given(st.lists(st.integers(0, 40), max_size=8))
def test_an_edge_grows_as_if_all_came_at_once(parts: list[int]) -> None:
    leaves = _leaves(sum(parts))
    edge, at = merkle.Edge(), 0
    for part in parts:
        edge, at = edge.plus(leaves[at : at + part]), at + part
    assert edge == merkle.Edge().plus(leaves)
    assert edge.size == len(leaves)
    assert len(edge.nodes) == edge.size.bit_count()


def test_an_empty_log_is_the_beginning_of_every_log() -> None:
    assert merkle.is_consistent(0, ROOTS[0], 8, ROOTS[8], [])
    assert merkle.is_consistent(0, ROOTS[0], 0, ROOTS[0], [])
    assert not merkle.is_consistent(0, ROOTS[1], 8, ROOTS[8], [])
    assert not merkle.is_consistent(0, ROOTS[0], 8, ROOTS[8], [LEAVES[0]])
    assert not merkle.is_consistent(8, ROOTS[8], 7, ROOTS[7], [])
    assert not merkle.is_consistent(-1, ROOTS[0], 7, ROOTS[7], [])


def test_a_hash_has_32_bytes() -> None:
    assert not merkle.is_included(b"short", 0, 1, [], b"short")
    assert not merkle.is_consistent(1, b"short", 1, b"short", [])


@pytest.mark.parametrize(("index", "size"), [(-1, 4), (4, 4), (0, 0)])
def test_there_is_no_proof_of_what_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        merkle.inclusion_spans(index, size)


@pytest.mark.parametrize(("old", "new"), [(5, 4), (-1, 4)])
def test_a_log_does_not_shrink(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="cannot hold"):
        merkle.consistency_spans(old, new)
