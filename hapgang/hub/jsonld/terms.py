"""Terms and how a name is expanded by them (JSON-LD 1.1 API, section 5.2, "IRI Expansion").

Everything that touches names is here and in `context`; what reads contexts is in `definition` and
`reading`.
"""

import re
from collections.abc import Mapping

import msgspec

KEYWORDS = frozenset(
    [
        "@base",
        "@container",
        "@context",
        "@default",
        "@direction",
        "@embed",
        "@explicit",
        "@first",
        "@graph",
        "@id",
        "@import",
        "@included",
        "@index",
        "@json",
        "@language",
        "@list",
        "@nest",
        "@none",
        "@omitDefault",
        "@prefix",
        "@preserve",
        "@propagate",
        "@protected",
        "@requireAll",
        "@reverse",
        "@set",
        "@type",
        "@value",
        "@version",
        "@vocab",
    ]
)
_KEYWORD_LIKE = re.compile(r"@[A-Za-z]+\Z")
_ABSOLUTE = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*|_):\S*\Z")


class Term(msgspec.Struct, frozen=True):
    """What a term means: an IRI or keyword, or nothing (`None`), and how its values are read."""

    iri: str | None
    is_prefix: bool = False
    coercion: str | None = None  # "@id", "@vocab", "@json", "@none" or a type's IRI
    container: tuple[str, ...] = ()
    is_protected: bool = False


Terms = Mapping[str, Term]


def looks_like_keyword(name: str) -> bool:
    """Tell whether JSON-LD keeps this name for itself: "@" and letters."""
    return _KEYWORD_LIKE.match(name) is not None


def is_absolute(iri: str | None) -> bool:
    """Tell whether this has the form of an absolute IRI or a blank node."""
    return iri is not None and _ABSOLUTE.match(iri) is not None


def expand_name(terms: Terms, vocab: str | None, name: str) -> str | None:
    """Return the IRI or keyword of a name, `None` where it has none.

    A name that no term, prefix or vocabulary makes an IRI comes back as it is.
    """
    if name in KEYWORDS:
        return name
    if name[:1] == "@" and looks_like_keyword(name):
        return None
    term = terms.get(name)
    if term is not None:
        return term.iri
    expanded = expand_compact(terms, name)
    if expanded is not None:
        return expanded
    return name if vocab is None else vocab + name


def expand_compact(terms: Terms, name: str) -> str | None:
    """Return the IRI of prefix:suffix, or of what is an IRI already; else `None`."""
    prefix, colon, suffix = name.partition(":")
    if not colon or not prefix:
        return None
    if prefix == "_" or suffix.startswith("//"):
        return name
    term = terms.get(prefix)
    if term is not None and term.is_prefix and term.iri is not None:
        return term.iri + suffix
    return name if is_absolute(name) else None
