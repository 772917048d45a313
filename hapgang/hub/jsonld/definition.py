"""One context object becomes terms (JSON-LD 1.1 API, section 4.2, "Create Term Definition")."""

from collections.abc import Mapping
from typing import Any

import msgspec

from hapgang.hub.jsonld.errors import bad_context, shown
from hapgang.hub.jsonld.terms import (
    KEYWORDS,
    Term,
    expand_compact,
    expand_name,
    is_absolute,
    looks_like_keyword,
)

MEMBERS = frozenset(
    [
        "@version",
        "@import",
        "@base",
        "@vocab",
        "@language",
        "@direction",
        "@propagate",
        "@protected",
    ]
)
_KEYS = frozenset(
    [
        "@id",
        "@type",
        "@container",
        "@context",
        "@reverse",
        "@protected",
        "@prefix",
        "@language",
        "@direction",
        "@index",
        "@nest",
    ]
)
_CONTAINERS = frozenset(["@list", "@set", "@index", "@language", "@graph", "@id", "@type"])
_VALUE_TYPES = frozenset(("@id", "@vocab", "@json", "@none"))
_PREFIX_ENDS = tuple(":/?#[]@")  # RFC 3986's gen-delims: a simple term ending so is a prefix
_MOST_CHAIN = 64  # terms that lean on one another
_MOST_IRI = 4_096  # characters


class Active:
    """A context while it is being read."""

    def __init__(self, terms: Mapping[str, Term], vocab: str | None) -> None:
        """Start from these."""
        self.terms = dict(terms)
        self.vocab = vocab
        self.characters = 0  # of all the IRIs that were ever defined

    def has_protected(self) -> bool:
        """Tell whether a term may not be redefined."""
        return any(term.is_protected for term in self.terms.values())


class Definitions:
    """The terms of one context object, defined as they need one another."""

    def __init__(self, active: Active, local: Mapping[str, Any]) -> None:
        """Define the terms of `local` in `active`."""
        self._active = active
        self._local = local
        self._is_defined: dict[str, bool] = {}
        self._chain = 0

    def define_all(self) -> None:
        """Define every term."""
        for name in self._local:
            if name not in MEMBERS:
                self._define(name)

    def _define(self, name: str) -> None:
        is_defined = self._is_defined.get(name)
        if is_defined:
            return
        if is_defined is False:
            raise bad_context("cyclic IRI mapping", f"“{shown(name)}” is defined by itself")
        if self._chain >= _MOST_CHAIN:
            raise bad_context(
                "cyclic IRI mapping", f"more than {_MOST_CHAIN} terms lean on one another"
            )
        self._is_defined[name] = False
        self._chain += 1
        if not _is_reserved(name, self._local[name]):
            self._set(name, self._local[name])
        self._chain -= 1
        self._is_defined[name] = True

    def _set(self, name: str, raw: Any) -> None:
        previous = self._active.terms.pop(name, None)
        is_simple = isinstance(raw, str)
        if raw is None or is_simple:
            raw = {"@id": raw}
        _check_keys(name, raw)
        meant = raw.get("@id", name)
        if isinstance(meant, str) and meant not in KEYWORDS and looks_like_keyword(meant):
            if previous is not None:
                self._active.terms[name] = previous
            return  # reserved for JSON-LD's future, ignored until then
        iri = None if meant is None else self._iri(name, meant)
        is_protected = raw.get("@protected", self._local.get("@protected", False))
        term = Term(
            iri=iri,
            is_prefix=self._is_prefix(name, iri, raw, is_simple=is_simple),
            coercion=self._coercion(name, raw),
            container=_container(name, raw),
            is_protected=is_protected is True,
        )
        if previous is not None and previous.is_protected:
            term = msgspec.structs.replace(term, is_protected=True)
            if term != previous:
                raise bad_context(
                    "protected term redefinition", f"“{shown(name)}” is protected and redefined"
                )
        self._active.terms[name] = term
        self._active.characters += len(name) + len(iri or "")

    def _iri(self, name: str, meant: Any) -> str:
        if not isinstance(meant, str):
            raise bad_context("invalid IRI mapping", f"the @id of “{shown(name)}” is not a text")
        iri = self._implied(name) if meant == name else self._expand(meant)
        if iri is None or not (is_absolute(iri) or iri in KEYWORDS):
            raise bad_context("invalid IRI mapping", f"“{shown(name)}” is mapped to no IRI")
        if iri in ("@context", "@preserve"):
            raise bad_context("invalid keyword alias", f"“{shown(name)}” stands for {iri}")
        if len(iri) > _MOST_IRI:
            raise bad_context(
                "invalid IRI mapping", f"the IRI of “{shown(name)}” is over {_MOST_IRI} characters"
            )
        has_form_of_iri = ":" in name[1:-1] or "/" in name
        if meant != name and has_form_of_iri and self._own_iri(name) != iri:
            raise bad_context(
                "invalid IRI mapping", f"“{shown(name)}” is an IRI and mapped to another one"
            )
        return iri

    def _implied(self, name: str) -> str | None:
        """Return the IRI of a term without @id; any term may be the prefix of another one."""
        self._define_prefix(name)
        prefix, colon, suffix = name.partition(":")
        term = self._active.terms.get(prefix) if colon else None
        if term is None or term.iri is None or suffix.startswith("//"):
            return self._own_iri(name)
        return term.iri + suffix

    def _own_iri(self, name: str) -> str | None:
        """Return what a name means by its own form: prefix:suffix, IRI or vocabulary."""
        self._define_prefix(name)
        expanded = expand_compact(self._active.terms, name)
        if expanded is not None or self._active.vocab is None:
            return expanded
        return self._active.vocab + name

    def _expand(self, name: str) -> str | None:
        if name in KEYWORDS:
            return name
        if name in self._local and name not in MEMBERS:
            self._define(name)
        self._define_prefix(name)
        return expand_name(self._active.terms, self._active.vocab, name)

    def _define_prefix(self, name: str) -> None:
        prefix, colon, suffix = name.partition(":")
        if colon and prefix in self._local and not suffix.startswith("//"):
            self._define(prefix)

    def _coercion(self, name: str, raw: Mapping[str, Any]) -> str | None:
        if "@type" not in raw:
            return None
        kind = raw["@type"]
        if isinstance(kind, str):
            iri = kind if kind in _VALUE_TYPES else self._expand(kind)
            if iri in _VALUE_TYPES or (is_absolute(iri) and not str(iri).startswith("_:")):
                return iri
        raise bad_context("invalid type mapping", f"the @type of “{shown(name)}” is no type")

    def _is_prefix(
        self, name: str, iri: str | None, raw: Mapping[str, Any], *, is_simple: bool
    ) -> bool:
        if "@prefix" in raw:
            if not isinstance(raw["@prefix"], bool):
                raise bad_context("invalid @prefix value", f"of “{shown(name)}”: not a boolean")
            if ":" in name or "/" in name or iri in KEYWORDS:
                raise bad_context("invalid term definition", f"“{shown(name)}” is no prefix")
            return raw["@prefix"]
        if iri is None or iri in KEYWORDS or ":" in name[1:]:
            return False
        return is_simple and (iri.startswith("_:") or iri.endswith(_PREFIX_ENDS))


