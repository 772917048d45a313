"""Names of entities: URNs as NGSI-LD wants them (ETSI GS CIM 009, clause 4.6.2)."""

import re

from hapgang.core.chance import Stream
from hapgang.core.errors import Invalid

MOST_ID_CHARACTERS = 640  # of anything that PostgreSQL keeps an index of: at most 2,704 bytes
_URN = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:[^\s\x00-\x20<>\"{}|\\^`]{1,500}")


def urn(type_name: str, name: str | int) -> str:
    """Return the id of the entity of a type that has a natural name."""
    return f"urn:ngsi-ld:{type_name}:{name}"


def new_urn(type_name: str, chance: Stream) -> str:
    """Return a fresh id, drawn from the stream so that a rehearsal repeats it."""
    return f"urn:ngsi-ld:{type_name}:{chance.bits64():016x}"


def check_uri(text: str) -> str:
    """Return `text` if it can be an entity's id; else `Invalid`."""
    if not _URN.fullmatch(text):
        raise Invalid(
            f"“{text[:80]}” is not a URI; an entity's id looks like urn:ngsi-ld:Vehicle:42",
            f"“{text[:80]}”은(는) URI가 아닙니다. 예: urn:ngsi-ld:Vehicle:42",
        )
    return text
