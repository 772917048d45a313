"""The city's key as an issuer: kept as the log's are, named by its did:web document."""

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from hapgang.app.identity.keyring import (
    Keyring,
    derived,
    keyring_at,
    name_of,
    signing_key,
    stamp_of,
)
from hapgang.core.errors import NotFound
from hapgang.core.ids import urn
from hapgang.core.vocabulary.identity import CredentialStatusList
from hapgang.hub.state import State
from hapgang.ledger.identity import status
from hapgang.ledger.identity.credentials import KINDS
from hapgang.ledger.identity.did import document, key_of, web_did
from hapgang.ledger.identity.jose import Json, NotProven, public
from hapgang.ledger.identity.presenting import Trust
from hapgang.runtime.platform.identity.lists import whole_list

DOORS = "/identity"  # where the protocols' doors are
TTL_S = 300  # of a status list, for whoever keeps it; who fetches it anew hears at once


class Issuer:
    """What a city signs with, and how others check it."""

    def __init__(self, ring: Keyring, origin: str) -> None:
        """Make the keys of a city at an origin from its secret."""
        self.origin = origin
        self.did = web_did(urlsplit(origin).netloc)
        self.key = signing_key(ring.secret)
        self.name = name_of(self.key)
        self.kid = f"{self.did}#{self.name}"
        self.nonce_key = derived(ring.secret, "nonces", 32)
        self._former = ring.former
        self.lists = f"{origin}{DOORS}/status/"
        self._tokens: dict[int, tuple[int, float, str]] = {}

    def keys(self, now: datetime) -> dict[str, Json]:
        """Return by their names the keys that check the city's word: that which signs is first."""
        former = {one.name: one.key for one in self._former if now < one.until}
        return {self.name: public(self.key), **former}

    def document(self, now: datetime) -> Json:
        """Return the city's DID document."""
        return document(self.did, self.keys(now))

    def key_of(self, issuer: str, kid: str | None, now: datetime) -> Json:
        """Return the key that checks an issuer's word; this city trusts its own, and did:keys."""
        if issuer.startswith("did:key:"):
            return key_of(issuer)
        keys = self.keys(now)
        did, _, name = (kid or "").partition("#")
        if kid is None and len(keys) == 1:
            name = self.name
        if issuer != self.did or did not in ("", issuer) or name not in keys:
            raise NotProven(f"{issuer} is not known here", f"{issuer}를 알지 못합니다")
        return keys[name]

    def trust(self, state: State, now: datetime) -> Trust:
        """Return whom this city believes about what: itself, by its lists as they are now."""

        def status_of(address: str) -> str:
            number = address.removeprefix(self.lists)
            if address == number or not number.isdecimal():
                raise NotProven("this status list is not known here", "알지 못하는 상태 목록입니다")
            return self.status_list(state, int(number), now)[0]

        return Trust(dict.fromkeys((kind.vct for kind in KINDS.values()), (self.did,)),
                     lambda issuer, kid: self.key_of(issuer, kid, now), status_of)  # fmt: skip

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


def issuer_at(folder: Path, origin: str) -> Issuer:
    """Return the issuer of the city in a folder, as its keys are at this moment."""
    return _issuer(folder, origin, stamp_of(folder))


@lru_cache(maxsize=64)
def _issuer(folder: Path, origin: str, _: tuple[object, ...]) -> Issuer:
    return Issuer(keyring_at(folder), origin)


def seconds(now: datetime) -> int:
    """Return an instant as the protocols write it."""
    return int(now.timestamp())
