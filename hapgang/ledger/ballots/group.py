"""The group secp256k1 in libsecp256k1: points, and scalars modulo its order.

What is public is counted with whole numbers of Python. What is secret (nonces of voters, shares of
trustees) stays 32 bytes, and passes only through functions of the library that take the same time
for every value: `hidden_base`, `hidden_times`, `hidden_answer` and `hidden_sum`.
What Python does around them (allocating, copying, choosing a branch of a proof) is not protected.
"""

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from coincurve import PublicKey
from coincurve._libsecp256k1 import ffi, lib  # type: ignore[import-not-found]  # compiled
from coincurve.context import GLOBAL_CONTEXT
from coincurve.utils import GROUP_ORDER_INT

from hapgang.core.errors import Invalid
from hapgang.ledger.ballots.canonical import canonical

ORDER = GROUP_ORDER_INT
_CONTEXT = GLOBAL_CONTEXT.ctx

Point = PublicKey | None
"""A point; None is the point at infinity, which sums may reach and ballots may not."""

Secret = bytes
"""A scalar that nobody may know: 32 bytes, big-endian, in 1 .. ORDER - 1."""


def point(text: str) -> PublicKey:
    """Read a compressed point: 66 hexadecimal digits in lower case. Never infinity."""
    data = unhex(text, 33)
    if data[0] not in (2, 3):
        raise Invalid("a point has 02 or 03 in front", "점은 02 또는 03으로 시작합니다")
    try:
        return PublicKey(data)
    except ValueError:
        raise Invalid("this is no point of the curve", "곡선 위의 점이 아닙니다") from None


def scalar(text: str) -> int:
    """Read a scalar below the order: 64 hexadecimal digits in lower case."""
    value = int.from_bytes(unhex(text, 32), "big")
    if value >= ORDER:
        raise Invalid("a scalar is below the group's order", "스칼라가 군의 위수보다 큽니다")
    return value


def unhex(text: str, size: int) -> bytes:
    """Read exactly `size` bytes of hexadecimal digits in lower case."""
    try:
        data = bytes.fromhex(text)
    except ValueError:
        data = b""
    if len(data) != size or data.hex() != text:
        raise Invalid(
            f"expected {2 * size} hexadecimal digits in lower case",
            f"소문자 16진수 {2 * size}자리여야 합니다",
        )
    return data


def shown(what: Point) -> str:
    """Write a point; infinity is `00`, as SEC 1 (2.3.3) has it."""
    return "00" if what is None else what.format().hex()


def written(value: int) -> str:
    """Write a scalar."""
    return value.to_bytes(32, "big").hex()


def base(factor: int) -> Point:
    """Return `factor` times the generator."""
    factor %= ORDER
    return PublicKey.from_valid_secret(factor.to_bytes(32, "big")) if factor else None


def times(what: Point, factor: int) -> Point:
    """Return `factor` times a point. The time it takes depends on both: for public numbers only."""
    factor %= ORDER
    return None if what is None or not factor else what.multiply(factor.to_bytes(32, "big"))


def plus(points: Sequence[Point]) -> Point:
    """Return the sum."""
    finite = [each for each in points if each is not None]
    if len(finite) < 2:
        return finite[0] if finite else None
    try:
        return PublicKey.combine_keys(finite)
    except ValueError:  # the library cannot write infinity
        return None


def minus(left: Point, right: Point) -> Point:
    """Return the difference."""
    if right is None:
        return left
    data = right.format()
    return plus([left, PublicKey(bytes([data[0] ^ 1]) + data[1:])])


def along(answer: int, asked: int, what: Point) -> Point:
    """Return `answer` times the generator, less `asked` times a point; public numbers only.

    One pass instead of two products and a sum: whose ECDSA signature it is, is found (SEC 1,
    4.1.6) as (sR - mG) / r, where r is R's x. So with R the point, s = -asked r and m = -answer r.
    """
    if what is not None and (asked := asked % ORDER):
        data = what.format()
        x = int.from_bytes(data[1:], "big")
        s, m = -asked * x % ORDER, -answer * x % ORDER
        signature, found = ffi.new("secp256k1_ecdsa_recoverable_signature *"), _new_point()
        if lib.secp256k1_ecdsa_recoverable_signature_parse_compact(
            _CONTEXT, signature, data[1:] + s.to_bytes(32, "big"), data[0] & 1
        ) and lib.secp256k1_ecdsa_recover(_CONTEXT, found, signature, m.to_bytes(32, "big")):
            return PublicKey(found)
    return plus([base(answer), times(what, -asked)])  # infinity, or an x beyond the order


