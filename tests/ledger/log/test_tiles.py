"""Tiles: where they lie, what they prove, and that a changed one is found."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hapgang.core.errors import Invalid
from hapgang.ledger.log import merkle
from hapgang.ledger.log.log import Log, read_log
from hapgang.ledger.log.note import Signer
from hapgang.ledger.log.tiles import Damaged, Recent, Tile, Tiles, edge_tiles, tile_at

SIGNER = Signer("log.example", b"\x01" * 32)


def commitments(count: int, first: int = 0) -> list[bytes]:
    return [number.to_bytes(32, "big") for number in range(first, first + count)]


def _log(folder: Path, *parts: int) -> list[bytes]:
    """Write a log in parts; return its leaves."""
    log, at = Log(folder, SIGNER), 0
    for part in parts:
        assert log.append(commitments(part, at)) == range(at, at + part)
        at += part
        log.publish()
    log.close()
    return merkle.leaf_hashes(commitments(at))


def test_a_tile_lies_where_the_specification_says() -> None:
    assert Tile(0, 0).path() == "tile/0/000"
    assert Tile(3, 1_234_067).path() == "tile/3/x001/x234/067"
    assert Tile(0, 1_000, 17).path() == "tile/0/x001/000.p/17"


def test_the_tiles_of_70_000_leaves_are_those_of_the_specification() -> None:
    assert list(edge_tiles(70_000)) == [Tile(0, 273, 112), Tile(1, 1, 17), Tile(2, 0, 1)]
    assert list(edge_tiles(256)) == [Tile(1, 0, 1)]
    assert list(edge_tiles(0)) == []
    assert tile_at(0, 272, 70_000) == Tile(0, 272)


def test_only_the_tiles_that_there_should_be_are_there(tmp_path: Path) -> None:
    _log(tmp_path, 100, 200, 500, 65_536)
    found = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    full = {Tile(0, place).path() for place in range(66_336 // 256)} | {Tile(1, 0).path()}
    edge = {tile.path() for tile in edge_tiles(66_336)}
    assert found == {"checkpoint", ".lock"} | full | edge
    assert all((tmp_path / name).stat().st_size == 8192 for name in full)


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(0, 700), min_size=1, max_size=4), st.data())
def test_tiles_prove_what_a_list_in_memory_proves(
    tmp_path_factory: pytest.TempPathFactory, parts: list[int], data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("log")
    leaves = _log(folder, *parts)
    tiles, _ = read_log(folder, SIGNER.key(), Recent(2))
    assert tiles.root == merkle.root(leaves)
    assert list(tiles.leaves()) == leaves
    for _ in range(8):
        size = data.draw(st.integers(0, len(leaves)))
        assert tiles.root_at(size) == merkle.root(leaves[:size])
        old = data.draw(st.integers(0, size))
        assert tiles.consistency(old, size) == merkle.consistency_path(leaves[:size], old)
        if size:
            index = data.draw(st.integers(0, size - 1))
            assert tiles.inclusion(index, size) == merkle.inclusion_path(leaves[:size], index)
            assert tiles.leaf(index) == leaves[index]
    shutil.rmtree(folder)


def test_proofs_reach_over_three_levels(tmp_path: Path) -> None:
    leaves = _log(tmp_path, 65_536 + 300)
    tiles, _ = read_log(tmp_path, SIGNER.key())
    for index in (0, 255, 256, 65_535, 65_536, 65_800, 65_835):
        for size in (len(leaves), index + 1):
            path, top = tiles.inclusion(index, size), tiles.root_at(size)
            assert merkle.is_included(leaves[index], index, size, path, top)
    for old in (1, 256, 65_536, 65_700):
        path = tiles.consistency(old)
        first = tiles.root_at(old)
        assert merkle.is_consistent(old, first, len(leaves), tiles.root, path)
    asked = [65_800, 3, 65_535, 3]
    assert tiles.inclusions(asked) == [tiles.inclusion(index) for index in asked]


def test_few_tiles_stay_in_memory(tmp_path: Path) -> None:
    _log(tmp_path, 256 * 9)
    recent = Recent(3)
    tiles, _ = read_log(tmp_path, SIGNER.key(), recent)
    for place in range(9):
        tiles.inclusion(place * 256)
        assert len(recent) <= 3


def test_a_partial_tile_is_found_in_the_full_one(tmp_path: Path) -> None:
    leaves = _log(tmp_path / "log", 300, 500)
    root = merkle.root(leaves[:300])
    assert not (tmp_path / "log" / "tile/0/001.p").exists()
    assert Tiles(tmp_path / "log", 300, root).inclusion(299) == merkle.inclusion_path(
        leaves[:300], 299
    )


@pytest.mark.parametrize("name", ["tile/0/003.p/32", "tile/1/000.p/3"])
@pytest.mark.parametrize("how", ["flip", "cut", "more", "gone"])
def test_a_log_whose_edge_was_changed_does_not_open(tmp_path: Path, name: str, how: str) -> None:
    _log(tmp_path, 800)
    _damage(tmp_path / name, how)
    with pytest.raises(Damaged, match="Put back the log's folder"):
        read_log(tmp_path, SIGNER.key())
    with pytest.raises(Damaged):
        Log(tmp_path, SIGNER)


@pytest.mark.parametrize("how", ["flip", "cut", "more", "gone"])
def test_a_changed_leaf_within_is_found_when_it_is_used(tmp_path: Path, how: str) -> None:
    _log(tmp_path, 800)
    _damage(tmp_path / "tile/0/001", how)
    tiles, _ = read_log(tmp_path, SIGNER.key())
    assert tiles.inclusion(3)
    for ask in (lambda: tiles.inclusion(300), lambda: tiles.leaf(256), lambda: [*tiles.leaves()]):
        with pytest.raises(Damaged, match="tile/0/001"):
            ask()


def test_two_leaves_that_changed_places_are_found(tmp_path: Path) -> None:
    _log(tmp_path, 600)
    tile = tmp_path / "tile/0/000"
    hashes = tile.read_bytes()
    tile.write_bytes(hashes[32:64] + hashes[:32] + hashes[64:])
    tiles, _ = read_log(tmp_path, SIGNER.key())
    with pytest.raises(Damaged):
        tiles.inclusion(100)


@pytest.mark.parametrize(("index", "size"), [(-1, 5), (5, 5), (800, None), (3, 801), (0, -1)])
def test_there_is_no_proof_of_what_is_not_signed(
    tmp_path: Path, index: int, size: int | None
) -> None:
    _log(tmp_path, 800)
    tiles, _ = read_log(tmp_path, SIGNER.key())
    with pytest.raises(ValueError, match="leaves"):
        tiles.inclusion(index, size)


def test_the_log_takes_hashes_only_and_all_or_none(tmp_path: Path) -> None:
    log = Log(tmp_path, SIGNER)
    with pytest.raises(Invalid, match="32 bytes"):
        log.append([bytes(32), b"short"])
    assert log.size == 0
    assert log.append([]) == range(0)
    log.close()


def _damage(path: Path, how: str) -> None:
    held = path.read_bytes()
    if how == "gone":
        path.unlink()
    else:
        flipped = bytes([held[0] ^ 1]) + held[1:]
        path.write_bytes({"flip": flipped, "cut": held[:-1], "more": held + b"\x00"}[how])
