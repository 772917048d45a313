"""What was said about the past afterwards: added, corrected, taken out (clauses 5.6.11 to 5.6.16).

The feed is only ever added to, so a correction is a line of its own: of the kind `history`, with
some of these members:

- `types`: the entity has these types, too
- `added`: attributes with instances of the past, as `updated` has them of the present; what was
  known before of the same attribute, dataset and `observedAt` is replaced, so that who tells all
  again tells nothing twice
- `changed`: an instance by its name, and what it is now
- `removed`: names of instances that are gone
- `dropped`: attributes all of whose instances so far are gone, of one dataset or of every
- `erased`: all so far is gone
"""

from datetime import datetime
from typing import Any

from hapgang.core.entity import Attribute
from hapgang.hub.temporal.instance import Instance, instance_id, position_of
from hapgang.hub.temporal.when import instant

HISTORY = "history"
EVERY = "*"  # datasets
Dropped = dict[str, Any]


def dropping(name: str, dataset: str | None, *, every: bool) -> dict[str, list[Dropped]]:
    """Return the line's body that takes out an attribute's instances."""
    return {"dropped": [{"name": name, "dataset": EVERY if every else dataset}]}


class Overlay:
    """What holds of one entity's history, in the end."""

    __slots__ = ("_changed", "_dropped", "_removed", "_said", "_touched", "erased", "types")

    def __init__(self) -> None:
        """Nothing was said."""
        self.erased = 0  # all up to this position is gone
        self.types: dict[str, None] = {}
        self._dropped: dict[tuple[str, str | None], int] = {}
        self._said: dict[tuple[str, str | None, datetime], int] = {}  # until which position
        self._removed: set[str] = set()
        self._changed: dict[str, tuple[Attribute, datetime]] = {}
        self._touched: set[int] = set()  # positions that names lead to

    @property
    def size(self) -> int:
        """How much is remembered."""
        return len(self._said) + len(self._changed) + len(self._removed) + len(self._dropped)

    def take(self, position: int, at: datetime, body: dict[str, Any]) -> None:
        """Take in one line, the oldest first."""
        if body.get("erased"):
            self.__init__()  # type: ignore[misc]  # as if nothing had been said
            self.erased = position
        self.types.update(dict.fromkeys(body.get("types", ())))
        for name, value in body.get("added", {}).items():
            for one in value if isinstance(value, list) else [value]:
                is_timed = isinstance(one, dict) and "observedAt" in one
                at_once = instant(one["observedAt"]) if is_timed else None
                if at_once is not None:
                    self._said[name, one.get("datasetId"), at_once] = position
        for dropped in body.get("dropped", ()):
            self._dropped[dropped["name"], dropped["dataset"]] = position
        for name in body.get("removed", ()):
            self._removed.add(name)
        for name, attribute in body.get("changed", {}).items():
            self._changed[name] = attribute, at
        for name in [*body.get("removed", ()), *body.get("changed", {})]:
            self._touched.add(position_of(name) or 0)

    def now(self, entity: str, instance: Instance) -> Instance | None:
        """Return what an instance is now; None where it is gone."""
        position, name = instance.position, instance.name
        if position <= self.erased:
            return None
        if self._dropped:
            by_dataset = self._dropped.get((name, instance.dataset), 0)
            if position < max(by_dataset, self._dropped.get((name, EVERY), 0)):
                return None
        if self._said and self._is_said_again(instance):
            return None
        if position not in self._touched:
            return instance
        named = instance_id(entity, instance)
        if named in self._removed:
            return None
        change = self._changed.get(named)
        if change is not None:
            instance.body, instance.modified = change
        return instance

    def _is_said_again(self, instance: Instance) -> bool:
        observed = instance.observed
        if observed is None:
            return False
        said = self._said.get((instance.name, instance.dataset, observed), 0)
        return instance.position < said
