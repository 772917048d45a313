"""The data map as a catalogue by DCAT-AP 3.0.1, for the data portals of others.

Source of the classes and properties: SEMIC, DCAT-AP 3.0.1.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote

from hapgang.core.text import Text
from hapgang.hub.datamap.authorities import (
    ADMS,
    AVAILABLE,
    EU,
    FILE_TYPES,
    FORMAT,
    IANA,
    LANGUAGES,
    MEASURES,
    RIGHTS,
    THEMES,
)
from hapgang.hub.datamap.dataset import Access, Dataset, Distribution, Licence
from hapgang.hub.datamap.quality import Bounds, DataQuality
from hapgang.hub.datamap.rdf import Iri, Lit, Thing, Value


class Publisher(NamedTuple):
    """Who answers for a city's data."""

    name: Text
    contact: str  # an e-mail address, or nothing
    licence: Licence | None


class Service(NamedTuple):
    """A way in that serves many data sets."""

    id: str
    title: Text
    endpoint: str  # path
    description: str  # path of the machine-readable description
    standard: str


class Entry(NamedTuple):
    """A data set of the catalogue, what was measured of it, and where the rest is told."""

    dataset: Dataset
    quality: DataQuality | None
    page: str  # path, for people
    comes_from: Sequence[str] = ()  # ids of other data sets of the catalogue


class Catalogue(NamedTuple):
    """All that is told to one caller, at one instant."""

    origin: str
    path: str
    title: Text
    about: Text
    publisher: Publisher
    bounds: Bounds
    services: Sequence[Service]
    entries: Sequence[Entry]
    issued_at: datetime


def things(catalogue: Catalogue) -> list[Thing]:
    """Return what the catalogue says."""
    publisher = _publisher(catalogue)
    place = _place(catalogue)
    sets = {one.dataset.id: _dataset(catalogue, one, publisher, place) for one in catalogue.entries}
    services = [_service(catalogue, one, publisher) for one in catalogue.services]
    said: list[tuple[str, Value]] = [
        *_texts("dct:title", catalogue.title),
        *_texts("dct:description", catalogue.about),
        ("dct:publisher", publisher),
        *(("dct:language", _language(code)) for code in LANGUAGES),
        ("dct:modified", _instant(catalogue.issued_at)),
        ("dct:spatial", place),
        ("foaf:homepage", _document(catalogue.origin + "/city/data/map")),
        ("dcat:themeTaxonomy", _themes()),
        *_licence(catalogue.publisher.licence),
        *(("dcat:service", one) for one in services),
        *(("dcat:dataset", one) for one in sets.values()),
    ]
    return [Thing(("dcat:Catalog",), said, Iri(catalogue.origin + catalogue.path))]


def _dataset(catalogue: Catalogue, entry: Entry, publisher: Thing, place: Thing) -> Thing:
    found, quality = entry.dataset, entry.quality
    theme = THEMES.get(found.domain, THEMES["city"])
    said: list[tuple[str, Value]] = [
        *_texts("dct:title", found.title),
        *_texts("dct:description", found.about),
        ("dct:identifier", Lit(found.id)),
        ("dct:publisher", publisher),
        ("dct:creator", _owner(catalogue, found)),
        ("dct:accessRights", _rights(found.access)),
        ("dct:accrualPeriodicity", _named("frequency", found.frequency, "dct:Frequency")),
        ("dcat:theme", _concept("data-theme", *theme)),
        ("dct:spatial", place),
        ("dcat:landingPage", _document(catalogue.origin + entry.page)),
        *(("dct:language", _language(code)) for code in LANGUAGES),
        *(("dcat:keyword", Lit(word)) for word in found.keywords),
        ("dcat:contactPoint", _contact(catalogue)),
        *(("dct:source", _at(catalogue, one)) for one in entry.comes_from),
        *_provenance(found.sources),
        *(("dcat:distribution", _distribution(catalogue, found, d)) for d in found.distributions),
    ]
    if quality is not None and quality.newest_at is not None:
        said.append(("dct:modified", _instant(quality.newest_at)))
    if quality is not None:
        said += _measurements(catalogue, quality)
    return Thing(("dcat:Dataset",), said, _at(catalogue, found.id))


def _at(catalogue: Catalogue, name: str) -> Iri:
    return Iri(f"{catalogue.origin}/api/data/{quote(name, safe='')}")


def _distribution(catalogue: Catalogue, found: Dataset, way: Distribution) -> Thing:
    address = Iri(catalogue.origin + way.path)
    said: list[tuple[str, Value]] = [
        *_texts("dct:title", way.title),
        *_texts("dct:description", found.about),
        ("dcat:accessURL", address),
        ("dcat:mediaType", Thing(("dct:MediaType",), (), Iri(IANA + way.media_type))),
        ("dcatap:availability", _concept("planned-availability", "AVAILABLE", AVAILABLE)),
        *_licence(found.licence),
    ]
    if way.media_type in FILE_TYPES:
        said.append(("dct:format", _named("file-type", FILE_TYPES[way.media_type], FORMAT)))
    if way.standard:
        said.append(("dct:conformsTo", _standard(way.standard)))
    service = next((one for one in catalogue.services if one.id == way.service), None)
    if service is not None:
        said.append(("dcat:accessService", _service_at(catalogue, service)))
    return Thing(("dcat:Distribution",), said)


