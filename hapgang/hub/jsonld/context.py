"""A context: what names mean to a client, and what the hub calls them.

The hub's own names are in `kept`.

The core context is applied last (ETSI GS CIM 009, clause 5.5.7): nobody redefines its terms, and
names that are no term are of the default vocabulary, also where a client's `@vocab` says another.
It is also what a client's context starts from, so `ngsi-ld:` can be used there without naming the
core.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import msgspec

from hapgang.hub.jsonld.errors import BadContext, bad_context, shown
from hapgang.hub.jsonld.kept import CORE_TERMS, DEFAULT_VOCAB, NULL, kept_as, meant_by
from hapgang.hub.jsonld.reading import Limits, Load, Reader
from hapgang.hub.jsonld.terms import KEYWORDS, Term, expand_compact, expand_name

_REMEMBERED_BYTES = 100_000  # of names, each way, in each context


@dataclass(frozen=True, eq=False)
class Context:
    """Names ↔ IRIs for one client. Equal and hashed by content."""

    terms: Mapping[str, Term]
    sources: tuple[str, ...] = ()  # addresses that were fetched for it
    digest: bytes = b""
    weight_bytes: int = 0  # about what it takes in memory
    is_core: bool = False  # adds nothing to the core
    has_prefixes: bool = False  # other than the core's
    _words: Mapping[str, str] = field(default_factory=dict, repr=False)
    _prefixes: Mapping[str, str] = field(default_factory=dict, repr=False)
    _lengths: tuple[int, ...] = ()
    inward_names: "Names" = field(init=False, repr=False)
    outward_names: "Names" = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "inward_names", Names(self._find_inward))
        object.__setattr__(self, "outward_names", Names(self._find_outward))

    @staticmethod
    def of(
        local: Any,
        *,
        load: Load,
        base: "Context | None" = None,
        limits: Limits | None = None,
    ) -> "Context":
        """Read a local context: an address, an object, `null`, or an array of them.

        `load` is given an address and returns the document or its bytes, or raises
        `LdContextNotAvailable`, `OSError` or `LookupError`. `base` is applied last (the core).
        """
        core = CORE if base is None else base
        reader = Reader(core.terms, DEFAULT_VOCAB, load, limits or Limits())
        reader.read(local)
        terms = {**reader.active.terms, **core.terms}
        if terms == core.terms and not reader.sources:
            return core
        return _made(terms, core.terms, reader.sources)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Context) and other.digest == self.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def expand(self, name: str) -> str:
        """Return the IRI that a name stands for; `BadContext` where it stands for nothing."""
        iri = expand_name(self.terms, DEFAULT_VOCAB, name) if name else None
        if iri is None:
            raise bad_context(
                "invalid IRI mapping",
                f"“{shown(name)}” means nothing under this context",
                f"이 컨텍스트에서 “{shown(name)}”은(는) 의미가 없습니다",
            )
        return iri

    def compact(self, iri: str) -> str:
        """Return the shortest name that expands to this IRI.

        A term, else a name of the default vocabulary, else prefix:suffix, else the IRI.
        """
        word = self._words.get(iri)
        if word is not None:
            return word
        if iri.startswith(DEFAULT_VOCAB):
            rest = iri.removeprefix(DEFAULT_VOCAB)
            if rest and rest not in self.terms and self._means(rest, iri):
                return rest
        if self._lengths and ":" in iri:
            compacted = self._compact_by_prefix(iri)
            if compacted is not None:
                return compacted
        if not self._means(iri, iri):
            raise bad_context(
                "IRI confused with prefix", f"“{shown(iri)}” would be read as another IRI"
            )
        return iri

    def inward(self, name: str) -> str:
        """Return what the hub calls a client's name."""
        return self.inward_names[name]

    def outward(self, name: str) -> str:
        """Return what a client calls one of the hub's names."""
        return self.outward_names[name]

    def inward_id(self, uri: str) -> str:
        """Return an entity's id with a prefix of the client's written out.

        The other way there is nothing to do: an id is given back as it is kept, since clients
        with other contexts must find it by the same letters.
        """
        if not self.has_prefixes or uri == NULL or uri.partition(":")[0] in CORE_TERMS:
            return uri
        return expand_compact(self.terms, uri) or uri

    def coercion(self, name: str) -> str | None:
        """Return the `@type` that the context gives to the values of a name."""
        term = self.terms.get(name)
        return None if term is None else term.coercion

    def inward_value(self, name: str, value: Any) -> Any:
        """Return a value as the context types it: words of a vocabulary, ids, else unchanged."""
        coercion = self.coercion(name)
        if coercion == "@vocab":
            return self.inward_words(value)
        return self.inward_ids(value) if coercion == "@id" else value

    def outward_value(self, name: str, value: Any) -> Any:
        """Return a kept value as this client would write it."""
        return self.outward_words(value) if self.coercion(name) == "@vocab" else value

    def inward_words(self, value: Any) -> Any:
        """Return names of a vocabulary (a text or a list of them) as the hub keeps them."""
        if isinstance(value, str):
            return value if value == NULL else self.inward(value)
        if isinstance(value, list):
            return [self.inward_words(v) if isinstance(v, str) else v for v in value]
        return value

    def outward_words(self, value: Any) -> Any:
        """Return kept names of a vocabulary as this client writes them."""
        if isinstance(value, str):
            return value if value == NULL else self.outward(value)
        if isinstance(value, list):
            return [self.outward_words(v) if isinstance(v, str) else v for v in value]
        return value

    def inward_ids(self, value: Any) -> Any:
        """Return ids (a text or a list of them) with prefixes written out."""
        if isinstance(value, str):
            return self.inward_id(value)
        if isinstance(value, list):
            return [self.inward_id(v) if isinstance(v, str) else v for v in value]
        return value

    def _find_inward(self, name: str) -> str:
        return kept_as(self.expand(name))

    def _find_outward(self, name: str) -> str:
        if self.is_core:
            return name
        iri = meant_by(name)
        try:
            return self.compact(iri)
        except BadContext:
            # Somebody wrote `schema:name` without saying what `schema` is, and this client does say
            # it. There is no other way to write that IRI, and an attribute that one client gave an
            # entity may not keep the others from reading it.
            return iri

    def _means(self, name: str, iri: str) -> bool:
        return expand_name(self.terms, DEFAULT_VOCAB, name) == iri

    def _compact_by_prefix(self, iri: str) -> str | None:
        best: tuple[int, str] | None = None
        for length in self._lengths:
            if length >= len(iri):
                break
            prefix = self._prefixes.get(iri[:length])
            if prefix is None:
                continue
            name = f"{prefix}:{iri[length:]}"
            better = best is None or (len(name), name) < best
            if better and name not in self.terms and self._means(name, iri):
                best = (len(name), name)
        return None if best is None else best[1]


