"""The tree of RFC 9162, 2.1, as pure functions over hashes of 32 bytes.

A *span* is (first leaf, end): the part of the tree that a hash stands for. Proofs are spans first
and hashes then, so the same functions serve a list in memory and tiles on disk.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256

import msgspec

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()  # RFC 9162, 2.1.1
Span = tuple[int, int]


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of what the log holds at one place."""
    return sha256(b"\x00" + entry).digest()


def leaf_hashes(entries: Iterable[bytes]) -> list[bytes]:
    """Return the hashes of many at once."""
    return [sha256(b"\x00" + entry).digest() for entry in entries]


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash over two hashes."""
    return sha256(b"\x01" + left + right).digest()


def paired(hashes: bytes) -> bytes:
    """Return the next level above hashes that stand end to end; an odd last one is left out."""
    ends = range(64, len(hashes) + 1, 64)
    return b"".join([sha256(b"\x01" + hashes[end - 64 : end]).digest() for end in ends])


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes."""
    return Edge().plus(leaves).root()


class Edge(msgspec.Struct, frozen=True):
    """The right edge of a tree: all that is needed to add leaves and to know the root.

    `nodes` are the hashes of the complete subtrees from left to right, one for each binary digit of
    `size` that is 1.
    """

    size: int = 0
    nodes: tuple[bytes, ...] = ()

    def plus(self, leaves: Sequence[bytes]) -> "Edge":
        """Return the edge with more leaf hashes at its right."""
        size, nodes, at = self.size, list(self.nodes), 0
        while at < len(leaves):
            height = _height(size, len(leaves) - at)
            level = b"".join(leaves[at : at + (1 << height)])
            for _ in range(height):
                level = paired(level)
            at += 1 << height
            _push(nodes, size >> height, level)
            size += 1 << height
        return Edge(size, tuple(nodes))

    def root(self) -> bytes:
        """Return the root of the whole."""
        return folded(self.nodes)


def _height(size: int, more: int) -> int:
    """Return the height of the largest subtree that begins at `size` and has `more` leaves."""
    fits = more.bit_length() - 1
    return fits if size == 0 else min(fits, (size & -size).bit_length() - 1)


def _push(nodes: list[bytes], position: int, node: bytes) -> None:
    """Add a subtree; where it stands at the right of one of its height, both become one."""
    while position & 1:
        node = node_hash(nodes.pop(), node)
        position >>= 1
    nodes.append(node)


def folded(nodes: Sequence[bytes]) -> bytes:
    """Return the hash over complete subtrees that stand from left (largest) to right."""
    if not nodes:
        return EMPTY_ROOT
    total = nodes[-1]
    for node in nodes[-2::-1]:
        total = node_hash(node, total)
    return total


def subtrees(span: Span) -> list[tuple[int, int]]:
    """Return the complete subtrees of a span as (height, position at that height), left to right.

    A span of a proof begins at a multiple of its size's next power of two; so do these.
    """
    at, end = span
    found = []
    while at < end:
        height = _height(at, end - at)
        found.append((height, at >> height))
        at += 1 << height
    return found


def inclusion_spans(index: int, size: int) -> list[Span]:
    """Return the spans of PATH(index, D[size]) of RFC 9162, 2.1.3.1, from the leaf upwards."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    spans, width = [], 1
    while width < size:
        start = ((index // width) ^ 1) * width
        if start < size:
            spans.append((start, min(start + width, size)))
        width *= 2
    return spans


def consistency_spans(old: int, new: int) -> list[Span]:
    """Return the spans of PROOF(old, D[new]) of RFC 9162, 2.1.4.1; none for an empty `old`."""
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} cannot hold one of {old}")
    if old in (0, new):
        return []
    spans: list[Span] = []
    start, end, whole = 0, new, True
    while old != end:
        split = start + (1 << ((end - start - 1).bit_length() - 1))
        if old <= split:
            spans.append((split, end))
            end = split
        else:
            spans.append((start, split))
            start, whole = split, False
    return ([] if whole else [(start, end)]) + spans[::-1]


def inclusion_path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Return the proof that a leaf is in the tree over all of `leaves`."""
    return [root(leaves[start:end]) for start, end in inclusion_spans(index, len(leaves))]


def consistency_path(leaves: Sequence[bytes], old: int) -> list[bytes]:
    """Return the proof that the tree over the first `old` leaves is the beginning of all."""
    return [root(leaves[start:end]) for start, end in consistency_spans(old, len(leaves))]


def root_by_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """Return the root that a path leads to (RFC 9162, 2.1.3.2); None if it has a wrong length."""
    if not 0 <= index < size or not _are_hashes((leaf, *path)):
        return None
    place, last, found = index, size - 1, leaf
    for node in path:
        if last == 0:
            return None
        if place & 1 or place == last:
            found = node_hash(node, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, node)
        place, last = place >> 1, last >> 1
    return found if last == 0 else None


def is_included(leaf: bytes, index: int, size: int, path: Sequence[bytes], top: bytes) -> bool:
    """Whether a path proves that the leaf stands at `index` of the tree with root `top`."""
    return root_by_inclusion(leaf, index, size, path) == top


def is_consistent(
    old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]
) -> bool:
    """Whether a path proves that a tree is the beginning of another (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= new or not _are_hashes((old_root, new_root, *path)):
        return False
    if old in (0, new):
        before = EMPTY_ROOT if old == 0 else new_root
        return not path and old_root == before and (new > 0 or new_root == EMPTY_ROOT)
    nodes = [old_root, *path] if old & (old - 1) == 0 else list(path)
    if not nodes:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = nodes[0]
    for node in nodes[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            first, second = node_hash(node, first), node_hash(node, second)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            second = node_hash(second, node)
        place, last = place >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


def _are_hashes(values: Iterable[bytes]) -> bool:
    return all(len(value) == HASH_BYTES for value in values)
