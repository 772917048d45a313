"""A local context becomes terms: arrays, null, remote ones (JSON-LD 1.1 API, section 4.1).

`@base` is checked and has no effect: ids of NGSI-LD are URIs, never relative. A term's own
`@context` is checked for its form and has no effect either: clause 5.5.7 of ETSI GS CIM 009
forbids contexts in scope. `@language`, `@direction` and `@propagate` say nothing about names.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

import msgspec

from hapgang.hub.jsonld.bundled import is_core
from hapgang.hub.jsonld.definition import Active, Definitions
from hapgang.hub.jsonld.errors import BadContext, LdContextNotAvailable, bad_context, shown
from hapgang.hub.jsonld.terms import Term, expand_name, is_absolute

Load = Callable[[str], Any]  # address -> the document, or its bytes; OSError where there is none


class Limits(msgspec.Struct, frozen=True):
    """How much one context may ask of us."""

    documents: int = 32  # fetched
    depth: int = 12  # contexts that name contexts that name contexts
    steps: int = 1_000  # contexts applied, counting each time
    terms: int = 50_000
    document_bytes: int = 8_000_000
    characters: int = 16_000_000  # of all names and IRIs


def addresses(local: Any) -> Iterator[str]:
    """Yield the addresses that a context names itself and that are not the core's.

    For a caller that fetches ahead: what `load` must then have at hand.
    """
    for item in local if isinstance(local, list) else [local]:
        named = item.get("@import") if isinstance(item, dict) else item
        if isinstance(named, str) and not is_core(named):
            yield named


class Reader:
    """Reads one local context, with all that it names."""

    def __init__(self, core: Mapping[str, Term], vocab: str, load: Load, limits: Limits) -> None:
        """Start from the core's terms, so that its prefixes can be used."""
        self._core = {
            name: msgspec.structs.replace(term, is_protected=False) for name, term in core.items()
        }
        self._vocab = vocab
        self._load = load
        self._limits = limits
        self._steps = 0
        self._fetched: dict[str, Any] = {}
        self.active = Active(self._core, vocab)

    @property
    def sources(self) -> tuple[str, ...]:
        """The addresses that were fetched."""
        return tuple(self._fetched)

    def read(self, local: Any, path: tuple[str, ...] = ()) -> None:
        """Apply a context; `path` is the addresses that led to it."""
        if len(path) > self._limits.depth:
            raise bad_context("context overflow", f"more than {self._limits.depth} levels deep")
        for item in local if isinstance(local, list) else [local]:
            self._steps += 1
            if self._steps > self._limits.steps:
                raise bad_context("context overflow", f"more than {self._limits.steps} contexts")
            if item is None:
                self._clear()
            elif isinstance(item, str):
                self._read_remote(item, path)
            elif isinstance(item, dict):
                self._read_object(item, path)
            else:
                raise bad_context(
                    "invalid local context",
                    f"a context is an address, an object or an array of them, not {shown(item)}",
                )

    def _clear(self) -> None:
        """Return to where every context starts from: the core."""
        if self.active.has_protected():
            raise bad_context("invalid context nullification", "null would drop protected terms")
        characters = self.active.characters
        self.active = Active(self._core, self._vocab)
        self.active.characters = characters

    def _read_remote(self, address: str, path: tuple[str, ...]) -> None:
        if is_core(address):
            for name, term in self._core.items():
                before = self.active.terms.get(name)
                if before is None or not before.is_protected:
                    self.active.terms[name] = term
            self.active.vocab = self._vocab
            return
        url = _resolved(address, path)
        if url in path:
            raise bad_context(
                "recursive context inclusion",
                f"{shown(url)} names itself",
                f"@context가 자기 자신을 가리킵니다: {shown(url)}",
            )
        self.read(self._fetch(url), (*path, url))

    def _read_object(self, local: Mapping[str, Any], path: tuple[str, ...]) -> None:
        if "@import" in local:
            local = self._with_import(local, path)
        _check_members(local)
        if "@vocab" in local:
            self._set_vocab(local["@vocab"])
        if len(local) + len(self.active.terms) > self._limits.terms + len(self._core):
            raise bad_context("context overflow", f"more than {self._limits.terms} terms")
        Definitions(self.active, local).define_all()
        if self.active.characters > self._limits.characters:
            raise bad_context("context overflow", "its IRIs are too long together")

    def _set_vocab(self, vocab: Any) -> None:
        if vocab is None:
            self.active.vocab = None
            return
        iri = vocab
        if isinstance(vocab, str):
            iri = expand_name(self.active.terms, self.active.vocab, vocab)
        if not isinstance(iri, str) or not is_absolute(iri):
            raise bad_context("invalid vocab mapping", f"@vocab is no IRI: {shown(vocab)}")
        self.active.vocab = iri

    def _with_import(self, local: Mapping[str, Any], path: tuple[str, ...]) -> Mapping[str, Any]:
        if not isinstance(local["@import"], str):
            raise bad_context("invalid @import value", "@import is an address")
        imported = self._fetch(_resolved(local["@import"], path))
        if not isinstance(imported, dict):
            raise bad_context("invalid remote context", "what is imported is not one object")
        if "@import" in imported:
            raise bad_context("invalid context entry", "what is imported imports something")
        return {**imported, **{key: part for key, part in local.items() if key != "@import"}}

    def _fetch(self, url: str) -> Any:
        if url not in self._fetched:
            if len(self._fetched) >= self._limits.documents:
                raise bad_context(
                    "context overflow", f"more than {self._limits.documents} documents"
                )
            document = _fetched(url, self._load, self._limits.document_bytes)
            if not isinstance(document, dict) or "@context" not in document:
                raise bad_context(
                    "invalid remote context",
                    f"{shown(url)} is not an object with an @context",
                    f"{shown(url)}에 @context가 없습니다",
                )
            self._fetched[url] = document["@context"]
        return self._fetched[url]


