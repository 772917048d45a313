"""The core contexts that come with the city, so that it needs nobody's server to read a document.

Whatever version a client names, the city's own core (`CORE_URL`) is what is applied: later
versions only added terms. Files are there for 1.3, 1.7, 1.8 and 1.9; the address of another
version is answered with the nearest of them (the later one of two as near), and `Bundled` says
so.
"""

import re
from functools import cache
from importlib.resources import files

import msgspec

CORE_URL = "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.9.jsonld"
_ADDRESS = re.compile(
    r"https?://uri\.etsi\.org/ngsi-ld/v1/ngsi-ld-core-context(?:-v1\.(?P<minor>[0-9]{1,2}))?\.jsonld"
)
_MINORS = (9, 8, 7, 3)


class Bundled(msgspec.Struct, frozen=True):
    """A core context as a file: which version it is, and whether that is the one asked for."""

    version: str
    is_exact: bool
    text: bytes


def is_core(url: str) -> bool:
    """Tell whether this is the address of a core context, of whatever version."""
    return _ADDRESS.fullmatch(url) is not None


def core_file(url: str = CORE_URL) -> Bundled:
    """Return the core context of this address, or the nearest one; `KeyError` for others."""
    match = _ADDRESS.fullmatch(url)
    if match is None:
        raise KeyError(url)
    asked = _MINORS[0] if match["minor"] is None else int(match["minor"])
    nearest = min(_MINORS, key=lambda minor: abs(minor - asked))
    return Bundled(version=f"1.{nearest}", is_exact=nearest == asked, text=_text(nearest))


@cache
def _text(minor: int) -> bytes:
    folder = files("hapgang.hub.jsonld") / "core"
    return (folder / f"ngsi-ld-core-context-v1.{minor}.jsonld").read_bytes()
