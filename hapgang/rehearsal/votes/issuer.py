"""Who signs tokens in a rehearsal: a key that is the same each time, and nobody's secret."""

import hashlib
from functools import cache

from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPrivateNumbers,
    RSAPublicNumbers,
    rsa_crt_dmp1,
    rsa_crt_dmq1,
    rsa_crt_iqmp,
)

from hapgang.ledger.ballots.poll import EXPONENT

# The first primes from two hashes on, with which the exponent works; a test looks for them again.
_AFTER = {"p": 226, "q": 740}
_PRIME_BYTES = 128


def start(name: str) -> int:
    """Return the odd number of 1,024 bits from which on a prime is looked for."""
    drawn = hashlib.shake_256(f"hapgang/rehearsal/issuer/{name}".encode()).digest(_PRIME_BYTES)
    return int.from_bytes(drawn, "big") | 3 << 8 * _PRIME_BYTES - 2 | 1


@cache
def issuer_key() -> RSAPrivateKey:
    """Return the key, of 2,048 bits."""
    p, q = (start(name) + after for name, after in _AFTER.items())
    d = pow(EXPONENT, -1, (p - 1) * (q - 1))
    crt = rsa_crt_dmp1(d, p), rsa_crt_dmq1(d, q), rsa_crt_iqmp(p, q)
    numbers = RSAPrivateNumbers(p, q, d, *crt, RSAPublicNumbers(EXPONENT, p * q))
    return numbers.private_key()
