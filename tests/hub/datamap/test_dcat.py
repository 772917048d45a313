"""The catalogue keeps to DCAT-AP 3.0.1: the profile's own shapes find nothing to say."""

from datetime import UTC, datetime

import pytest
import rdflib
from rdflib import DCAT, DCTERMS, RDF
from rdflib.compare import isomorphic

from hapgang.core.text import Text
from hapgang.hub.datamap.authorities import PREFIXES
from hapgang.hub.datamap.dataset import Access, DataColumn, Dataset, Distribution, Licence
from hapgang.hub.datamap.dcat import Catalogue, Entry, Publisher, Service, things
from hapgang.hub.datamap.quality import DataQuality
from hapgang.hub.datamap.rdf import json_ld, turtle
from tests.hub.datamap.peer import read, violations

AT = datetime(2026, 11, 22, 8, tzinfo=UTC)
LICENCE = Licence("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")


def a_set(name: str, access: Access = "open", **more: object) -> Dataset:
    told: dict[str, object] = {
        "kind": "type", "domain": "mobility", "title": Text("Wells", "우물"),
        "about": Text('Where "water" is.\nAll of it.', "물이 있는 곳"),
        "owner": Text("The village", "마을"), "licence": LICENCE, "frequency": "CONT",
        "columns": (DataColumn(name="depth", form="number", unit="MTR"),), "keywords": ("well",),
        "distributions": (
            Distribution(title=Text("On a map", "지도"), path=f"/ogc/collections/{name}/items",
                         media_type="application/geo+json", standard="http://www.opengis.net/x",
                         service="features"),
        ),
    }  # fmt: skip
    return Dataset(id=name, access=access, **{**told, **more})  # type: ignore[arg-type]


def a_catalogue(contact: str = "data@example.org", licence: Licence | None = LICENCE) -> Catalogue:
    measured = DataQuality(
        number=3, measured=3, newest_at=AT, complete_pct=90.0, plausible_pct=100.0,
        accepted_pct=75.0, score_pct=67.5,
    )  # fmt: skip
    return Catalogue(
        origin="http://city.example:8000",
        path="/api/data/dcat",
        title=Text("Data", "자료"),
        about=Text("All of it", "모두"),
        publisher=Publisher(Text("A city", "도시"), contact, licence),
        bounds=(127.3, 36.5, 127.4, 36.6),
        services=(Service("features", Text("Maps", "지도"), "/ogc", "/ogc/api", "http://x/y"),),
        entries=(
            Entry(a_set("type.Well"), measured, "/city/data/map/type.Well", ("layer.ground",)),
            Entry(a_set("layer.ground", sources=("heights of somebody",)), None, "/a"),
            Entry(a_set("type.Person", "sealed", licence=None, distributions=()), None, "/b"),
            Entry(a_set("type.Job", "internal", domain="unheard of", frequency="UNKNOWN"),
                  DataQuality(number=0, measured=0), "/c"),
            Entry(a_set("table.event", "roles", keywords=()), None, "/d"),
        ),
        issued_at=AT,
    )  # fmt: skip


def graph_of(catalogue: Catalogue) -> rdflib.Graph:
    return read(turtle(things(catalogue), PREFIXES), "turtle")


@pytest.mark.parametrize("shapes", ["shapes.ttl", "range.ttl", "deprecateduris.ttl"])
@pytest.mark.parametrize("catalogue", [a_catalogue(), a_catalogue("", None)])
def test_the_shapes_find_no_violation(shapes: str, catalogue: Catalogue) -> None:
    assert violations(graph_of(catalogue), shapes) == []


def test_the_shapes_see_what_is_wrong() -> None:
    graph = graph_of(a_catalogue())
    graph.remove((None, DCTERMS.title, None))
    assert violations(graph, "shapes.ttl")


def test_both_forms_say_the_same_of_every_set() -> None:
    catalogue = a_catalogue()
    said = things(catalogue)
    graph = read(json_ld(said, PREFIXES), "json-ld")
    assert isomorphic(graph, graph_of(catalogue))
    sets = list(graph.subjects(RDF.type, DCAT.Dataset))
    assert len(sets) == len(catalogue.entries)
    well = rdflib.URIRef("http://city.example:8000/api/data/type.Well")
    ground = rdflib.URIRef("http://city.example:8000/api/data/layer.ground")
    assert (well, DCTERMS.source, ground) in graph
    assert graph.value(well, DCTERMS.modified) == rdflib.Literal(AT)
