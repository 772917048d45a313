"""Who is calling: bearer tokens signed with the city's own key (RFC 7519, HS256)."""

from collections import OrderedDict
from datetime import datetime, timedelta
from pathlib import Path

from hapgang.contract import Caller, Role
from hapgang.core.errors import SignInNeeded
from hapgang.core.keyfile import key_at

LIFETIME = timedelta(hours=12)
ANONYMOUS = Caller("urn:ngsi-ld:Person:anonymous", Role.ANONYMOUS)
_MOST_KNOWN = 20_000


class Tokens:
    """Makes tokens and reads them; what was read once is remembered until it expires."""

    def __init__(self, key: bytes) -> None:
        """Sign with a secret key."""
        self._key = key
        self._known: OrderedDict[str, tuple[Caller, float]] = OrderedDict()

    @classmethod
    def at(cls, folder: Path) -> "Tokens":
        """Return the tokens of the city in a folder; its key is made when absent."""
        return cls(key_at(folder / "token.key"))

    def issue(self, caller: Caller, now: datetime, lifetime: timedelta = LIFETIME) -> str:
        """Return a token for a caller."""
        from hapgang.app.signed import sign  # noqa: PLC0415 (a city starts without)

        claims = {
            "sub": caller.id,
            "role": caller.role.value,
            "iat": int(now.timestamp()),
            "exp": int((now + lifetime).timestamp()),
        }
        return sign(claims, self._key)

    def read(self, token: str, now: datetime) -> Caller:
        """Return who a token speaks for; `SignInNeeded` when it is not ours or too old."""
        return self.read_until(token, now)[0]

    def read_until(self, token: str, now: datetime) -> tuple[Caller, float]:
        """Return who a token speaks for, and until when, in seconds since 1970."""
        known = self._known.get(token)
        if known is None:
            known = self._verified(token)
            self._known[token] = known
            if len(self._known) > _MOST_KNOWN:
                self._known.popitem(last=False)
        if known[1] <= now.timestamp():
            raise SignInNeeded(
                "Your sign-in has expired; sign in again.", "로그인이 만료되었습니다."
            )
        return known

    def _verified(self, token: str) -> tuple[Caller, float]:
        from hapgang.app.signed import claims_in  # noqa: PLC0415 (a city starts without)

        try:
            claims = claims_in(token, self._key)
            return Caller(claims["sub"], Role(claims["role"])), float(claims["exp"])
        except (KeyError, ValueError, TypeError):
            raise SignInNeeded(
                "This token is not valid here; sign in again.",
                "유효하지 않은 토큰입니다. 다시 로그인하세요.",
            ) from None
