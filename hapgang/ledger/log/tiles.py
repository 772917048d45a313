"""The tiles of a log on disk, in the layout of C2SP's tlog-tiles, and what is read from them.

A tile holds 256 hashes of one level, as a file that never changes once full. A tree of any size up
to the signed one can be read. What a tile holds is compared with the tile above before it is
believed, up to the signed root; so a file that was changed is found when it is used.
"""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock

import msgspec

from hapgang.core.errors import Unavailable
from hapgang.ledger.log.merkle import (
    EMPTY_ROOT,
    HASH_BYTES,
    Span,
    consistency_spans,
    folded,
    inclusion_spans,
    paired,
    subtrees,
)

TILE_HEIGHT = 8
TILE_HASHES = 1 << TILE_HEIGHT
TILES_IN_MEMORY = 4_096  # of 16 kB each: a million leaves and what is above them
_SPANS_IN_MEMORY = 4_096

Place = tuple[int, int]  # level, and the tile at that level
Levels = tuple[bytes, ...]  # a tile's hashes, their pairs, the pairs of these ... end to end


class Tile(msgspec.Struct, frozen=True):
    """Which tile: its level, its place there, and how many hashes it has."""

    level: int
    place: int
    width: int = TILE_HASHES

    def path(self) -> str:
        """Return its path below the log's folder."""
        digits = str(self.place)
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        name = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
        part = "" if self.width == TILE_HASHES else f".p/{self.width}"
        return f"tile/{self.level}/{name}{part}"


def tile_at(level: int, place: int, size: int) -> Tile:
    """Return the tile of a tree of some size."""
    count = size >> (TILE_HEIGHT * level)
    return Tile(level, place, min(TILE_HASHES, count - place * TILE_HASHES))


def edge_tiles(size: int) -> Iterator[Tile]:
    """Return the partial tiles of a tree, from the leaves upwards."""
    level = 0
    while count := size >> (TILE_HEIGHT * level):
        if count % TILE_HASHES:
            yield tile_at(level, count // TILE_HASHES, size)
        level += 1


class Recent:
    """The full tiles of one log that were read last, with the levels inside, for all its sizes.

    Safe to be shared between threads.
    """

    def __init__(self, most: int = TILES_IN_MEMORY) -> None:
        """Keep so many at most."""
        self._most = most
        self._found: OrderedDict[Place, Levels] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._found)

    def find(self, place: Place) -> Levels | None:
        """Return a tile's levels, if it was read lately."""
        with self._lock:
            found = self._found.get(place)
            if found is not None:
                self._found.move_to_end(place)
            return found

    def put(self, place: Place, levels: Levels) -> None:
        """Keep a tile's levels, and let go of what was not wanted for longest."""
        with self._lock:
            self._found[place] = levels
            if len(self._found) > self._most:
                self._found.popitem(last=False)


