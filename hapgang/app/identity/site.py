"""Where the city is on the web: what passkeys are bound to, and what credentials name.

HAPGANG_ORIGIN   scheme and host (and port) at which people see the city, such as https://city.example
"""

import os
import re
from urllib.parse import urlsplit

from hapgang.core.errors import Invalid
from hapgang.ledger.identity.passkeys import Site

ORIGIN = "HAPGANG_ORIGIN"
USUAL_PORT = 8000
_HOST = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9-]{0,61}[a-z]")


def origin_of(port: int = USUAL_PORT) -> str:
    """Return the city's origin, as the operator says, else on this machine at a port.

    A passkey is bound to a name, never to an address such as 127.0.0.1 (WebAuthn Level 3, 5.1.2),
    and a browser has keys with TLS only, or on `localhost` (Secure Contexts, 3.1).
    """
    here = "http://localhost" if port == 80 else f"http://localhost:{port}"
    said = os.environ.get(ORIGIN, "").strip().rstrip("/") or here
    if not _is_origin(said):
        raise Invalid(
            f"{ORIGIN} is https:// and a name, or http://localhost with a port; not {said[:80]}",
            f"{ORIGIN}은(는) https://와 이름, 또는 http://localhost와 포트여야 합니다: {said[:80]}",
        )
    return said


def _is_origin(said: str) -> bool:
    """Return whether this is an origin as browsers write it: without the port that goes unsaid."""
    try:
        parts = urlsplit(said)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and is_here(host))
    unsaid = 443 if parts.scheme == "https" else 80
    plain = host if port is None else f"{host}:{port}"
    is_plain = said == f"{parts.scheme}://{plain}" and port not in (0, unsaid)
    return is_safe and is_plain and bool(_HOST.fullmatch(host))


def is_here(host: str) -> bool:
    """Return whether a name is this machine's own."""
    return host == "localhost" or host.endswith(".localhost")


def site_of(origin: str, name: str) -> Site:
    """Return to what passkeys of an origin are bound."""
    return Site(urlsplit(origin).hostname or "localhost", (origin,), name)
