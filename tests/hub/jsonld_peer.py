"""PyLD as a second opinion on contexts, and contexts and entities made at random."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from typing import Any

import msgspec
from hypothesis import assume
from hypothesis import strategies as st
from pyld import jsonld

from hapgang.hub.jsonld import CORE_URL, Context, core_file

PEER_CORE = "https://core.test/context.jsonld"
# Ours starts from the core, also after null, and lets clients redefine its terms in vain: PyLD is
# shown the core on both sides, without its protection, and only what the entities here use of it.
_USED = ["@vocab", "ngsi-ld", "geojson", "id", "type", "value", "object", "objectType", "vocab"]
_USED += ["Property", "Relationship", "VocabProperty", "datasetId", "observedAt", "unitCode"]
_USED += ["status", "location"]
_ALL = msgspec.json.decode(core_file().text)["@context"]
_CORE = {"@context": {name: _ALL[name] for name in _USED}}
_URL = {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": PEER_CORE}


def no_load(url: str) -> Any:
    raise OSError(f"there is no {url}")


def read(local: Any) -> Context:
    return Context.of(local, load=no_load)


@contextmanager
def _asking() -> Iterator[None]:
    """PyLD warns of odd terms, and falls over prefixes that mean nothing."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        try:
            yield
        except (TypeError, KeyError):
            assume(False)


def _loader(url: str, options: Any) -> dict[str, Any]:
    assert url == PEER_CORE, url
    return {**_URL, "document": _CORE}


def peer_context(local: Any) -> list[Any]:
    items = local if isinstance(local, list) else [local]
    middle = [[PEER_CORE] if item == CORE_URL else [item] for item in items]
    middle = [[None, PEER_CORE] if item == [None] else item for item in middle]
    return [PEER_CORE, *chain.from_iterable(middle), PEER_CORE]


def peer_expand(document: dict[str, Any], local: Any) -> Any:
    """Return the document as PyLD expands it, in one order."""
    with _asking():
        expanded = jsonld.expand(
            {**document, "@context": peer_context(local)}, {"documentLoader": _loader}
        )
    return ordered(expanded)


def peer_compact_type(iri: str, local: Any) -> str:
    """Return what PyLD calls a type."""
    with _asking():
        compacted = jsonld.compact(
            {"@type": iri, "@id": "urn:x:y"}, peer_context(local), {"documentLoader": _loader}
        )
    found: str = compacted["type"]
    return found


def ordered(value: Any) -> Any:
    """Return nested values with objects and arrays in one order; arrays of PyLD are sets."""
    if isinstance(value, dict):
        return {name: ordered(value[name]) for name in sorted(value)}
    if isinstance(value, list):
        return sorted((ordered(part) for part in value), key=msgspec.json.encode)
    return value


# -- made at random -----------------------------------------------------------------------------

WORDS = ["speed", "name", "Building", "status", "ex", "fiware", "brandName", "location", "여름"]
SUFFIXES = ["speed", "name", "x/y", "Building", "a#b"]
BASES = [
    "https://ex.org/ns#",
    "https://uri.fiware.org/ns/data-models/",
    "https://uri.etsi.org/ngsi-ld/",
    "https://uri.etsi.org/ngsi-ld/default-context/",
    "urn:city:",
]

iris = st.builds(str.__add__, st.sampled_from(BASES), st.sampled_from(["", *SUFFIXES]))
compact_iris = st.builds(
    "{}:{}".format,
    st.sampled_from(["ex", "fiware", "ngsi-ld", "nobody"]),
    st.sampled_from(SUFFIXES),
)
ids = st.one_of(iris, iris, compact_iris, st.sampled_from(WORDS))
definitions = st.one_of(
    ids,
    ids,
    st.fixed_dictionaries(
        {},
        optional={
            "@id": ids,
            "@type": st.sampled_from(["@id", "@vocab", "xsd:integer", "https://ex.org/ns#Date"]),
            "@container": st.just("@set"),
            "@prefix": st.booleans(),
            "@protected": st.just(False),
        },
    ),
    st.none(),
)
terms = st.sampled_from([*WORDS, "ex:speed", "type2"])
objects = st.builds(
    dict.__or__,
    st.dictionaries(terms, definitions, max_size=6),
    st.fixed_dictionaries(
        {},
        optional={
            "@vocab": st.one_of(st.none(), iris),
            "@version": st.just(1.1),
            "@base": st.none(),
        },
    ),
)
locals_ = st.one_of(
    objects,
    st.lists(
        st.one_of(objects, objects, st.sampled_from([CORE_URL, None])), min_size=1, max_size=3
    ),
)

names = st.one_of(st.sampled_from(WORDS), compact_iris, iris.filter(lambda i: not i.endswith("/")))
words = st.one_of(names, st.lists(names, min_size=1, max_size=2, unique=True))
urns = st.sampled_from(["urn:ngsi-ld:Building:1", "https://ex.org/ns#1"])
uris = st.one_of(urns, st.sampled_from(["ex:1", "fiware:a"]))
times = {"observedAt": st.just("2026-11-22T09:00:00Z"), "unitCode": st.just("CEL")}
scalars = st.one_of(st.integers(-9, 9), st.booleans(), st.sampled_from(["speed", "ex:speed", ""]))


def _attributes(
    inner: st.SearchStrategy[dict[str, Any]], ids: st.SearchStrategy[str]
) -> st.SearchStrategy[dict[str, Any]]:
    kinds = [
        {"type": st.just("Property"), "value": scalars},
        {"type": st.just("Relationship"), "object": ids, "objectType": words},
        {"type": st.just("VocabProperty"), "vocab": words},
        {"value": scalars, "datasetId": ids},
    ]
    parts = st.one_of([st.fixed_dictionaries(kind, optional=times) for kind in kinds])
    return st.builds(dict.__or__, inner, parts)


def entities_with(ids: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
    said = st.dictionaries(names, _attributes(st.just({}), ids), max_size=2)
    attributes = _attributes(said, ids)
    instances = st.one_of(attributes, attributes, st.lists(attributes, min_size=1, max_size=2))
    return st.builds(
        dict.__or__,
        st.dictionaries(names, instances, max_size=4),
        st.fixed_dictionaries({"id": ids, "type": words}),
    )


entities = entities_with(uris)
plain_entities = entities_with(urns)
