"""RFC 9162, 2.1, as it is defined there: slow, short, and written apart from the product."""

from hashlib import sha256


def leaf(data: bytes) -> bytes:
    return sha256(b"\0" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


def split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def root(leaves: list[bytes]) -> bytes:
    """2.1.1, MTH, over hashes of leaves."""
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return node(root(leaves[:k]), root(leaves[k:]))


def consistency(first: int, leaves: list[bytes]) -> list[bytes]:
    """2.1.4.1, PROOF."""
    return _subproof(first, leaves, is_whole=True)


def _subproof(m: int, leaves: list[bytes], *, is_whole: bool) -> list[bytes]:
    if m == len(leaves):
        return [] if is_whole else [root(leaves)]
    k = split(len(leaves))
    if m <= k:
        return [*_subproof(m, leaves[:k], is_whole=is_whole), root(leaves[k:])]
    return [*_subproof(m - k, leaves[k:], is_whole=False), root(leaves[:k])]
