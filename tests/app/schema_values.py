"""Values of a JSON schema, as far as our own description uses it, made by Hypothesis."""

from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st

Schema = Mapping[str, Any]
_TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
_ANY = st.one_of(st.none(), st.booleans(), st.integers(-9, 9), _TEXTS, st.just([]), st.just({}))


def values(schema: Schema, schemas: Mapping[str, Schema], depth: int = 0) -> st.SearchStrategy[Any]:
    """Return values that fit a schema; references lead into `schemas`, by their last step."""
    if "$ref" in schema:
        return values(schemas[schema["$ref"].rpartition("/")[2]], schemas, depth)
    for word, make in _MAKERS.items():
        if word in schema:
            return make(schema, schemas, depth)
    kinds = schema.get("type")
    if isinstance(kinds, list):
        return st.one_of([values({**schema, "type": kind}, schemas, depth) for kind in kinds])
    return _KINDS[kinds](schema, schemas, depth) if kinds in _KINDS else _ANY


def _one_of(schema: Schema, schemas: Mapping[str, Schema], depth: int) -> st.SearchStrategy[Any]:
    some = schema["anyOf"][:1] if depth > 6 else schema["anyOf"]
    return st.one_of([values(one, schemas, depth + 1) for one in some])


def _text(schema: Schema, _: Mapping[str, Schema], __: int) -> st.SearchStrategy[Any]:
    if "pattern" in schema:
        return st.from_regex(schema["pattern"], fullmatch=True).filter(lambda text: len(text) < 99)
    if schema.get("format") == "date-time":
        return st.datetimes().map(lambda at: f"{at:%Y-%m-%dT%H:%M:%SZ}".zfill(20))
    return _TEXTS.filter(lambda text: len(text) >= schema.get("minLength", 0))


def _list(schema: Schema, schemas: Mapping[str, Schema], depth: int) -> st.SearchStrategy[Any]:
    fewest = schema.get("minItems", 0)
    part = values(schema.get("items", {}), schemas, depth + 1)
    return st.lists(part, min_size=fewest, max_size=fewest + (0 if depth > 6 else 2))


def _object(schema: Schema, schemas: Mapping[str, Schema], depth: int) -> st.SearchStrategy[Any]:
    named = {
        name: values(one, schemas, depth + 1) for name, one in schema.get("properties", {}).items()
    }
    required = schema.get("required", [])
    known = st.fixed_dictionaries(
        {name: named.get(name, _ANY) for name in required},
        optional={} if depth > 6 else {n: s for n, s in named.items() if n not in required},
    )
    more = schema.get("additionalProperties", {})
    if more is False or depth > 4:
        return known
    names = st.one_of(st.sampled_from(["speed", "name", "location"]), _TEXTS)
    others = st.dictionaries(names, values(more, schemas, depth + 1), max_size=2)
    return st.builds(lambda a, b: {**b, **a}, known, others)


def _number(schema: Schema, _: Mapping[str, Schema], __: int) -> st.SearchStrategy[float]:
    least, most = schema.get("minimum"), schema.get("maximum")
    return st.floats(least, most, allow_nan=False, allow_infinity=False)


def _integer(schema: Schema, _: Mapping[str, Schema], __: int) -> st.SearchStrategy[int]:
    return st.integers(schema.get("minimum"), schema.get("maximum"))


Make = Callable[[Schema, Mapping[str, Schema], int], st.SearchStrategy[Any]]
_MAKERS: dict[str, Make] = {
    "anyOf": _one_of,
    "const": lambda schema, _, __: st.just(schema["const"]),
    "enum": lambda schema, _, __: st.sampled_from(schema["enum"]),
}
_KINDS: dict[str, Make] = {
    "string": _text,
    "integer": _integer,
    "number": _number,
    "boolean": lambda _, __, ___: st.booleans(),
    "null": lambda _, __, ___: st.none(),
    "array": _list,
    "object": _object,
}
