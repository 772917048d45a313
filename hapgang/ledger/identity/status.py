"""Token Status List: whether a credential still stands, without asking anybody about it.

draft-ietf-oauth-status-list: one array of 1, 2, 4 or 8 bits for each credential, compressed, signed
and fetched whole. So who looks one up tells nobody which: it is one of all on the list (its herd).
"""

import hashlib
import secrets
import zlib
from collections.abc import Callable, Mapping

import msgspec

from hapgang.core.errors import Conflict, Invalid
from hapgang.ledger.identity.jose import (
    MOST_JSON,
    Draw,
    Json,
    NotProven,
    b64,
    opened,
    peek,
    sign,
    unb64,
)
from hapgang.ledger.identity.sdjwt import KeyOf, check_times

VALID, INVALID, SUSPENDED = 0, 1, 2
TYP = "statuslist+jwt"
MOST_ENTRIES = 1 << 20
HERD = 1 << 17
"""Places on a list of ours: a credential hides among 131,072, and all-valid is 200 bytes."""

Fetch = Callable[[str], str]
"""Reads the status list token at an address that is trusted; as fresh as who asks wants it."""


class StatusList(msgspec.Struct, frozen=True):
    """The status of everything on one list, `bits` for each."""

    bits: int
    packed: bytes

    @classmethod
    def empty(cls, entries: int = HERD, bits: int = 2) -> "StatusList":
        """Return a list on which everything is valid."""
        _check_bits(bits)
        if not 0 < entries <= MOST_ENTRIES:
            raise _invalid(f"a list has 1 to {MOST_ENTRIES} places", "목록의 크기가 맞지 않습니다")
        return cls(bits, bytes(-(-entries * bits // 8)))

    def __len__(self) -> int:
        """Return how many places it has."""
        return len(self.packed) * 8 // self.bits

    def get(self, index: int) -> int:
        """Return the status at a place; least significant bits first, as the draft's 4.1 says."""
        byte, shift = self._at(index)
        return self.packed[byte] >> shift & ((1 << self.bits) - 1)

    def having(self, index: int, status: int) -> "StatusList":
        """Return the list with another status at a place."""
        if not 0 <= status < 1 << self.bits:
            raise _invalid(f"{self.bits} bits hold no {status}", "이 상태는 적을 수 없습니다")
        byte, shift = self._at(index)
        mask = (1 << self.bits) - 1 << shift
        changed = self.packed[byte] & ~mask | status << shift
        return StatusList(
            self.bits, self.packed[:byte] + bytes([changed]) + self.packed[byte + 1 :]
        )

    def free(self, taken: Callable[[int], bool], draw: Draw = secrets.token_bytes) -> int:
        """Return a place that nobody has, drawn: consecutive ones would tell who came together."""
        for _ in range(256):
            index = int.from_bytes(draw(8), "big") % len(self)
            if not taken(index):
                return index
        raise Conflict("this status list is full: begin another", "상태 목록이 가득 찼습니다")

    def document(self) -> Json:
        """Return it as it stands in a token (4.2)."""
        return {"bits": self.bits, "lst": b64(zlib.compress(self.packed, 9))}

    def _at(self, index: int) -> tuple[int, int]:
        if isinstance(index, bool) or not 0 <= index < len(self):
            raise NotProven("it is not on its status list", "상태 목록에 없습니다")
        return index * self.bits // 8, index * self.bits % 8


def read(document: object) -> StatusList:
    """Return the list of a document; what would swell beyond all bounds is not unpacked."""
    if not isinstance(document, dict) or type(document.get("bits")) is not int:
        raise _invalid("it is not a status list", "상태 목록이 아닙니다")
    bits = document["bits"]
    _check_bits(bits)
    unpacking = zlib.decompressobj()
    most = MOST_ENTRIES * bits // 8
    try:
        packed = unpacking.decompress(unb64(document.get("lst"), 2 * MOST_ENTRIES), most + 1)
    except zlib.error as wrong:
        raise _invalid("it is not compressed by zlib", "zlib으로 압축되지 않았습니다") from wrong
    if len(packed) > most or not unpacking.eof or unpacking.unused_data:
        raise _invalid("it is cut off or too long", "잘렸거나 너무 깁니다")
    return StatusList(bits, packed)


def token(
    key: Json, address: str, statuses: StatusList, now_s: int, *, kid: str, issuer: str, ttl_s: int
) -> str:
    """Return the signed list (5.1): good for `ttl_s`, so that a revocation is heard by then."""
    claims = {
        "iss": issuer,
        "sub": address,
        "iat": now_s,
        "exp": now_s + ttl_s,
        "ttl": ttl_s,
        "status_list": statuses.document(),
    }
    return sign(key, TYP, claims, kid=kid)


def opened_list(text: str, address: str, issuer: str, key_of: KeyOf, now_s: int) -> StatusList:
    """Return the list of a token of this address, signed by this issuer, and still good (8.3)."""
    said = peek(text, MOST_JSON)
    kid = said.header.get("kid")
    if said.claims.get("iss", issuer) != issuer or not (kid is None or isinstance(kid, str)):
        raise NotProven("the status list is of somebody else", "다른 발급자의 상태 목록입니다")
    claims = opened(text, key_of(issuer, kid), TYP, MOST_JSON).claims
    if claims.get("sub") != address:
        raise NotProven("it is another status list", "다른 상태 목록입니다")
    if not isinstance(claims.get("iat"), int):
        raise NotProven("the status list has no time", "상태 목록에 시각이 없습니다")
    check_times({**claims, "exp": None}, now_s)
    check_times({"exp": claims.get("exp")}, now_s, 0)  # a revocation is heard by then
    return read(claims.get("status_list"))


def claim(index: int, address: str) -> Json:
    """Return what a credential says of where its status is (6.2)."""
    return {"status_list": {"idx": index, "uri": address}}


def reference(claims: Mapping[str, object]) -> tuple[int, str] | None:
    """Return where the status of a credential is, if it has one."""
    if "status" not in claims:
        return None
    status = claims["status"]
    place = status.get("status_list") if isinstance(status, dict) else None
    index = place.get("idx") if isinstance(place, dict) else None
    address = place.get("uri") if isinstance(place, dict) else None
    if type(index) is not int or index < 0 or not isinstance(address, str):
        raise NotProven("its status cannot be looked up", "상태를 확인할 수 없습니다")
    return index, address


def check(
    claims: Mapping[str, object], issuer: str, fetch: Fetch, key_of: KeyOf, now_s: int
) -> None:
    """Refuse a credential that was revoked or suspended, by the list that `fetch` gives."""
    place = reference(claims)
    if place is None:
        return
    index, address = place
    found = opened_list(fetch(address), address, issuer, key_of, now_s).get(index)
    if found == SUSPENDED:
        raise NotProven("this credential is suspended", "효력이 정지된 증명서입니다")
    if found != VALID:
        raise NotProven("this credential was revoked", "취소된 증명서입니다")


def change_fact(address: str, index: int, status: int, at_s: int, number: int) -> tuple[str, Json]:
    """Return id and body of the log's fact `credential_status`: what changed, not whose.

    `number` counts the changes of this list, from 1, so that none can be left out unseen.
    """
    body = {"list": address, "index": index, "status": status, "at": at_s, "number": number}
    name = hashlib.sha256(address.encode()).hexdigest()[:16]
    return f"{name}:{number}", body


def _check_bits(bits: int) -> None:
    if bits not in (1, 2, 4, 8):
        raise _invalid("a status has 1, 2, 4 or 8 bits", "상태는 1, 2, 4, 8비트입니다")


def _invalid(en: str, ko: str) -> Invalid:
    return Invalid(f"the status list is not in order: {en}", f"상태 목록이 바르지 않습니다: {ko}")
