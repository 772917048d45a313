"""Who is calling: bearer tokens signed with the city's own key (RFC 7519, HS256).

A person's token names the session that it is of (`sid`), and is good for nothing without a look at
that (`app/identity/callers.py`). A machine's token has none, and speaks for itself.
"""

from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from hapgang.contract import Caller, Role
from hapgang.core.errors import SignInNeeded
from hapgang.core.keyfile import key_at

LIFETIME = timedelta(hours=12)
ANONYMOUS = Caller("urn:ngsi-ld:Person:anonymous", Role.ANONYMOUS)
_MOST_KNOWN = 20_000


class Known(NamedTuple):
    """What a token says."""

    caller: Caller
    until_s: float  # since 1970
    session: str | None


class Tokens:
    """Makes tokens and reads them; what was read once is remembered until it expires."""

    def __init__(self, key: bytes) -> None:
        """Sign with a secret key."""
        self._key = key
        self._known: OrderedDict[str, Known] = OrderedDict()

    @classmethod
    def at(cls, folder: Path) -> "Tokens":
        """Return the tokens of the city in a folder; its key is made when absent."""
        return cls(key_at(folder / "token.key"))

    def issue(self, caller: Caller, now: datetime, lifetime: timedelta = LIFETIME) -> str:
        """Return a token for a caller, of their session where they have one."""
        from hapgang.app.signed import sign  # noqa: PLC0415 (a city starts without)

        claims = {
            "sub": caller.id,
            "role": caller.role.value,
            "iat": int(now.timestamp()),
            "exp": int((now + lifetime).timestamp()),
        }
        if caller.session is not None:
            claims["sid"] = caller.session
        return sign(claims, self._key)

    def read_until(self, token: str, now: datetime) -> tuple[Caller, float]:
        """Return the machine that a token speaks for, and until when, in seconds since 1970."""
        known = self.known(token, now)
        if known.session is not None:
            raise SignInNeeded("A machine's token is needed.", "기기용 토큰이 필요합니다.")
        return known.caller, known.until_s

    def known(self, token: str, now: datetime) -> Known:
        """Return what a token says; `SignInNeeded` when it is not ours or too old."""
        known = self._known.get(token)
        if known is None:
            known = self._verified(token)
            self._known[token] = known
            if len(self._known) > _MOST_KNOWN:
                self._known.popitem(last=False)
        if known.until_s <= now.timestamp():
            raise SignInNeeded(
                "Your sign-in has expired; sign in again.", "로그인이 만료되었습니다."
            )
        return known

    def _verified(self, token: str) -> Known:
        from hapgang.app.signed import claims_in  # noqa: PLC0415 (a city starts without)

        try:
            claims = claims_in(token, self._key)
            caller = Caller(claims["sub"], Role(claims["role"]))
            return Known(caller, float(claims["exp"]), _session_in(claims))
        except (KeyError, ValueError, TypeError):
            raise SignInNeeded(
                "This token is not valid here; sign in again.",
                "유효하지 않은 토큰입니다. 다시 로그인하세요.",
            ) from None


def _session_in(claims: Mapping[str, object]) -> str | None:
    session = claims.get("sid")
    if session is not None and not isinstance(session, str):
        raise ValueError("a session has a name")
    return session
