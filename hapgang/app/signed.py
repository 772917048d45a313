"""Claims signed with a key of one's own (RFC 7519, HS256)."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

_ALGORITHM = "HS256"


def sign(claims: Mapping[str, Any], key: bytes) -> str:
    """Return a token that says these claims."""
    return jwt.encode({"alg": _ALGORITHM}, dict(claims), _key(key))


def claims_in(token: str, key: bytes) -> dict[str, Any]:
    """Return what a token says; `ValueError` unless it was signed with this key."""
    try:
        return dict(jwt.decode(token, _key(key), algorithms=[_ALGORITHM]).claims)
    except JoseError as error:
        raise ValueError(str(error)) from None


@lru_cache(maxsize=8)
def _key(key: bytes) -> OctKey:
    return OctKey.import_key(key)
