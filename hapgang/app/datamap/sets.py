"""The sets of data that a city has, made of what is declared: types, layers, tables, documents."""

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote, urlsplit

import pyarrow as pa

from hapgang.app.datamap import words
from hapgang.app.feeds import feeds_of
from hapgang.app.lake_rights import NOBODYS_COLUMNS
from hapgang.contract import Role, Service
from hapgang.core.entity import EntityType, type_of
from hapgang.core.text import Text, Words
from hapgang.hub.datamap.dataset import Access, DataColumn, Dataset, Distribution, Form, Licence
from hapgang.hub.datamap.schema import columns_of, columns_seen
from hapgang.hub.lake import LIVING, SCHEMAS
from hapgang.hub.state import State
from hapgang.runtime.perform import Runtime
from hapgang.twin.exchange.geojson import LAYERS
from hapgang.twin.layers import EXTRAS, SCHEMA
from hapgang.twin.scene import Scene
from hapgang.twin.tables import Column as Declared

OGC_FEATURES = "http://www.opengis.net/doc/IS/ogcapi-features-1/1.0.1"
NGSI_LD = "https://www.etsi.org/deliver/etsi_gs/CIM/001_099/009/"
TILES = "http://www.opengis.net/doc/cs/3dtiles/1.1"
JSON_SCHEMA = "https://json-schema.org/draft/2020-12/schema"
GEOJSON = "application/geo+json"
_CONTINUAL, _IRREGULAR, _DAILY = "CONT", "IRREG", "DAILY"
# The platform's own types belong to what they are about.
_DOMAINS = {"environment": "environment", "people": "people", "transit": "mobility",
            "scenarios": "city"}  # fmt: skip
_KINDS: Mapping[str, Form] = {"str": "text", "f8": "number", "f4": "number", "wkb": "shape"}
# Names of columns say their units; as UN/CEFACT codes where there is one.
_UNITS = {"_veh_h": "veh/h", "_m": "MTR", "_kmh": "KMH", "_m2": "MTK", "_mm": "MMT"}
_MOST_SEEN = 50  # entities of a free type, to know its attributes
_MOST_FREE = 1_000  # free types that the map lists


def writers_of(services: Mapping[str, Service]) -> dict[str, tuple[EntityType, list[str]]]:
    """Return each declared type with the services that own it or contribute to it."""
    found: dict[str, tuple[EntityType, list[str]]] = {}
    for name, service in services.items():
        for view in (*service.owns, *service.contributes):
            declared = type_of(view)
            found.setdefault(declared.name, (declared, []))[1].append(name)
    return found


def declared_sets(runtime: Runtime, licence: Licence | None) -> list[Dataset]:
    """Return what does not come and go: everything but free types."""
    services = runtime.services
    scene = runtime.scene
    return [
        *(_layer(name, scene, licence) for name in LAYERS),
        *(_of_type(*one, services, licence) for one in writers_of(services).values()),
        *_feeds(services, licence),
        *_fetched(runtime),
        *_results(scene.title, licence),
        *(_table(name, scene.title) for name in words.TABLES),
    ]


def free_sets(state: State, known: Iterable[str]) -> Iterator[Dataset]:
    """Yield the types that nobody declares, as far as their first entities show them."""
    names = sorted(state.types().keys() - set(known))
    for name in names[:_MOST_FREE]:
        yield free_set(name, state)


def free_set(name: str, state: State) -> Dataset:
    """Return a type that nobody declares."""
    some = [one for one, _ in zip(state.of_type(name), range(_MOST_SEEN), strict=False)]
    columns = columns_seen(some)
    return Dataset(
        id=f"type.{name}",
        kind="type",
        domain="city",
        title=Text(name, name),
        about=Text("A type that no service declares: its clients know what it means.",
                   "어느 서비스도 정하지 않은 종류예요. 쓰는 쪽이 뜻을 알아요."),
        owner=words.CLIENTS,
        access="signed_in",
        columns=columns,
        distributions=_ways_to(name),
        frequency=_CONTINUAL,
    )  # fmt: skip


def _of_type(
    declared: EntityType, writers: list[str], services: Mapping[str, Service],
    licence: Licence | None,
) -> Dataset:  # fmt: skip
    name, owner = declared.name, "platform" if "platform" in writers else writers[0]
    access, columns = _access(declared), columns_of(declared)
    ways = _ways_to(name) if access in ("open", "signed_in") else ()
    if access != "internal":
        ways = (*ways, _schema(name))
    text = (declared.view.__doc__ or name).strip().splitlines()[0]
    said = declared.words or Words(Text(name, name), Text(text, text))
    return Dataset(
        id=f"type.{name}",
        kind="type",
        domain=_domain(declared, owner),
        title=said.title,
        about=said.about,
        owner=services[owner].title,
        access=access,
        columns=columns,
        distributions=ways,
        licence=licence if access == "open" else None,
        frequency=_CONTINUAL,
        keywords=(name,),
    )


def _access(declared: EntityType) -> Access:
    """Return who may have the entities of a type; it is open only where it says so itself."""
    if declared.is_internal:
        return "internal"
    if declared.person is not None:
        return "sealed"
    return "open" if declared.words is not None and declared.words.is_open else "signed_in"


def _schema(name: str) -> Distribution:
    return Distribution(
        title=words.AS_SCHEMA,
        path=f"/api/data/type.{quote(name, safe='')}/schema",
        media_type="application/schema+json",
        standard=JSON_SCHEMA,
    )


def _domain(declared: EntityType, owner: str) -> str:
    if owner != "platform":
        return owner.split(".", 1)[0]
    return _DOMAINS.get(declared.view.__module__.rsplit(".", 1)[-1], "platform")