def _service(catalogue: Catalogue, service: Service, publisher: Thing) -> Thing:
    said: list[tuple[str, Value]] = [
        *_texts("dct:title", service.title),
        ("dcat:endpointURL", Iri(catalogue.origin + service.endpoint)),
        ("dcat:endpointDescription", Iri(catalogue.origin + service.description)),
        ("dct:publisher", publisher),
        ("dct:conformsTo", _standard(service.standard)),
        *(
            ("dcat:servesDataset", _at(catalogue, one.dataset.id))
            for one in catalogue.entries
            if any(way.service == service.id for way in one.dataset.distributions)
        ),
    ]
    return Thing(("dcat:DataService",), said, _service_at(catalogue, service))


def _service_at(catalogue: Catalogue, service: Service) -> Iri:
    return Iri(f"{catalogue.origin}{catalogue.path}#{service.id}")


def _publisher(catalogue: Catalogue) -> Thing:
    names = _texts("foaf:name", catalogue.publisher.name)
    kind = Text("Local authority", "지방자치단체")
    scheme = Thing(("skos:ConceptScheme",), [("dct:title", Lit("Publisher type"))],
                   Iri(ADMS + "1.0"))  # fmt: skip
    known = [*_texts("skos:prefLabel", kind), ("skos:inScheme", scheme)]
    concept = Thing(("skos:Concept",), known, Iri(ADMS + "LocalAuthority"))
    said = [*names, ("dct:type", concept)]
    return Thing(("foaf:Agent",), said, Iri(f"{catalogue.origin}{catalogue.path}#publisher"))


def _owner(catalogue: Catalogue, found: Dataset) -> Thing:
    name = quote(found.owner.en.replace(" ", "-"), safe="")
    address = Iri(f"{catalogue.origin}{catalogue.path}#owner-{name}")
    return Thing(("foaf:Agent",), list(_texts("foaf:name", found.owner)), address)


def _contact(catalogue: Catalogue) -> Thing:
    """Return where to ask: by e-mail, or on the city's own pages where none is told."""
    mail = catalogue.publisher.contact
    said: list[tuple[str, Value]] = [
        *_texts("vcard:fn", catalogue.publisher.name),
        ("vcard:hasEmail", Iri(f"mailto:{mail}")) if mail
        else ("vcard:hasURL", Iri(catalogue.origin + "/city/data/map")),
    ]  # fmt: skip
    return Thing(("vcard:Organization", "vcard:Kind"), said)


def _provenance(sources: Sequence[str]) -> Iterable[tuple[str, Value]]:
    if sources:
        told = Lit("; ".join(sources))
        yield "dct:provenance", Thing(("dct:ProvenanceStatement",), [("skos:prefLabel", told)])


def _measurements(catalogue: Catalogue, quality: DataQuality) -> Iterable[tuple[str, Value]]:
    for name, (field, words) in MEASURES.items():
        share = getattr(quality, field)
        if share is not None:
            address = Iri(f"{catalogue.origin}{catalogue.path}#{name}")
            metric = Thing(("dqv:Metric",), list(_texts("skos:definition", words)), address)
            value = Lit(f"{share / 100:.4f}", "xsd:decimal")
            said: list[tuple[str, Value]] = [("dqv:isMeasurementOf", metric), ("dqv:value", value)]
            yield "dqv:hasQualityMeasurement", Thing(("dqv:QualityMeasurement",), said)


def _licence(licence: Licence | None) -> Iterable[tuple[str, Value]]:
    if licence is not None:
        said = [("skos:prefLabel", Lit(licence.name))]
        yield "dct:license", Thing(("dct:LicenseDocument",), said, Iri(licence.url))


def _place(catalogue: Catalogue) -> Thing:
    west, south, east, north = catalogue.bounds
    ring = ((west, south), (east, south), (east, north), (west, north), (west, south))
    text = ", ".join(f"{lon:.6f} {lat:.6f}" for lon, lat in ring)
    box = Lit(f"POLYGON (({text}))", "geo:wktLiteral")
    return Thing(("dct:Location",), [("dcat:bbox", box)], Iri(f"{catalogue.origin}#place"))


def _texts(name: str, text: Text) -> Iterable[tuple[str, Value]]:
    yield name, Lit(text.ko, language="ko")
    yield name, Lit(text.en, language="en")


def _instant(at: datetime) -> Lit:
    return Lit(at.isoformat(), "xsd:dateTime")


def _document(address: str) -> Thing:
    return Thing(("foaf:Document",), (), Iri(address))


def _standard(address: str) -> Thing:
    return Thing(("dct:Standard",), (), Iri(address))


def _language(code: str) -> Thing:
    return _named("language", code, "dct:LinguisticSystem")


def _rights(access: Access) -> Thing:
    return _named("access-right", RIGHTS[access], "dct:RightsStatement")


def _named(table: str, code: str, kind: str) -> Thing:
    said = [("skos:inScheme", Iri(EU + table))]
    return Thing((kind,), said, Iri(f"{EU}{table}/{code}"))


def _concept(table: str, code: str, label: Text) -> Thing:
    said: list[tuple[str, Value]] = [*_texts("skos:prefLabel", label)]
    said.append(("skos:inScheme", Iri(EU + table)))
    return Thing(("skos:Concept",), said, Iri(f"{EU}{table}/{code}"))


def _themes() -> Thing:
    title = Text("Data theme", "자료 주제")
    return Thing(("skos:ConceptScheme",), list(_texts("dct:title", title)), Iri(EU + "data-theme"))
