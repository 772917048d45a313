"""TOMP-API's own OpenAPI document as a check of ours, where it is there; it is no part of this.

`$HAPGANG_DATA/tomp-api/TOMP-API-1.6.1.json`: the working group's TOMP-API.yaml of release v1.6.1,
turned into JSON by any tool.
"""

import json
import os
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

_DATA = Path(os.environ.get("HAPGANG_DATA", Path(__file__).resolve().parents[2] / "shared/data"))
PATH = _DATA / "tomp-api" / "TOMP-API-1.6.1.json"
_TYPES: dict[str, Any] = {
    "object": dict, "array": list, "string": str, "boolean": bool, "integer": int,
    "number": (int, float),
}  # fmt: skip


class Schema:
    """The parts of JSON Schema that the document uses."""

    def __init__(self, path: Path = PATH) -> None:
        if not path.is_file():
            pytest.skip(f"TOMP-API's OpenAPI document is not at {path}")
        self.document = json.loads(path.read_text("utf-8"))

    def problems(self, value: Any, name: str) -> list[str]:
        """Return what is wrong with a value as a schema of the document; empty when it fits."""
        return list(self._wrong(value, {"$ref": f"#/components/schemas/{name}"}, name))

    def answer(self, method: str, path: str, status: int, value: Any) -> list[str]:
        """Return what is wrong with the body of an answer."""
        operation = self.document["paths"][path][method.lower()]
        told = operation["responses"][str(status)]
        told = self._followed(told)
        content = told.get("content")
        if content is None:
            return [] if value is None else [f"{path}: a body where there is none"]
        return list(self._wrong(value, content["application/json"]["schema"], path))

    def request(self, method: str, path: str, value: Any) -> list[str]:
        """Return what is wrong with the body of a request."""
        operation = self.document["paths"][path][method.lower()]
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        return list(self._wrong(value, schema, path))

    def path_of(self, asked: str) -> str:
        """Return the template of a path that was asked for."""
        for template in self.document["paths"]:
            pattern = re.sub(r"\\{\w+\\}|{\w+}", "[^/]+", template)
            if re.fullmatch(pattern, asked):
                return str(template)
        raise AssertionError(f"the standard knows no {asked}")

    def _followed(self, schema: Any) -> Any:
        while "$ref" in schema:
            found = self.document
            for part in schema["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            schema = found
        return schema

    def _wrong(self, value: Any, schema: Any, at: str) -> Any:  # noqa: C901 (one for each word)
        schema = self._followed(schema)
        for part in schema.get("allOf", ()):
            yield from self._wrong(value, part, at)
        options = schema.get("oneOf") or schema.get("anyOf")
        if options and all(list(self._wrong(value, one, at)) for one in options):
            yield f"{at}: fits none of {len(options)}"
        kind = schema.get("type")
        if kind is not None and not isinstance(value, _TYPES[kind]):
            yield f"{at}: {value!r} is no {kind}"
            return
        if kind in ("integer", "number") and isinstance(value, bool):
            yield f"{at}: a boolean is no number"
        if "enum" in schema and value not in schema["enum"]:
            yield f"{at}: {value!r} is none of {schema['enum']}"
        yield from _bounds(value, schema, at)
        if isinstance(value, dict):
            for name in schema.get("required", ()):
                if name not in value:
                    yield f"{at}: {name} is missing"
            for name, part in schema.get("properties", {}).items():
                if name in value:
                    yield from self._wrong(value[name], part, f"{at}.{name}")
        if isinstance(value, list):
            for number, one in enumerate(value):
                yield from self._wrong(one, schema.get("items", {}), f"{at}[{number}]")


def _bounds(value: Any, schema: Any, at: str) -> Any:
    if isinstance(value, int | float):
        least, most = schema.get("minimum", value), schema.get("maximum", value)
        if not least <= value <= most:
            yield f"{at}: {value} is out of bounds"
    if isinstance(value, str):
        longest = schema.get("maxLength", len(value))
        if not schema.get("minLength", 0) <= len(value) <= longest:
            yield f"{at}: {value!r} is too short or long"
        if schema.get("format") == "date-time":
            try:
                datetime.fromisoformat(value)
            except ValueError:
                yield f"{at}: {value!r} is no time"
    if isinstance(value, list) and len(value) < schema.get("minItems", 0):
        yield f"{at}: too few"
