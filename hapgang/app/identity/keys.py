"""The city's key as an issuer: kept as the log's are, named by its did:web document."""

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hapgang.core.errors import NotFound
from hapgang.core.ids import urn
from hapgang.core.keyfile import key_at
from hapgang.core.vocabulary.identity import CredentialStatusList
from hapgang.hub.state import State
from hapgang.ledger.identity import status
from hapgang.ledger.identity.credentials import KINDS
from hapgang.ledger.identity.did import document, key_of, web_did
from hapgang.ledger.identity.jose import Json, NotProven, b64, public, thumbprint
from hapgang.ledger.identity.presenting import Trust
from hapgang.runtime.platform.identity.lists import whole_list

KEY = "identity.key"
DOORS = "/identity"  # where the protocols' doors are
TTL_S = 300  # of a status list, for whoever keeps it; who fetches it anew hears at once
_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


class Issuer:
    """What a city signs with, and how others check it."""

    def __init__(self, secret: bytes, origin: str) -> None:
        """Make the keys of a city at an origin from its secret."""
        self.origin = origin
        self.did = web_did(urlsplit(origin).netloc)
        self.key = _p256(_derived(secret, "issuer", 48))
        self.name = thumbprint(self.key)[:16]
        self.kid = f"{self.did}#{self.name}"
        self.nonce_key = _derived(secret, "nonces", 32)
        self.lists = f"{origin}{DOORS}/status/"
        self._tokens: dict[int, tuple[int, float, str]] = {}

    def document(self) -> Json:
        """Return the city's DID document."""
        return document(self.did, {self.name: public(self.key)})

    def key_of(self, issuer: str, kid: str | None) -> Json:
        """Return the key that checks an issuer's word; this city trusts its own, and did:keys."""
        if issuer.startswith("did:key:"):
            return key_of(issuer)
        if issuer != self.did or kid not in (None, self.kid, f"#{self.name}"):
            raise NotProven(f"{issuer} is not known here", f"{issuer}를 알지 못합니다")
        return self.key

    def trust(self, state: State, now: datetime) -> Trust:
        """Return whom this city believes about what: itself, by its lists as they are now."""

        def status_of(address: str) -> str:
            number = address.removeprefix(self.lists)
            if address == number or not number.isdecimal():
                raise NotProven("this status list is not known here", "알지 못하는 상태 목록입니다")
            return self.status_list(state, int(number), now)[0]

        return Trust(dict.fromkeys((kind.vct for kind in KINDS.values()), (self.did,)),
                     self.key_of, status_of)  # fmt: skip

    def status_list(self, state: State, number: int, now: datetime) -> tuple[str, int]:
        """Return a signed status list and its version; signed anew when it changed or is old."""
        record = state.get(urn("CredentialStatusList", number))
        listed = None if record is None else record.view
        if not isinstance(listed, CredentialStatusList):
            raise NotFound("there is no such status list", "그런 상태 목록이 없습니다")
        at_s = now.timestamp()
        known = self._tokens.get(number)
        if known is not None and known[0] == listed.changes and 0 <= at_s - known[1] < TTL_S / 2:
            return known[2], listed.changes
        token = status.token(
            self.key, listed.address, whole_list(state, number), int(at_s), kid=self.kid,
            issuer=self.did, ttl_s=TTL_S,
        )  # fmt: skip
        self._tokens[number] = (listed.changes, at_s, token)
        return token, listed.changes


@lru_cache(maxsize=64)
def issuer_at(folder: Path, origin: str) -> Issuer:
    """Return the issuer of the city in a folder; its key is made when absent."""
    return Issuer(key_at(folder / KEY), origin)


def seconds(now: datetime) -> int:
    """Return an instant as the protocols write it."""
    return int(now.timestamp())


def _derived(secret: bytes, purpose: str, length: int) -> bytes:
    info = f"hapgang/identity/{purpose}".encode()
    return HKDF(hashes.SHA256(), length, None, info).derive(secret)


def _p256(wide: bytes) -> Json:
    """Return the key of 384 random bits, more than it has: none is likelier (FIPS 186-5, A.2.1)."""
    scalar = int.from_bytes(wide, "big") % (_P256_ORDER - 1) + 1
    point = ec.derive_private_key(scalar, ec.SECP256R1()).public_key().public_numbers()
    x, y, d = (b64(each.to_bytes(32, "big")) for each in (point.x, point.y, scalar))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y, "d": d}
