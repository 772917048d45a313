"""Where the city may go: the addresses that an operator named, and nowhere else."""

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from hapgang.app.exchange import place_of


class _Place(NamedTuple):
    """A host, and what of it is meant."""

    scheme: str
    host: str | None
    port: int | None  # None: any
    steps: list[str]  # of the path


class Allowed:
    """Some places: a host, with a port and the beginning of a path or not."""

    def __init__(self, places: Sequence[str]) -> None:
        """Allow `places` only; `Invalid` for one that is no https or loopback address."""
        for place in places:
            place_of(place)
        self._places = [_place(place.rstrip("/")) for place in places]

    def __call__(self, url: str) -> bool:
        """Whether an address is allowed: whole hosts and whole steps of paths are compared."""
        try:
            asked = _place(url)
        except ValueError:
            return False
        return ".." not in asked.steps and any(
            (asked.scheme, asked.host) == (place.scheme, place.host)
            and place.port in (None, asked.port)
            and asked.steps[: len(place.steps)] == place.steps
            for place in self._places
        )


def _place(url: str) -> _Place:
    parts = urlsplit(url)
    return _Place(parts.scheme, parts.hostname, parts.port, parts.path.split("/"))