def _fetched(url: str, load: Load, most_bytes: int) -> Any:
    try:
        document = load(url)
    except (OSError, LookupError) as error:
        raise LdContextNotAvailable(
            f"the @context {shown(url)} could not be fetched: {shown(error)}",
            f"@context를 가져올 수 없습니다: {shown(url)}",
            context=url,
        ) from error
    if not isinstance(document, bytes):
        return document
    if len(document) > most_bytes:
        raise bad_context("context overflow", f"{shown(url)} is over {most_bytes} bytes")
    try:
        return msgspec.json.decode(document)
    except (ValueError, RecursionError) as error:  # msgspec's errors of form are ValueErrors
        raise BadContext(
            f"the @context {shown(url)} is not JSON: {shown(error)}",
            f"@context가 JSON이 아닙니다: {shown(url)}",
            context=url,
        ) from error


def _resolved(address: str, path: tuple[str, ...]) -> str:
    try:
        url = urljoin(path[-1], address) if path else address
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if url.startswith("/"):  # of whoever serves the document, which is this city
        return url
    if not parts.scheme or not is_absolute(url):
        raise bad_context("loading remote context failed", f"{shown(address)} is no address")
    return url


def _check_members(local: Mapping[str, Any]) -> None:
    if "@version" in local:
        version = local["@version"]
        if isinstance(version, bool) or version != 1.1:
            raise bad_context("invalid @version value", "@version is 1.1")
    for name, code in (
        ("@base", "invalid base IRI"),
        ("@language", "invalid default language"),
        ("@direction", "invalid base direction"),
    ):
        if not isinstance(local.get(name), str | None):
            raise bad_context(code, f"{name} is a text or null")
    for name in ("@propagate", "@protected"):
        if not isinstance(local.get(name, False), bool):
            raise bad_context(f"invalid {name} value", f"{name} is a boolean")
    if local.get("@direction") not in (None, "ltr", "rtl"):
        raise bad_context("invalid base direction", "@direction is ltr or rtl")