class Names(dict[str, str]):
    """Names by names, found once and remembered within bounds."""

    def __init__(self, find: Callable[[str], str]) -> None:
        """Find what is missing by `find`."""
        super().__init__()
        self._find = find
        self._bytes = 0

    def __missing__(self, name: str) -> str:
        found = self._find(name)
        size = 200 + 2 * (len(name) + len(found))
        if size <= _REMEMBERED_BYTES // 100:
            if self._bytes + size > _REMEMBERED_BYTES:
                self.clear()
                self._bytes = 0
            self[name] = found
            self._bytes += size
        return found


def _shorter(name: str) -> tuple[int, str]:
    return len(name), name


def _made(
    terms: Mapping[str, Term], core: Mapping[str, Term], sources: tuple[str, ...] = ()
) -> Context:
    own = {name: term for name, term in terms.items() if name not in core}
    prefixes: dict[str, str] = {}
    words: dict[str, str] = {}
    characters = 0
    for name in sorted(own, key=_shorter):  # the shortest name wins
        term = own[name]
        characters += len(name) + len(term.iri or "")
        if term.iri is None or term.iri in KEYWORDS:
            continue
        words.setdefault(term.iri, name)
        if term.is_prefix:
            prefixes.setdefault(term.iri, name)
    has_prefixes = bool(prefixes)
    for name, term in core.items():
        if own and term.is_prefix and term.iri is not None:
            prefixes[term.iri] = min(name, prefixes.get(term.iri, name), key=_shorter)
    words |= {term.iri: name for name, term in core.items() if term.iri is not None}
    return Context(
        terms=terms,
        sources=sources,
        digest=blake2b(msgspec.json.encode(sorted(terms.items())), digest_size=16).digest(),
        weight_bytes=2 * _REMEMBERED_BYTES + 4 * characters + 600 * len(own) + 100 * len(core),
        is_core=not own,
        has_prefixes=has_prefixes,
        _words=words,
        _prefixes=prefixes,
        _lengths=tuple(sorted({len(iri) for iri in prefixes})),
    )


CORE = _made(CORE_TERMS, CORE_TERMS)
