"""Contexts of JSON-LD, as far as NGSI-LD (ETSI GS CIM 009) needs them; nothing is fetched here.

    context = Context.of(document.get("@context"), load=load)    (or `Contexts`, which remembers)
    kept = inward_document(document, context)                     names as the hub keeps them
    told = outward_document(kept, context)                        names as the client writes them

`load` is the caller's: address in, document or bytes out. A caller that may not wait asks
`addresses` beforehand what is needed. Errors: `BadContext` (400) and `LdContextNotAvailable`
(504).
"""

from hapgang.hub.jsonld.bundled import CORE_URL, Bundled, core_file, is_core
from hapgang.hub.jsonld.cache import Contexts
from hapgang.hub.jsonld.context import CORE, Context
from hapgang.hub.jsonld.documents import (
    NORMALISED,
    SIMPLIFIED,
    inward_attribute,
    inward_document,
    outward_attribute,
    outward_document,
)
from hapgang.hub.jsonld.errors import BadContext, LdContextNotAvailable
from hapgang.hub.jsonld.implied import Implied, ImpliedContexts, implied_id
from hapgang.hub.jsonld.kept import DEFAULT_VOCAB, NULL, kept_as, meant_by
from hapgang.hub.jsonld.reading import Limits, Load, addresses
from hapgang.hub.jsonld.shelf import Fetched, Shelf, Use
from hapgang.hub.jsonld.walk import Form

__all__ = [
    "CORE",
    "CORE_URL",
    "DEFAULT_VOCAB",
    "NORMALISED",
    "NULL",
    "SIMPLIFIED",
    "BadContext",
    "Bundled",
    "Context",
    "Contexts",
    "Fetched",
    "Form",
    "Implied",
    "ImpliedContexts",
    "LdContextNotAvailable",
    "Limits",
    "Load",
    "Shelf",
    "Use",
    "addresses",
    "core_file",
    "implied_id",
    "inward_attribute",
    "inward_document",
    "is_core",
    "kept_as",
    "meant_by",
    "outward_attribute",
    "outward_document",
]
