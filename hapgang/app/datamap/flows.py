"""What of a city's data comes from what: read from contracts, settings and the model."""

from collections.abc import Iterable, Iterator

from hapgang.app.datamap import words
from hapgang.app.datamap.collected import collected_edges
from hapgang.app.datamap.sets import writers_of
from hapgang.app.feeds import feeds_of
from hapgang.core.entity import type_of
from hapgang.core.text import Text
from hapgang.hub.datamap.dataset import Dataset
from hapgang.hub.datamap.lineage import Edge, Graph, Node
from hapgang.hub.lake import LIVING
from hapgang.runtime.perform import Runtime

_LAKE, _REHEARSAL, _CLIENTS = "service.lake", "service.rehearsal", "source.clients"
_REHEARSED = ("activity", "trip", "leg", "kpi")


def graph_of(runtime: Runtime, sets: Iterable[Dataset]) -> Graph:
    """Return the graph of some sets of data; what leads to others is left out."""
    kept = list(sets)
    nodes = [Node(one.id, "data", one.title) for one in kept]
    nodes += [Node(f"service.{n}", "service", s.title) for n, s in runtime.services.items()]
    nodes += [
        Node(_LAKE, "service", words.LAKE),
        Node(_REHEARSAL, "service", words.REHEARSAL),
        Node(_CLIENTS, "source", words.CLIENTS),
    ]
    edges = [*_of_services(runtime), *_of_types(kept), *_of_documents()]
    edges += collected_edges(runtime.state)
    for number, source in enumerate(runtime.scene.facts.sources):
        name = f"source.model.{number}"
        nodes.append(Node(name, "source", Text(source.title, source.title)))
        edges += [Edge(name, one.id) for one in kept if one.kind == "layer"]
    edges += [Edge(one.id, _REHEARSAL) for one in kept if one.kind == "layer"]
    return Graph(nodes, edges)


def _of_services(runtime: Runtime) -> Iterator[Edge]:
    for name, service in runtime.services.items():
        for read in service.reads:
            yield Edge(f"type.{type_of(read.view).name}", f"service.{name}", read.purpose)
    for type_name, (_, writers) in writers_of(runtime.services).items():
        for writer in writers:
            yield Edge(f"service.{writer}", f"type.{type_name}")
    for name, _, feed in feeds_of(runtime):
        yield Edge(f"feed.{name}.{feed.name}", f"service.{name}")


def _of_types(sets: Iterable[Dataset]) -> Iterator[Edge]:
    """Yield what goes into the lake: everything; and what clients write."""
    for one in sets:
        if one.kind == "type":
            yield Edge(one.id, _LAKE)
            if one.access == "signed_in":
                yield Edge(_CLIENTS, one.id)


def _of_documents() -> Iterator[Edge]:
    for told in words.FEEDS:
        for name in told.made_from:
            yield Edge(f"type.{name}", told.id)
    for table in LIVING:
        yield Edge(_LAKE, f"table.{table}")
        yield Edge(f"table.{table}", "results.kpis")
    for table in _REHEARSED:
        yield Edge(_REHEARSAL, f"table.{table}")
    yield Edge("table.kpi", "results.rehearsals")