class Tiles:
    """The signed part of a log, for reading. Safe to be shared between threads."""

    def __init__(self, folder: Path, size: int, root: bytes, recent: Recent | None = None) -> None:
        """Read a tree of which `root` is known; `Damaged` where its edge does not give it."""
        self._folder, self.size, self.root = folder, size, root
        self._recent = Recent() if recent is None else recent
        self._edge = {
            (tile.level, tile.place): _levels(read_tile(folder, tile)) for tile in edge_tiles(size)
        }
        self._to_end = lru_cache(_SPANS_IN_MEMORY)(self._hash_to_end)
        if self.root_at(size) != root:
            raise damaged(folder, "does not give the signed root")

    def grown(self, size: int, root: bytes) -> "Tiles":
        """Return the same log at a later size."""
        return Tiles(self._folder, size, root, self._recent)

    def edge(self) -> list[list[bytes]]:
        """Return the hashes of the partial tiles, level by level: what more is added to."""
        found: list[list[bytes]] = []
        while count := self.size >> (TILE_HEIGHT * len(found)):
            levels = self._edge.get((len(found), count // TILE_HASHES))
            found.append(unpacked(levels[0]) if levels else [])
        return found

    def root_at(self, size: int) -> bytes:
        """Return the root the tree had at an earlier size."""
        return self.hash_of((0, size)) if size else EMPTY_ROOT

    def leaf(self, index: int) -> bytes:
        """Return the hash of a leaf."""
        return self.hash_of((index, index + 1))

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """Return the proof that the tree of some size (now) has what stands at `index`."""
        size = self._size(size)
        if not 0 <= index < size:
            raise ValueError(f"a tree of {size} leaves has none at {index}")
        path: list[bytes] = []
        place, level, below = index, 0, TILE_HASHES
        while index // below * below + below <= size:  # a tile that is full has all it takes
            tile, place = divmod(place, TILE_HASHES)
            for hashes in self._tile(level, tile):
                at = (place ^ 1) * HASH_BYTES
                path.append(hashes[at : at + HASH_BYTES])
                place >>= 1
            place, level, below = tile, level + 1, below * TILE_HASHES
        rest = inclusion_spans(index, size)[TILE_HEIGHT * level :]
        return path + [self.hash_of(span) for span in rest]

    def inclusions(self, indices: Sequence[int], size: int | None = None) -> list[list[bytes]]:
        """Return the proofs for many leaves; each tile is read once, whatever their order."""
        paths: list[list[bytes]] = [[]] * len(indices)
        for at in sorted(range(len(indices)), key=indices.__getitem__):
            paths[at] = self.inclusion(indices[at], size)
        return paths

    def consistency(self, old: int, new: int | None = None) -> list[bytes]:
        """Return the proof that the tree of size `old` is the beginning of a later one (now)."""
        return [self.hash_of(span) for span in consistency_spans(old, self._size(new))]

    def hash_of(self, span: Span) -> bytes:
        """Return the hash over a part of the tree, as it stands in proofs."""
        start, end = span
        if not 0 <= start < end <= self.size:
            raise ValueError(f"leaves {start} to {end} are not in a tree of {self.size}")
        width = end - start
        if width & (width - 1) == 0 and start % width == 0:
            height = width.bit_length() - 1
            return self._node(height, start >> height)
        return self._to_end(start, end)

    def leaves(self) -> Iterator[bytes]:
        """Return the hashes of all leaves, tile by tile; each tile is checked."""
        for place in range(-(-self.size // TILE_HASHES)):
            yield from unpacked(self._tile(0, place)[0])

    def _size(self, size: int | None) -> int:
        if size is not None and not 0 <= size <= self.size:
            raise ValueError(f"this tree has {self.size} leaves, not {size}")
        return self.size if size is None else size

    def _hash_to_end(self, start: int, end: int) -> bytes:
        return folded([self._node(height, place) for height, place in subtrees((start, end))])

    def _node(self, height: int, place: int) -> bytes:
        inner = height % TILE_HEIGHT
        tile, at = divmod(place, TILE_HASHES >> inner)
        at *= HASH_BYTES
        return self._tile(height // TILE_HEIGHT, tile)[inner][at : at + HASH_BYTES]

    def _tile(self, level: int, place: int) -> Levels:
        """Return the hashes of a tile and the levels between it and the tile above."""
        found = self._edge.get((level, place)) or self._recent.find((level, place))
        if found is None:
            tile = Tile(level, place)
            found = _levels(read_tile(self._folder, tile))
            if paired(found[-1]) != self._node(TILE_HEIGHT * (level + 1), place):
                raise damaged(self._folder / tile.path(), "is not the one that was signed")
            self._recent.put((level, place), found)
        return found


def _levels(hashes: bytes) -> Levels:
    levels = [hashes]
    for _ in range(TILE_HEIGHT - 1):
        levels.append(paired(levels[-1]))
    return tuple(levels)


def read_tile(folder: Path, tile: Tile) -> bytes:
    """Return a tile's hashes; a partial one is found in the full one, too, where that is there."""
    for kept in dict.fromkeys((tile, Tile(tile.level, tile.place))):
        path = folder / kept.path()
        try:
            with path.open("rb") as file:
                hashes = file.read(TILE_HASHES * HASH_BYTES + 1)
        except (FileNotFoundError, NotADirectoryError):
            continue
        if len(hashes) != kept.width * HASH_BYTES:
            raise damaged(path, f"has {len(hashes)} bytes")
        return hashes[: tile.width * HASH_BYTES]
    raise damaged(folder / tile.path(), "is missing")


def tile_root(hashes: bytes) -> bytes:
    """Return what stands for a full tile in the tile above."""
    return paired(_levels(hashes)[-1])


def unpacked(hashes: bytes) -> list[bytes]:
    """Return the hashes of a tile one by one."""
    return [hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)]


class Damaged(Unavailable):
    """Files of the log are not those that were signed."""


def damaged(path: Path, how: str) -> Damaged:
    """Return the error that says which file, and what to do."""
    return Damaged(
        f"the log's {path} {how}. Put back the log's folder from a backup or a mirror.",
        f"원장 기록 {path}이(가) 손상되었습니다. 백업이나 사본에서 되돌려 주세요.",
    )
