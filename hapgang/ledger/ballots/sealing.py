"""Parts of a key on their way between trustees: X25519, HKDF-SHA-256, ChaCha20-Poly1305.

A sealed part is the hexadecimal of: an X25519 key made for it alone (32 bytes), the part encrypted
(32) and its tag (16). Each key encrypts one part, so the nonce is zero.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from hapgang.core.errors import Invalid

_NONCE = bytes(12)


def seal(part: bytes, receiver: bytes, about: bytes, *, own: X25519PrivateKey | None = None) -> str:
    """Seal a part for who has the receiving key. about: what it is for, which is bound to it.

    own: a key that is used this once and never again; made here where there is none.
    """
    own = own or X25519PrivateKey.generate()
    shown = own.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    agreed = own.exchange(X25519PublicKey.from_public_bytes(receiver))
    key = _key(agreed, shown + receiver + about)
    return (shown + ChaCha20Poly1305(key).encrypt(_NONCE, part, about)).hex()


def opened(sealed: str, own: X25519PrivateKey, about: bytes) -> bytes:
    """Open a part that was sealed for this key; `Invalid` where it was not."""
    data = bytes.fromhex(sealed)
    mine = own.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    try:
        agreed = own.exchange(X25519PublicKey.from_public_bytes(data[:32]))
        key = _key(agreed, data[:32] + mine + about)
        return ChaCha20Poly1305(key).decrypt(_NONCE, data[32:], about)
    except (ValueError, InvalidTag):
        raise Invalid("the part cannot be opened", "몫을 열 수 없습니다") from None


def _key(agreed: bytes, about: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=about).derive(agreed)
