"""Documents of entities with the names of a client ↔ with the names of the hub.

Renamed: attributes and what is said of them, at every level; types; words of a vocabulary
(`vocab`, `objectType`); ids written with a prefix, inward only. Entities inside (`entity`,
`entityList` of a joined relationship) likewise. Nothing is added or dropped; what does not change
is the same object.

Values are closed: nothing inside `value`, `json`, `languageMap`, `valueList` is touched. A
JSON-LD processor would expand the keys of an object in `value` too, and brokers differ here; the
standard has `json` for what must not be looked into, and two options of a query for the rest:
`expandValues` names attributes whose values are words of the vocabulary, `jsonKeys` those whose
keys are plain JSON. Kept closed, a value comes back letter for letter to everybody, and `q`'s
`address[city]` finds the key that was written, as if every attribute stood in `jsonKeys`. `Form`
opens values where somebody wants it: `expand_values`, and `is_open` for all but `json_keys`.
"""

from hapgang.hub.jsonld.context import Context
from hapgang.hub.jsonld.members import GEOMETRIES, KINDS
from hapgang.hub.jsonld.walk import STILL, Document, Form, Walk

NORMALISED = Form()
SIMPLIFIED = Form(is_simplified=True)


def inward_document(document: Document, context: Context, form: Form = NORMALISED) -> Document:
    """Return an entity, or a part of one, with the hub's names; `Invalid` where two become one."""
    if context.is_core and form is NORMALISED and _is_plain(document):
        return document
    return Walk(context, form, is_inward=True).entity(document, 0)


def outward_document(document: Document, context: Context, form: Form = NORMALISED) -> Document:
    """Return an entity of the hub with the names of a client."""
    if context.is_core:
        return document
    return Walk(context, form, is_inward=False).entity(document, 0)


def inward_attribute(attribute: Document, context: Context, form: Form = NORMALISED) -> Document:
    """Return one attribute, or a part of one, with the hub's names."""
    return Walk(context, form, is_inward=True).members("", attribute, 0)


def outward_attribute(attribute: Document, context: Context, form: Form = NORMALISED) -> Document:
    """Return one attribute of the hub with the names of a client."""
    if context.is_core:
        return attribute
    return Walk(context, form, is_inward=False).members("", attribute, 0)


def _is_plain(document: Document) -> bool:
    """Tell, quickly, that a document is in the core's own words; `False` says nothing."""
    names = "\n".join(document)
    if ":" in names or "" in document or names.count("@") != ("@context" in document):
        return False
    still, kinds = STILL, KINDS
    for name, value in document.items():
        kind = value.__class__
        if name == "@context":
            continue
        if kind is dict:
            said = value.get("type")
            if said.__class__ is not str:
                return False
            is_place = said in GEOMETRIES and "coordinates" in value
            if not (is_place or (said in kinds and value.keys() <= still)):
                return False
        elif name == "type":
            if kind is not str or ":" in value or value[:1] in ("", "@"):
                return False
        elif kind is list:
            return False
    return True
