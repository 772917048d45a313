"""Codes that are good once, for a short while: drawn, kept as hashes, compared in constant time."""

import hashlib
import hmac
import secrets

import msgspec

from hapgang.core.errors import Invalid, Refused
from hapgang.core.text import Text
from hapgang.ledger.identity.jose import Draw, Json, b64, unb64

CODE_BYTES = 32
_STAMP_BYTES = 8
_TAG_BYTES = 32


class OpenIdError(Refused):
    """A refusal in OAuth's words: `code` is what the wallet's program reads."""

    status = 400
    title = Text("The wallet's request was refused", "지갑의 요청을 거절했습니다")

    def __init__(self, code: str, en: str, ko: str) -> None:
        """Say what is wrong to people, and by `code` to the wallet."""
        super().__init__(en, ko)
        self.code = code

    def document(self) -> Json:
        """Return it as OAuth 2.0 sends errors (RFC 6749, 5.2)."""
        return {"error": self.code, "error_description": self.message.en}


class Once(msgspec.Struct, frozen=True):
    """What is kept of a code: its hash, and until when it is good."""

    hashed: str
    until_s: int

    def takes(self, code: object, now_s: int) -> bool:
        """Return whether this is the code, in time."""
        same = isinstance(code, str) and hmac.compare_digest(hash_of(code), self.hashed)
        return same and now_s < self.until_s


def draw_code(now_s: int, for_s: int, draw: Draw = secrets.token_bytes) -> tuple[str, Once]:
    """Return a code of 256 bits, and what is kept of it."""
    code = b64(draw(CODE_BYTES))
    return code, Once(hash_of(code), now_s + for_s)


def hash_of(code: str) -> str:
    """Return what a code is found by: nobody who reads the store can use what is in it."""
    return hashlib.sha256(code.encode("utf-8", "surrogatepass")).hexdigest()


def draw_nonce(key: bytes, until_s: int, draw: Draw = secrets.token_bytes) -> str:
    """Return a nonce that nobody has to remember before it comes back: its end, and a tag."""
    body = until_s.to_bytes(_STAMP_BYTES, "big") + draw(16)
    return b64(body + hmac.digest(key, body, "sha256"))


def nonce_until(key: bytes, nonce: object) -> int | None:
    """Return until when a nonce of ours is good; None where it is not ours.

    Who takes it remembers its `hash_of` until then, so that it is good once.
    """
    if not isinstance(nonce, str) or len(nonce) != 75:
        return None
    try:
        raw = unb64(nonce)
    except Invalid:
        return None
    body, tag = raw[:-_TAG_BYTES], raw[-_TAG_BYTES:]
    if not hmac.compare_digest(hmac.digest(key, body, "sha256"), tag):
        return None
    return int.from_bytes(body[:_STAMP_BYTES], "big")
