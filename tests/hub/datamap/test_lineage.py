"""Lineage: what leads to a set of data and what it leads to, through one service each way."""

from hapgang.core.text import Text
from hapgang.hub.datamap.lineage import Edge, Graph, Node, around

_WHY = Text("greeting", "인사")


def node(name: str) -> Node:
    kind = "service" if name.startswith("s") else "data"
    return Node(name, kind, Text(name, name))  # type: ignore[arg-type]


GRAPH = Graph(
    [node(name) for name in ("a", "b", "c", "d", "s1", "s2")],
    [
        Edge("a", "s1", _WHY), Edge("s1", "b"), Edge("s1", "c"), Edge("b", "s2"), Edge("s2", "d"),
        Edge("b", "nowhere"), Edge("a", "s1", _WHY),
    ],
)  # fmt: skip


def test_one_service_up_and_one_down() -> None:
    found = around(GRAPH, "b")
    assert set(found.edges) == {
        Edge("s1", "b"), Edge("a", "s1", _WHY), Edge("b", "s2"), Edge("s2", "d"),
    }  # fmt: skip
    assert found.nodes[0].id == "b"
    assert {one.id for one in found.nodes} == {"a", "b", "d", "s1", "s2"}


def test_the_purpose_stays_with_its_edge_and_twice_is_once() -> None:
    assert [edge.purpose for edge in around(GRAPH, "a").edges].count(_WHY) == 1


def test_what_nobody_uses_stands_alone() -> None:
    lonely = Graph([node("a")], [])
    assert around(lonely, "a").edges == ()
    assert [one.id for one in around(lonely, "a").nodes] == ["a"]