class Multiples:
    """A point that many numbers are multiplied with: what each hexadecimal digit of one gives."""

    __slots__ = ("_rows",)

    def __init__(self, what: PublicKey) -> None:
        """Make the multiples: for each of 64 places, those of 15 digits."""
        self._rows: list[dict[str, Any]] = []
        step: Point = what
        for _ in range(64):
            row, total = {}, None
            for digit in "123456789abcdef":
                total = plus([total, step])
                assert total is not None  # no small multiple of a point of this group is infinity
                row[digit] = total.public_key
            self._rows.insert(0, row)
            step = plus([total, step])

    def less(self, factor: int, asked: int, what: Point) -> Point:
        """Return `factor` times this point, less `asked` times another; public numbers only."""
        digits = zip(self._rows, written(factor % ORDER), strict=True)
        terms = [row[digit] for row, digit in digits if digit != "0"]
        other = times(what, -asked)
        if other is not None:
            terms.append(other.public_key)
        found = _new_point()
        if terms and lib.secp256k1_ec_pubkey_combine(_CONTEXT, found, terms, len(terms)):
            return PublicKey(found)
        return None  # the library cannot write infinity


@lru_cache(8)
def multiples_of(text: str) -> Multiples:
    """Return the multiples of a point, kept: 5 ms and 0.2 MB."""
    return Multiples(point(text))


def _new_point() -> Any:
    return ffi.new("secp256k1_pubkey *")


@lru_cache(4096)
def small(value: int) -> Point:
    """Return a small number, or its negative, of times the generator; kept, for they are few."""
    return base(value)


def challenge(*words: str | int) -> int:
    """Hash texts and numbers to a scalar: SHA-256 of their canonical list, modulo the order.

    The order is 2^256 less about 2^128, so that what the remainder is short of uniform is nothing.
    """
    return int.from_bytes(hashlib.sha256(canonical(words)).digest(), "big") % ORDER


def secrets_of(seed: bytes, *words: object) -> Iterator[Secret]:
    """Draw secrets from a seed of 32 bytes, for one purpose that `words` name.

    HMAC-SHA-256 in counter mode under a key for this purpose. The same seed and words draw the
    same secrets, as rehearsals want it. With other words they have nothing to do with one another.
    """
    if len(seed) != 32:
        raise Invalid("a seed has 32 bytes", "시드는 32바이트여야 합니다")
    key = hmac.digest(seed, canonical(list(words)), "sha256")
    count = 0
    while True:
        drawn = hmac.digest(key, count.to_bytes(8, "big"), "sha256")
        count += 1
        if 0 < int.from_bytes(drawn, "big") < ORDER:
            yield drawn


def hidden_base(secret: Secret) -> PublicKey:
    """Return a secret times the generator, in constant time."""
    return PublicKey.from_valid_secret(secret)


@ffi.callback("int(unsigned char *, const unsigned char *, const unsigned char *, void *)")  # type: ignore[untyped-decorator]  # cffi has no types
def _keep_point(out: Any, x32: Any, y32: Any, _data: Any) -> int:
    ffi.memmove(out, x32, 32)
    ffi.memmove(out + 32, y32, 32)
    return 1


def hidden_times(what: Point, secret: Secret) -> Point:
    """Return a secret times a point in constant time: Diffie-Hellman that keeps the point whole."""
    if what is None:
        return None
    out = ffi.new("unsigned char[64]")
    if not lib.secp256k1_ecdh(
        GLOBAL_CONTEXT.ctx, out, what.public_key, secret, _keep_point, ffi.NULL
    ):
        raise Invalid("a secret is in 1 .. order - 1", "비밀값의 범위가 올바르지 않습니다")
    return PublicKey(b"\x04" + bytes(ffi.buffer(out)))


def hidden_answer(nonce: Secret, asked: int, secret: Secret) -> str:
    """Return nonce + asked * secret, as it is written in a proof."""
    return hidden_sum([(1, nonce), (asked, secret)]).hex()


def hidden_sum(terms: Sequence[tuple[int, Secret]]) -> Secret:
    """Return the sum of secrets, each by a public factor, in constant time."""
    total = b""
    for factor, secret in terms:
        if factor % ORDER == 0:
            continue
        part = ffi.new("unsigned char[32]", secret)
        known = (factor % ORDER).to_bytes(32, "big")
        done = lib.secp256k1_ec_seckey_tweak_mul(GLOBAL_CONTEXT.ctx, part, known)
        if done and total:
            done = lib.secp256k1_ec_seckey_tweak_add(GLOBAL_CONTEXT.ctx, part, total)
        if not done:
            raise Invalid("these secrets sum to nothing", "비밀값의 합이 0입니다")
        total = bytes(ffi.buffer(part))
    return total
