"""What the hub calls things: names as the core context writes them.

An IRI of the default vocabulary, `https://uri.etsi.org/ngsi-ld/default-context/X`, is kept as
`X`, an IRI that a core term stands for as that term, everything else as the whole IRI. So what
was written with the core context alone is kept as it was written, and two clients who mean the
same IRI meet whatever they call it.
"""

import msgspec

from hapgang.hub.jsonld.bundled import core_file
from hapgang.hub.jsonld.definition import Active, Definitions
from hapgang.hub.jsonld.terms import Term, expand_name

DEFAULT_VOCAB = "https://uri.etsi.org/ngsi-ld/default-context/"
NULL = "urn:ngsi-ld:null"  # clause 4.5.0; no prefix changes it
_PLAIN = {"@id": "id", "@type": "type"}


def _core_terms() -> dict[str, Term]:
    active = Active({}, None)
    local = msgspec.json.decode(core_file().text)["@context"]
    active.vocab = local["@vocab"]
    Definitions(active, local).define_all()
    return active.terms


CORE_TERMS = _core_terms()
CORE_WORDS = {term.iri: name for name, term in CORE_TERMS.items() if term.iri is not None}


def kept_as(iri: str) -> str:
    """Return the hub's name for an IRI."""
    word = CORE_WORDS.get(iri) or _PLAIN.get(iri)
    if word is not None:
        return word
    if iri.startswith(DEFAULT_VOCAB):
        rest = iri.removeprefix(DEFAULT_VOCAB)
        if rest and meant_by(rest) == iri:
            return rest
    meant = meant_by(iri)
    return iri if meant == iri else kept_as(meant)


def meant_by(name: str) -> str:
    """Return the IRI that one of the hub's names stands for."""
    return expand_name(CORE_TERMS, DEFAULT_VOCAB, name) or name
