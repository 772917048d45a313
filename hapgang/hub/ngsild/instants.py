"""Instants as NGSI-LD writes them: UTC, ISO 8601, with Z (clause 4.6.3)."""

from datetime import UTC, datetime
from functools import lru_cache


@lru_cache(1_024)  # the instants of what is being written: each is asked for many times
def written(at: datetime) -> str:
    """Return an instant as a text."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