def _is_reserved(name: str, raw: Any) -> bool:
    """Tell whether a name is JSON-LD's own and to be passed over; refuse what may not be said."""
    if name == "":
        raise bad_context("invalid term definition", "a term is empty")
    if name in KEYWORDS:
        is_set = name == "@type" and isinstance(raw, dict) and raw.get("@container") == "@set"
        if is_set and raw.keys() <= {"@container", "@protected"}:
            return True
        raise bad_context("keyword redefinition", f"“{name}” cannot be redefined")
    return looks_like_keyword(name)


def _check_keys(name: str, raw: Any) -> None:
    if not isinstance(raw, dict):
        raise bad_context(
            "invalid term definition", f"“{shown(name)}” is neither a text nor an object"
        )
    if not raw.keys() <= _KEYS:
        strange = next(key for key in raw if key not in _KEYS)
        raise bad_context(
            "invalid term definition", f"“{shown(name)}” has the unknown entry “{shown(strange)}”"
        )
    if "@reverse" in raw:
        raise bad_context(
            "invalid reverse property", f"“{shown(name)}”: NGSI-LD has no reverse properties"
        )
    if not isinstance(raw.get("@protected", False), bool):
        raise bad_context("invalid @protected value", f"of “{shown(name)}”: not a boolean")
    if not isinstance(raw.get("@context"), dict | list | str | None):
        raise bad_context("invalid scoped context", f"of “{shown(name)}”")


def _container(name: str, raw: Mapping[str, Any]) -> tuple[str, ...]:
    if "@container" not in raw:
        return ()
    container = raw["@container"]
    words = container if isinstance(container, list) else [container]
    if not words or not all(isinstance(word, str) and word in _CONTAINERS for word in words):
        raise bad_context("invalid container mapping", f"of “{shown(name)}”")
    return tuple(sorted(words))
