"""Where data come from and where they go: data sets and what makes one of another.

Nothing here is written down by hand: a service may only read what its contract lists, and only
write what it owns, so the contracts are the lineage.
"""

from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from hapgang.core.text import Text

NodeKind = Literal["data", "service", "source"]


class Node(msgspec.Struct, frozen=True):
    """A set of data, a service, or somebody outside."""

    id: str
    kind: NodeKind
    title: Text


class Edge(msgspec.Struct, frozen=True):
    """What flows from one node to another, and what for where that is told."""

    source: str
    target: str
    purpose: Text | None = None


class Lineage(msgspec.Struct, frozen=True):
    """The part of the graph around one set of data: two steps up and two steps down."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def around(graph: "Graph", node: str) -> Lineage:
    """Return what leads to a node and what it leads to, through one service each way."""
    edges = [*graph.steps(node, up=True), *graph.steps(node, up=False)]
    kept = tuple(dict.fromkeys(edges))
    names = dict.fromkeys([node, *(end for e in kept for end in (e.source, e.target))])
    return Lineage(tuple(graph.nodes[name] for name in names if name in graph.nodes), kept)


class Graph:
    """All nodes and edges of a city."""

    def __init__(self, nodes: Iterable[Node], edges: Iterable[Edge]) -> None:
        """Index the edges by both ends; those of unknown nodes are left out."""
        self.nodes: Mapping[str, Node] = {node.id: node for node in nodes}
        self._into: dict[str, list[Edge]] = {}
        self._from: dict[str, list[Edge]] = {}
        for edge in dict.fromkeys(edges):
            if edge.source in self.nodes and edge.target in self.nodes:
                self._into.setdefault(edge.target, []).append(edge)
                self._from.setdefault(edge.source, []).append(edge)

    def steps(self, node: str, *, up: bool) -> list[Edge]:
        """Return the edges up to the next data sets or sources, through what makes them."""
        index = self._into if up else self._from
        found = list(index.get(node, ()))
        for edge in tuple(found):
            beyond = edge.source if up else edge.target
            if self.nodes[beyond].kind == "service":
                found += [e for e in index.get(beyond, ()) if node not in (e.source, e.target)]
        return found
