"""Streets as a network: how long each link takes by each mode, and the quickest ways.

Free-flow times: queues, signals and turns are ignored here; who knows the flow passes its own
`link_time_s`.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hapgang.core.errors import Invalid
from hapgang.science.shortest_paths import (
    Graph,
    many_to_many,
    one_to_one,
    path_to,
    shortest_tree,
    trace,
    within,
)
from hapgang.twin.modes import Modes
from hapgang.twin.scene import Scene
from hapgang.twin.speeds import mode_speed_kmh

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Ints = NDArray[np.int32]
Rows = NDArray[np.int64]


class _Mesh(NamedTuple):
    """The links of one mode sorted by source: a graph with free times; link rows and lengths."""

    graph: Graph
    row: Rows
    length_m: Floats


class Targets(NamedTuple):
    """Nodes to be reached, made ready once for many questions.

    order (targets): their positions sorted by node; those at node i are first[i] to first[i + 1].
    """

    order: Rows
    first: Rows
    flagged: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Tree:
    """Quickest ways from one node: arrival_s (nodes), inf where unreachable; routes on demand."""

    source: int
    arrival_s: Floats
    _mesh: _Mesh
    _via: Ints

    def route(self, target: int) -> Rows:
        """Rows of the links to a node in order of travel; empty at the source or if unreachable."""
        rows: Rows = self._mesh.row[trace(self._mesh.graph, self._via, target)]
        return rows


@dataclass(frozen=True, eq=False, kw_only=True)
class Network:
    """Nodes and directed links; rows of links are those of `scene.links` in every scenario."""

    node_xy: Floats
    node_elevation_m: Singles
    link_ids: NDArray[np.object_]
    link_source: Ints
    link_target: Ints
    link_length_m: Singles
    link_modes: Ints
    link_speed_kmh: Singles
    link_lanes: Singles
    link_capacity_veh_h: Singles
    _meshes: dict[tuple[Modes, bool], _Mesh] = field(default_factory=dict, repr=False)
    _trees: dict[Modes, tuple["cKDTree", Rows]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, scene: Scene) -> "Network":
        """Return the network of a scene, after its scenario's changes."""
        return cls(
            node_xy=scene.nodes.xy,
            node_elevation_m=scene.nodes.elevation_m,
            link_ids=scene.links.link,
            link_source=scene.links.source,
            link_target=scene.links.target,
            link_length_m=scene.links.length_m,
            link_modes=scene.links.modes,
            link_speed_kmh=scene.links.speed_kmh,
            link_lanes=scene.links.lanes,
            link_capacity_veh_h=scene.links.capacity_veh_h,
        )

    def slope(self) -> Floats:
        """Rise of each link over its length, upwards positive."""
        z = self.node_elevation_m.astype("f8")
        rise_m = z[self.link_target] - z[self.link_source]
        return np.asarray(rise_m / self.link_length_m, "f8")

    def free_time_s(self, mode: Modes) -> Floats:
        """Seconds that each link takes when empty; inf where the mode may not go."""
        speed_kmh = mode_speed_kmh(mode, self.link_speed_kmh, self.link_modes, self.slope())
        time_s = self.link_length_m / (speed_kmh / 3.6)
        return np.where(self.link_modes & mode, time_s, np.inf)

    def nearest_node(self, xy: ArrayLike, mode: Modes) -> Rows:
        """Nodes nearest to points (..., 2), of those from which the mode reaches most others.

        Only the largest strongly connected part of the mode's network counts, so that what is
        found can be left and come back to.
        """
        index, nodes = self._tree_of(mode)
        _, nearest = index.query(np.asarray(xy, "f8"))
        return nodes[nearest]

    def times_s(self, mode: Modes, source_nodes: ArrayLike, target_nodes: ArrayLike) -> Singles:
        """Free-flow seconds (sources, targets); inf if unreachable."""
        return self.skim(mode, source_nodes, target_nodes)[0]

    def distances_m(self, mode: Modes, source_nodes: ArrayLike, target_nodes: ArrayLike) -> Singles:
        """Metres along the quickest ways (sources, targets); inf if unreachable."""
        return self.skim(mode, source_nodes, target_nodes)[1]

    def skim(
        self,
        mode: Modes,
        source_nodes: ArrayLike,
        target_nodes: ArrayLike,
        link_time_s: ArrayLike | None = None,
    ) -> tuple[Singles, Singles]:
        """Seconds and metres of the quickest ways (sources, targets); inf if unreachable."""
        mesh = self._mesh(mode, link_time_s)
        return many_to_many(mesh.graph, mesh.length_m, _rows(source_nodes), _rows(target_nodes))

    def way(
        self, mode: Modes, source_node: int, target_node: int, limit_s: float = np.inf
    ) -> tuple[float, float]:
        """Seconds and metres of the quickest way between two nodes; inf beyond the limit."""
        mesh = self._mesh(mode)
        return one_to_one(
            mesh.graph, mesh.length_m, int(source_node), int(target_node), float(limit_s)
        )

    def targets(self, nodes: ArrayLike) -> Targets:
        """Make nodes ready to be reached, where the same ones are asked for again and again."""
        rows = _rows(nodes)
        at_node = np.bincount(rows, minlength=len(self.node_xy))
        first = np.concatenate(([0], np.cumsum(at_node)))
        return Targets(np.argsort(rows, kind="stable"), first, at_node > 0)

    def reach(
        self,
        mode: Modes,
        source_nodes: ArrayLike,
        target_nodes: ArrayLike | Targets,
        limit_s: float,
        *,
        backwards: bool = False,
    ) -> tuple[Rows, Rows, Singles]:
        """Pairs that lie within a time: positions of source and target in what was given, and s.

        Sorted by source, then by time; backwards: the times from the targets to the sources.
        Quick for short limits, however large the network.
        """
        sources = _rows(source_nodes)
        ready = target_nodes if isinstance(target_nodes, Targets) else self.targets(target_nodes)
        start, node, time_s = within(
            self._directed(mode, backwards).graph, sources, ready.flagged, limit_s
        )
        lowest = ready.first[node]
        several = ready.first[node + 1] - lowest
        entry = np.repeat(np.arange(len(node)), several)
        rank = np.arange(len(entry)) - np.repeat(np.cumsum(several) - several, several)
        source = np.repeat(np.arange(len(sources)), np.diff(start))
        return source[entry], ready.order[lowest[entry] + rank], time_s[entry]

    def tree(
        self,
        mode: Modes,
        source_node: int,
        link_time_s: ArrayLike | None = None,
        limit_s: float = np.inf,
    ) -> Tree:
        """Quickest ways from one node to all, which makes routes to many targets cheap."""
        mesh = self._mesh(mode, link_time_s)
        arrival_s, via = shortest_tree(mesh.graph, int(source_node), float(limit_s))
        return Tree(int(source_node), arrival_s, mesh, via)

    def route(
        self,
        mode: Modes,
        source_node: int,
        target_node: int,
        link_time_s: ArrayLike | None = None,
    ) -> Rows:
        """Rows of the links of the quickest way in order of travel; empty if there is none."""
        mesh = self._mesh(mode, link_time_s)
        rows: Rows = mesh.row[path_to(mesh.graph, int(source_node), int(target_node))]
        return rows

    def _directed(self, mode: Modes, backwards: bool) -> _Mesh:
        if (mode, backwards) not in self._meshes:
            tail, head = self.link_source, self.link_target
            if backwards:
                tail, head = head, tail
            time_s = self.free_time_s(mode)
            row = np.flatnonzero(np.isfinite(time_s))
            row = row[np.argsort(tail[row], kind="stable")]
            first = np.searchsorted(tail[row], np.arange(len(self.node_xy) + 1))
            graph = Graph(first.astype("i8"), head[row].astype("i4"), time_s[row])
            length_m = self.link_length_m[row].astype("f8")
            self._meshes[mode, backwards] = _Mesh(graph, row, length_m)
        return self._meshes[mode, backwards]

    def _mesh(self, mode: Modes, link_time_s: ArrayLike | None = None) -> _Mesh:
        mesh = self._directed(mode, backwards=False)
        if link_time_s is None:
            return mesh
        cost = np.asarray(link_time_s, "f8")[mesh.row]
        if not (cost >= 0).all():
            raise Invalid("link_time_s must be at least 0 on every link of the mode")
        return mesh._replace(graph=mesh.graph._replace(cost=cost))

    def _tree_of(self, mode: Modes) -> tuple["cKDTree", Rows]:
        from scipy.sparse import coo_array  # noqa: PLC0415 (a city starts without)
        from scipy.sparse.csgraph import connected_components  # noqa: PLC0415
        from scipy.spatial import cKDTree  # noqa: PLC0415

        if mode not in self._trees:
            row = self._mesh(mode).row
            if not row.size:
                raise Invalid(
                    f"no street is open to {mode.name}; see the column modes of streets.parquet",
                    f"{mode.name} 이용이 가능한 도로가 없습니다",
                )
            ends = (self.link_source[row], self.link_target[row])
            n = len(self.node_xy)
            links = coo_array((np.ones(len(row), dtype=np.int8), ends), shape=(n, n))
            _, part = connected_components(links, directed=True, connection="strong")
            used = np.unique(np.concatenate(ends))
            largest = np.argmax(np.bincount(part[used]))
            nodes = used[part[used] == largest].astype("i8")
            self._trees[mode] = (cKDTree(self.node_xy[nodes]), nodes)
        return self._trees[mode]


def _rows(nodes: ArrayLike) -> Rows:
    return np.atleast_1d(np.asarray(nodes, dtype="i8"))
