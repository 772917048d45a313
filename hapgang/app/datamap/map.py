"""The data map of one city process: what there is, for whom, and what was measured of it."""

import math
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pyarrow.parquet as pq

from hapgang.app.context import Context
from hapgang.app.datamap.city import publisher_of
from hapgang.app.datamap.collected import PREFIX, collected_sets, feeds_in, quality_of_feed
from hapgang.app.datamap.flows import graph_of
from hapgang.app.datamap.sets import declared_sets, free_set, free_sets, writers_of
from hapgang.app.datamap.words import CLIENTS
from hapgang.app.lakes import RUN
from hapgang.app.ogc.layers import layer_of
from hapgang.app.wiring import LiveCity
from hapgang.contract import Role
from hapgang.core.errors import NotFound
from hapgang.core.vocabulary.platform import QuarantinedRecord
from hapgang.hub.datamap.dataset import Dataset
from hapgang.hub.datamap.dcat import Publisher
from hapgang.hub.datamap.lineage import Lineage, around
from hapgang.hub.datamap.quality import Bounds, DataQuality, Filled, quality_of
from hapgang.hub.lake import Lake
from hapgang.runtime.perform import Runtime
from hapgang.twin.layers import EXTRAS, SCHEMA
from hapgang.twin.scene import Scene

COUNT_PEOPLE = frozenset({Role.OPERATOR, Role.PLANNER, Role.AUDITOR})
_READ_LAKE = COUNT_PEOPLE
_FRESH_S = 30.0  # so long a measurement is told again
_MOST_MEASURED = 2_000
_NOTHING = DataQuality(number=0, measured=0)


class DataMap:
    """Everything that a living city has; made anew when the city comes back from disk."""

    def __init__(self, runtime: Runtime, model: Path, state: Path) -> None:
        """Describe what is declared."""
        self._runtime = runtime
        self._state = state
        self._model = model
        self._measured: dict[str, tuple[float, DataQuality]] = {}
        self.publisher: Publisher = publisher_of(model, runtime.scene.facts)
        self._declared = {d.id: d for d in declared_sets(runtime, self.publisher.licence)}
        self._types = {name: one for name, (one, _) in writers_of(runtime.services).items()}

    def known(self, role: Role) -> Iterator[Dataset]:
        """Yield what a caller may know of, open data first."""
        state = self._runtime.state
        come_and_go = (*free_sets(state, self._types), *collected_sets(state))
        all_sets = [*self._declared.values(), *come_and_go]
        yield from sorted(
            (one for one in all_sets if may_know(one, role)),
            key=lambda one: (one.access != "open", one.kind != "layer", one.id),
        )

    def get(self, name: str, role: Role) -> Dataset:
        """Return a data set that a caller may know of; else `NotFound`."""
        found = self._declared.get(name) or self._found(name)
        if found is None or not may_know(found, role):
            raise NotFound(f"there is no data set {name:.200}", f"{name:.200} 자료가 없습니다")
        return found

    def _found(self, name: str) -> Dataset | None:
        """Return what comes and goes: a free type with entities, or a feed."""
        state, free = self._runtime.state, name.removeprefix("type.")
        if name.startswith(PREFIX):
            return next((one for one in collected_sets(state) if one.id == name), None)
        return free_set(free, state) if free != name and state.count(free) else None

    def lineage(self, name: str, role: Role) -> Lineage:
        """Return what a data set comes from and what it goes into."""
        return around(graph_of(self._runtime, self.known(role)), name)

    def origins(self, role: Role) -> dict[str, list[str]]:
        """Return for each data set those that it is made of."""
        known = list(self.known(role))
        graph = graph_of(self._runtime, known)
        names = {one.id for one in known}
        found = {}
        for one in known:
            above = [edge.source for edge in graph.steps(one.id, up=True)]
            found[one.id] = [name for name in dict.fromkeys(above) if name in names]
        return found

    async def quality(self, context: Context, found: Dataset) -> DataQuality | None:
        """Return what is measured of a data set, at most half a minute old; None: not for you."""
        if not may_measure(found, context.caller.role):
            return None
        at_s, quality = self._measured.get(found.id, (-math.inf, _NOTHING))
        if time.monotonic() - at_s < _FRESH_S:
            return quality
        quality = await context.beside(self._measure(found))
        self._measured[found.id] = (time.monotonic(), quality)
        if len(self._measured) > _MOST_MEASURED:
            del self._measured[next(iter(self._measured))]
        return quality

    def _measure(self, found: Dataset) -> Callable[[], DataQuality]:
        """Return the work of measuring: over records that do not change, in a thread."""
        scene = self._runtime.scene
        if found.kind == "layer":
            return partial(_of_layer, scene, found.id.removeprefix("layer."), self._model)
        if found.kind == "table":
            lake = Lake(self._state / "lake", RUN)
            return partial(_of_table, lake, found.id.removeprefix("table."))
        if found.id.startswith(PREFIX):
            feed = next(f for f in feeds_in(self._runtime.state) if PREFIX + f.name == found.id)
            return partial(quality_of_feed, feed)
        if found.kind != "type":
            return lambda: _NOTHING
        name = found.id.removeprefix("type.")
        return partial(
            quality_of,
            list(self._runtime.state.of_type(name)),
            [column.name for column in found.columns],
            bounds=bounds_of(scene),
            now=self._runtime.clock.now(),
            set_aside=self._set_aside(name),
        )

    def _set_aside(self, name: str) -> int:
        kept = (r.view for r in self._runtime.state.of_type("QuarantinedRecord"))
        bodies = (v.body for v in kept if isinstance(v, QuarantinedRecord))
        return sum(isinstance(body, dict) and body.get("type") == name for body in bodies)


