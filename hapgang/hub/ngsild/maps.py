"""Entity maps (clauses 4.22 and 5.2.39): which entities a query found, and who knows them.

With one, page after page shows the same entities, whatever changes meanwhile. They are memory:
bounded, and over at their time.
"""

from collections import OrderedDict
from datetime import datetime, timedelta

import msgspec

LIFE = timedelta(hours=1)
MOST_LIFE = timedelta(days=1)
MOST_ENTITIES = 10_000  # of one map
_MOST = 1_000  # maps
_MOST_IN_ALL = 1_000_000  # entities of all of them
HERE = "@none"  # who knows an entity: the city itself


class EntityMap(msgspec.Struct, frozen=True):
    """What a query found, in its order; only who asked may use it."""

    id: str
    owner: str
    entities: dict[str, list[str]]  # id -> registrations whose sources know it, or `HERE`
    expires: datetime


class EntityMaps:
    """The maps of a city; the one longest unused goes first."""

    def __init__(self) -> None:
        """Start with none."""
        self._kept: OrderedDict[str, EntityMap] = OrderedDict()
        self._count = 0

    def add(self, made: EntityMap) -> None:
        """Keep a map, or another state of one that is kept."""
        self.remove(made.id)
        self._kept[made.id] = made
        self._count += len(made.entities)
        while len(self._kept) > _MOST or self._count > _MOST_IN_ALL:
            self.remove(next(iter(self._kept)))

    def get(self, name: str, owner: str, now: datetime) -> EntityMap | None:
        """Return a map of one's own that is not over."""
        found = self._kept.get(name)
        if found is None or found.owner != owner:
            return None
        if found.expires <= now:
            self.remove(name)
            return None
        self._kept.move_to_end(name)
        return found

    def remove(self, name: str) -> None:
        """Keep a map no longer."""
        gone = self._kept.pop(name, None)
        if gone is not None:
            self._count -= len(gone.entities)
