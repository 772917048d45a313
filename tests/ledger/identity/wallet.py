"""A person with credentials of a city, for tests."""

from typing import Any

from hapgang.core.errors import CityError
from hapgang.ledger.identity import status
from hapgang.ledger.identity.credentials import KIND_OF, KINDS, issue_credential
from hapgang.ledger.identity.did import key_of
from hapgang.ledger.identity.jose import Json, NotProven, new_key
from hapgang.ledger.identity.presenting import Trust
from hapgang.ledger.identity.sdjwt import Shown, verify
from hapgang.ledger.identity.status import StatusList

ISSUER, LIST, NOW = "did:web:city.example", "https://city.example/status/1", 1_790_000_000


class City:
    """Issues, revokes, and tells what it trusts."""

    def __init__(self) -> None:
        self.key = new_key()
        self.statuses = StatusList.empty()
        self.given = 0
        self.now_s = NOW

    def key_of(self, issuer: str, kid: str | None) -> Json:
        if issuer.startswith("did:key:"):
            return key_of(issuer)
        if issuer != ISSUER:
            raise NotProven("nobody knows them")
        return self.key

    def issue(self, kind: str, said: Json, holder: Json, **more: Any) -> str:
        self.given += 1
        return issue_credential(
            KINDS[kind],
            said,
            self.key,
            issuer=ISSUER,
            kid=f"{ISSUER}#k",
            holder=holder,
            now_s=self.now_s,
            place=(self.given, LIST),
            **more,
        )

    def revoke(self, index: int) -> None:
        self.statuses = self.statuses.having(index, status.INVALID)

    def list_at(self, address: str) -> str:
        if address != LIST:
            raise CityError("this was never allowed to be fetched")
        return status.token(
            self.key, LIST, self.statuses, self.now_s, kid="k", issuer=ISSUER, ttl_s=60
        )

    def trust(self) -> Trust:
        return Trust(dict.fromkeys(KIND_OF, (ISSUER,)), self.key_of, self.list_at)

    def kept(self, held: dict[str, str]) -> dict[str, Shown]:
        return {name: verify(each, self.key_of, self.now_s) for name, each in held.items()}
