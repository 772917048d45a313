"""Linked data written down: the same statements as JSON-LD 1.1 and as Turtle (W3C, 2014)."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

_UNSAFE = re.compile(r'[\x00-\x20<>"{}|^`\\]')
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


class Iri(str):
    """The address of a thing; what may not stand in one is written in per cent."""

    __slots__ = ()

    def __new__(cls, address: str) -> "Iri":
        """Make an address safe to write between brackets."""
        return super().__new__(
            cls, _UNSAFE.sub(lambda m: "".join(f"%{b:02X}" for b in m[0].encode()), address)
        )


class Lit(NamedTuple):
    """A value with its datatype (prefixed) or its language."""

    value: str
    datatype: str = ""
    language: str = ""


class Thing(NamedTuple):
    """Something and what is said of it; without an address it is known only from here."""

    types: Sequence[str]  # prefixed
    said: Sequence[tuple[str, "Iri | Lit | Thing"]]  # prefixed property, value
    id: Iri | None = None


Value = Iri | Lit | Thing


def flattened(things: Iterable[Thing]) -> list[Thing]:
    """Return all things that have an address, each once, in the order in which they are met."""
    found: dict[Iri, Thing] = {}

    def visit(thing: Thing) -> None:
        if thing.id is not None:
            if thing.id in found:
                return
            found[thing.id] = thing
        for _, value in thing.said:
            if isinstance(value, Thing):
                visit(value)

    for thing in things:
        visit(thing)
    return list(found.values())


def json_ld(things: Iterable[Thing], prefixes: Mapping[str, str]) -> bytes:
    """Return JSON-LD: one graph, with the prefixes as its only context."""
    graph = [_node(thing) for thing in flattened(things)]
    return msgspec.json.encode({"@context": dict(prefixes), "@graph": graph})


def _node(thing: Thing) -> dict[str, Any]:
    node: dict[str, Any] = {} if thing.id is None else {"@id": str(thing.id)}
    if thing.types:
        node["@type"] = list(thing.types)
    for name, value in thing.said:
        node.setdefault(name, []).append(_value(value))
    return node


def _value(value: Value) -> Any:
    if isinstance(value, Iri):
        return {"@id": str(value)}
    if isinstance(value, Thing):
        return _node(value) if value.id is None else {"@id": str(value.id)}
    if value.language:
        return {"@value": value.value, "@language": value.language}
    return {"@value": value.value, "@type": value.datatype} if value.datatype else value.value


def turtle(things: Iterable[Thing], prefixes: Mapping[str, str]) -> bytes:
    """Return Turtle."""
    lines = [f"@prefix {name}: <{address}> ." for name, address in prefixes.items()]
    for thing in flattened(things):
        said = " ;\n    ".join(_said(thing))
        lines.append(f"\n<{thing.id}> {said} .")
    return ("\n".join(lines) + "\n").encode()


def _said(thing: Thing) -> Iterator[str]:
    if thing.types:
        yield f"a {', '.join(thing.types)}"
    for name, value in thing.said:
        yield f"{name} {_written(value)}"


def _written(value: Value) -> str:
    if isinstance(value, Iri):
        return f"<{value}>"
    if isinstance(value, Thing):
        return f"[ {' ; '.join(_said(value))} ]" if value.id is None else f"<{value.id}>"
    text = "".join(_ESCAPES.get(letter) or _plain(letter) for letter in value.value)
    if value.language:
        return f'"{text}"@{value.language}'
    return f'"{text}"^^{value.datatype}' if value.datatype else f'"{text}"'


def _plain(letter: str) -> str:
    """Return a letter as Turtle takes it; what no screen shows is written as its number."""
    return letter if letter >= " " and letter != "\x7f" else f"\\u{ord(letter):04X}"
