"""How often somebody may try to sign in: by where they call from, and by whom they say to be.

Counted in the memory of the writer's process: whoever waits for a restart gains a few tries. Codes
have 60 bits or more, keys cannot be guessed; this keeps the city's disk and processor its own.
"""

from datetime import datetime
from ipaddress import IPv6Address

from hapgang.hub.collect.pace import Pace
from hapgang.runtime.platform.identity.attempts import too_many

# A minute's worth at once; many people may stand behind one address. Assumptions.
ASKS_PER_S = 5.0
TRIES_PER_S = 1.0
TRIES_OF_ONE_PER_S = 1 / 6


class Bounds:
    """Counts asks and tries."""

    def __init__(self) -> None:
        """Start with nobody counted."""
        self._asks = Pace(ASKS_PER_S)
        self._tries = Pace(TRIES_PER_S)
        self._people = Pace(TRIES_OF_ONE_PER_S)

    def ask(self, address: str, now: datetime) -> None:
        """Count that a challenge was asked for; raise where that is too often."""
        if self._asks.surplus(_network(address), now) is not None:
            raise too_many()

    def try_out(self, address: str, now: datetime) -> None:
        """Count that a code or an answer was tried; raise where that is too often."""
        if self._tries.surplus(_network(address), now) is not None:
            raise too_many()

    def try_as(self, person: str, now: datetime) -> None:
        """Count that somebody was tried to be; raise where that is too often."""
        if self._people.surplus(person, now) is not None:
            raise too_many()


def _network(address: str) -> str:
    """Return what is counted: of IPv6 the first half, for one house has all of the rest."""
    try:
        place = IPv6Address(address.rpartition(" ")[2].partition("%")[0])
    except ValueError:
        return address
    return str(place.ipv4_mapped or place.exploded[:19])