class Maps:
    """The data map of whatever runtime serves the city now."""

    def __init__(self, live: LiveCity) -> None:
        """Make a new map whenever the city begins to serve."""
        self._live = live
        self._map: DataMap | None = None
        live.on_start.append(self._begin)

    def _begin(self, runtime: Runtime) -> None:
        self._map = DataMap(runtime, self._live.model, self._live.folder)

    def of(self, context: Context) -> DataMap:
        """Return the map; `Unavailable` while the city starts."""
        assert context.live.runtime is not None
        assert self._map is not None
        return self._map


def may_know(found: Dataset, role: Role) -> bool:
    """Whether a caller hears that a data set exists."""
    if found.access == "internal" and found.kind == "feed":
        return role is Role.OPERATOR
    if role is not Role.ANONYMOUS:
        return True
    return found.access != "internal" and found.owner != CLIENTS


def may_measure(found: Dataset, role: Role) -> bool:
    """Whether a caller hears how many there are: of people and of the inside not everybody."""
    if found.access == "internal":
        return role is Role.OPERATOR
    if found.access == "sealed":
        return role in COUNT_PEOPLE
    return role in _READ_LAKE if found.access == "roles" else may_know(found, role)


def bounds_of(scene: Scene) -> Bounds:
    """Return the corners of a city's streets, degrees."""
    lon, lat = scene.nodes.lon, scene.nodes.lat
    return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())


def _of_layer(scene: Scene, name: str, model: Path) -> DataQuality:
    number = len(layer_of(scene, name).features)
    layers = {**SCHEMA, **EXTRAS}
    declared = layers.get("links" if name == "streets" else name)
    file = model / (declared.table.file if declared else "city.toml")
    if not file.is_file():
        return DataQuality(number=number, measured=number)
    at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    if declared is None or not number:
        return DataQuality(number=number, measured=number, newest_at=at, oldest_at=at)
    rows = getattr(scene, declared.table.file.removesuffix(".parquet").replace("streets", "links"))
    filled = tuple(Filled(c.name, 100.0 * _filled(rows, c.name)) for c in declared.table.columns)
    share = sum(one.share_pct for one in filled) / len(filled)
    return DataQuality(number=number, measured=number, newest_at=at, oldest_at=at,
                   complete_pct=share, score_pct=share, filled=filled)  # fmt: skip


def _filled(rows: object, name: str) -> float:
    values = getattr(rows, "wkb" if name == "geometry" else name).tolist()
    return sum(value is not None for value in values) / len(values) if values else 1.0


def _of_table(lake: Lake, name: str) -> DataQuality:
    files = lake.files(name)
    rows = sum(pq.read_metadata(file).num_rows for file in files)
    times = [datetime.fromtimestamp(file.stat().st_mtime, UTC) for file in files]
    return DataQuality(number=rows, measured=rows, newest_at=max(times, default=None),
                   oldest_at=min(times, default=None))  # fmt: skip