def _ways_to(name: str) -> tuple[Distribution, ...]:
    query = f"/ngsi-ld/v1/entities?type={quote(name, safe='')}"
    now = Distribution(title=words.AS_NGSI_LD, path=query, media_type="application/ld+json",
                       standard=NGSI_LD, service="ngsi-ld")  # fmt: skip
    return (_collection(f"type.{name}"), now)


def _collection(name: str) -> Distribution:
    path = f"/ogc/collections/{quote(name, safe='')}/items"
    return Distribution(title=words.AS_GEOJSON, path=path, media_type=GEOJSON,
                        standard=OGC_FEATURES, service="features")  # fmt: skip


def _layer(name: str, scene: Scene, licence: Licence | None) -> Dataset:
    title, about = words.LAYERS[name]
    file = Distribution(title=words.AS_FILE, path=f"/api/scene/{name}", media_type=GEOJSON,
                        standard="https://www.rfc-editor.org/rfc/rfc7946")  # fmt: skip
    ways: tuple[Distribution, ...] = (_collection(f"layer.{name}"), file)
    if name == "buildings":
        ways = (*ways, Distribution(title=words.AS_TILES, path="/api/scene/tiles/tileset.json",
                                    media_type="application/json", standard=TILES))  # fmt: skip
    return Dataset(
        id=f"layer.{name}", kind="layer", domain="environment" if name in _GREEN else "city",
        title=title, about=about, owner=scene.title, access="open", columns=_columns_of(name),
        distributions=ways, licence=licence, frequency=_IRREGULAR, keywords=(name, "map"),
        sources=tuple(source.title for source in scene.facts.sources),
    )  # fmt: skip


_GREEN = ("trees", "ground", "areas")


def _columns_of(layer: str) -> tuple[DataColumn, ...]:
    if layer == "stops":
        return (
            DataColumn(name="stop", form="text", required=True),
            DataColumn(name="name", form="text"),
        )
    if layer == "ground":
        return (DataColumn(name="elevation_m", form="number", unit="MTR", required=True),)
    rows = {**SCHEMA, **EXTRAS}["links" if layer == "streets" else layer]
    found = [_column(one) for one in rows.table.columns]
    if layer == "streets":
        found += [
            DataColumn(name="lanes_back", form="number"),
            DataColumn(name="width_m", form="number", unit="MTR"),
        ]
    return tuple(found)


def _column(one: Declared) -> DataColumn:
    form: Form = "choice" if one.words else _KINDS.get(one.type, "whole")
    unit = next((code for end, code in _UNITS.items() if one.name.endswith(end)), "")
    return DataColumn(name=one.name, form=form, unit=unit, required=not one.optional,
                  choices=tuple(sorted(one.words or ())), least=one.low, most=one.high)  # fmt: skip


def _feeds(services: Mapping[str, Service], licence: Licence | None) -> Iterator[Dataset]:
    for told in words.FEEDS:
        service = services.get(told.service)
        if service is None or not any(
            route.path == told.route and Role.ANONYMOUS in route.allow for route in service.routes
        ):
            continue
        way = Distribution(title=told.title, path=told.path, media_type=told.media_type,
                           standard=told.standard)  # fmt: skip
        yield Dataset(
            id=told.id, kind="feed", domain=told.service.split(".")[0], title=told.title,
            about=told.about, owner=service.title, access="open", distributions=(way,),
            licence=licence, frequency=_CONTINUAL, keywords=(told.standard.split("/")[2],),
        )  # fmt: skip


def _fetched(runtime: Runtime) -> Iterator[Dataset]:
    """Yield what is fetched from outside; where exactly is not told: an address may have a key."""
    for service, _, feed in feeds_of(runtime):
        host = urlsplit(feed.url).hostname or "?"
        yield Dataset(
            id=f"feed.{service}.{feed.name}", kind="feed", domain=service.split(".")[0],
            title=Text(f"From outside: {feed.name}", f"바깥에서: {feed.name}"),
            about=Text(f"Fetched from {host} every {feed.every_s:g} seconds.",
                       f"{host}에서 {feed.every_s:g}초마다 가져와요."),
            owner=runtime.services[service].title, access="internal", frequency=_CONTINUAL,
            sources=(host,),
        )  # fmt: skip


def _results(owner: Text, licence: Licence | None) -> Iterator[Dataset]:
    for name, (title, about, path) in words.RESULTS.items():
        way = Distribution(title=words.AS_JSON, path=path, media_type="application/json")
        yield Dataset(
            id=name, kind="results", domain="city", title=title, about=about, owner=owner,
            access="open", distributions=(way,), licence=licence, frequency=_DAILY,
        )  # fmt: skip


def _table(name: str, owner: Text) -> Dataset:
    title, about = words.TABLES[name]
    schema = SCHEMAS[name]
    columns = NOBODYS_COLUMNS.get(name, tuple(schema.names))  # who is in it does not leave
    way = Distribution(title=words.AS_SQL, path="/api/lake", media_type="application/json",
                       service="lake")  # fmt: skip
    return Dataset(
        id=f"table.{name}", kind="table", domain="city", title=title, about=about, owner=owner,
        access="roles", distributions=(way,), keywords=("lake", name),
        columns=tuple(DataColumn(name=n, form=_arrow(schema, n)) for n in columns),
        frequency=_CONTINUAL if name in LIVING else _IRREGULAR,
    )  # fmt: skip


def _arrow(schema: pa.Schema, name: str) -> Form:
    kind = schema.field(name).type if name in schema.names else pa.timestamp("us")  # the hour
    if pa.types.is_timestamp(kind):
        return "time"
    if pa.types.is_integer(kind):
        return "whole"
    return "number" if pa.types.is_floating(kind) else "text"
