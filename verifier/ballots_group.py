"""Sections 1 and 2 of docs/ballots.md for ballots.py: forms, the group, proofs, signatures.

Pure Python, slow and not for secrets. If `coincurve` is installed, sums of products go through it.
"""

# ruff: noqa: D103, B905
import hashlib
import json

try:
    from coincurve import PublicKey
except ImportError:
    PublicKey = None

P = 2**256 - 2**32 - 977
N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
G = (
    0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
    0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8,
)


class Wrong(Exception):
    """What is wrong."""


def require(right, what):
    if not right:
        raise Wrong(what)


def canonical(what):
    text = json.dumps(what, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def fingerprint(what):
    return hashlib.sha256(canonical(what)).hexdigest()


def members(what, names):
    """An object with exactly these members."""
    names = set(names.split())
    require(isinstance(what, dict) and set(what) == names, f"expected members {sorted(names)}")
    return what


def whole(what, least, most):
    require(type(what) is int and least <= what <= most, f"expected a number {least} .. {most}")
    return what


def rows(what, count=None):
    require(isinstance(what, list) and count in (None, len(what)), f"expected a list of {count}")
    return what


def unhex(what, size):
    digits = isinstance(what, str) and len(what) == 2 * size
    require(digits and set(what) <= set("0123456789abcdef"), f"expected {size} bytes in hex")
    return bytes.fromhex(what)


# 1. The group


def lift(x, odd):
    """The point of an x coordinate whose y is odd or even."""
    square = (pow(x, 3, P) + 7) % P
    y = pow(square, (P + 1) // 4, P)
    require(x < P and y * y % P == square, "no point of the curve")
    return x, y if y % 2 == odd else P - y


def point(text):
    data = unhex(text, 33)
    require(data[0] in (2, 3), "no compressed point")
    return lift(int.from_bytes(data[1:], "big"), data[0] - 2)


def shown(what):
    return "00" if what is None else f"{2 + what[1] % 2:02x}{what[0]:064x}"


def scalar(text):
    value = int.from_bytes(unhex(text, 32), "big")
    require(value < N, "no scalar")
    return value


def H(*words):  # noqa: N802 - the specification's name
    return int(fingerprint(list(words)), 16) % N


def double(a):
    x, y, z = a
    s = 4 * x * y * y % P
    m = 3 * x * x % P
    x3 = (m * m - 2 * s) % P
    return x3, (m * (s - x3) - 8 * pow(y, 4, P)) % P, 2 * y * z % P


def add(a, b):
    """Add points in Jacobian coordinates; z = 0 is infinity."""
    if not a[2] or not b[2]:
        return b if not a[2] else a
    aa, bb = a[2] * a[2] % P, b[2] * b[2] % P
    u, v = a[0] * bb % P, b[0] * aa % P
    s, t = a[1] * bb * b[2] % P, b[1] * aa * a[2] % P
    h, r = (v - u) % P, (t - s) % P
    if not h:
        return (1, 1, 0) if r else double(a)
    hh = h * h % P
    hhh, uhh = h * hh % P, u * hh % P
    x = (r * r - hhh - 2 * uhh) % P
    return x, (r * (uhh - x) - s * hhh) % P, h * a[2] * b[2] % P


def affine(a):
    if not a[2]:
        return None
    inverse = pow(a[2], -1, P)
    return a[0] * inverse * inverse % P, a[1] * pow(inverse, 3, P) % P


def combination(*terms):
    """The sum of factor * point, over all (factor, point)."""
    terms = [(factor % N, what) for factor, what in terms if factor % N and what]
    if PublicKey and terms:
        return _combination_in_c(terms)
    tables = []
    for factor, what in terms:
        table = [(1, 1, 0), (*what, 1)]
        while factor > 1 and len(table) < 16:
            table.append(add(table[-1], table[1]))
        tables.append((factor, table))
    total = (1, 1, 0)
    longest = max((factor.bit_length() for factor, _ in tables), default=0)
    for shift in range((longest + 3) // 4 * 4, -1, -4):
        for _ in range(4):
            total = double(total) if total[2] else total
        for factor, table in tables:
            total = add(total, table[factor >> shift & 15])
    return affine(total)


def _combination_in_c(terms):
    parts = []
    for factor, (x, y) in terms:
        key = PublicKey(b"\x04" + x.to_bytes(32, "big") + y.to_bytes(32, "big"))
        parts.append(key if factor == 1 else key.multiply(factor.to_bytes(32, "big")))
    try:
        data = PublicKey.combine_keys(parts).format(compressed=False)
    except ValueError:  # infinity
        return None
    return int.from_bytes(data[1:33], "big"), int.from_bytes(data[33:], "big")


# 2. Proofs, and the signatures of 4


def holds(words, second, x, ys, proof):
    rows(proof, len(ys))
    said, asked = [], 0
    for y, pair in zip(ys, proof):
        c, r = (scalar(each) for each in rows(pair, 2))
        said += [shown(combination((r, G), (-c, x))), shown(combination((r, second), (-c, y)))]
        asked += c
    return H(*words, *said) == asked % N


def tagged(tag, data):
    name = hashlib.sha256(tag.encode()).digest()
    return hashlib.sha256(name + name + data).digest()


def signed(key, message, signature):
    """BIP 340."""
    x, signature = unhex(key, 32), unhex(signature, 64)
    r, s = (int.from_bytes(part, "big") for part in (signature[:32], signature[32:]))
    public = lift(int.from_bytes(x, "big"), 0)
    e = int.from_bytes(tagged("BIP0340/challenge", signature[:32] + x + message), "big") % N
    found = combination((s, G), (-e, public))
    return r < P and s < N and found is not None and found[1] % 2 == 0 and found[0] == r


def pss(n, message, token):
    """RSASSA-PSS-VERIFY (RFC 8017, 8.1.2) with SHA-384 and a salt of 48 bytes."""
    size = n.bit_length() // 8
    number = int.from_bytes(unhex(token, size), "big")
    block = pow(number, 65537, n).to_bytes(size, "big")
    masked, hashed = block[: size - 49], block[size - 49 : -1]
    mask = b""
    while len(mask) < len(masked):
        mask += hashlib.sha384(hashed + (len(mask) // 48).to_bytes(4, "big")).digest()
    plain = bytearray(a ^ b for a, b in zip(masked, mask))
    plain[0] &= 0x7F
    digest = hashlib.sha384(message).digest()
    whole_hash = hashlib.sha384(bytes(8) + digest + plain[-48:]).digest()
    ends = number < n and masked[0] < 0x80 and block[-1] == 0xBC and hashed == whole_hash
    return ends and plain[:-48] == bytes(size - 49 - 49) + b"\x01"
