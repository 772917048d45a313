"""A glTF 2.0 binary container that is filled mesh by mesh."""

import struct
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from hapgang.core.errors import Invalid

_MAGIC, _VERSION = b"glTF", 2
_JSON, _BIN = b"JSON", b"BIN\0"
_MOST_BYTES = 2**32 - 1  # the length stands in 32 bits
_ALIGNED = 8  # EXT_structural_metadata wants its buffer views so; 4 would do for the rest
_FLOAT, _UNSIGNED_INT = 5126, 5125  # componentType
_VERTICES, _INDICES = 34962, 34963  # target of a buffer view
_COMPONENT = {"f4": "FLOAT32", "i4": "INT32", "i2": "INT16"}


class Glb:
    """One buffer and the JSON that says what lies where."""

    def __init__(self, generator: str) -> None:
        self._chunks: list[bytes] = []
        self._length = 0
        self._views: list[dict[str, Any]] = []
        self._accessors: list[dict[str, Any]] = []
        self._materials: list[dict[str, Any]] = []
        self._meshes: list[dict[str, Any]] = []
        self._extensions: dict[str, Any] = {}
        self._used: list[str] = []
        self._generator = generator

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not self._meshes

    def material(self, name: str, rgba: tuple[float, float, float, float]) -> int:
        """Add a dull material of one colour; return its number."""
        look = {"baseColorFactor": rgba, "metallicFactor": 0.0, "roughnessFactor": 1.0}
        self._materials.append({"name": name, "pbrMetallicRoughness": look})
        return len(self._materials) - 1

    def mesh(
        self,
        name: str,
        material: int,
        positions: NDArray[np.float32],
        normals: NDArray[np.float32],
        corners: NDArray[np.int64],
        features: NDArray[np.int64] | None = None,
        n_features: int | None = None,
    ) -> None:
        """Add a mesh of triangles; `features` says for each vertex which feature it belongs to."""
        bounds = {"min": positions.min(axis=0).tolist(), "max": positions.max(axis=0).tolist()}
        attributes = {
            "POSITION": self._accessor(positions, "VEC3", _VERTICES, **bounds),
            "NORMAL": self._accessor(normals, "VEC3", _VERTICES),
        }
        indices = self._accessor(corners.ravel().astype("u4"), "SCALAR", _INDICES)
        primitive = {"attributes": attributes, "indices": indices, "material": material}
        if features is not None:
            attributes["_FEATURE_ID_0"] = self._accessor(features.astype("f4"), "SCALAR", _VERTICES)
            known = {"featureCount": n_features, "attribute": 0, "propertyTable": 0}
            primitive["extensions"] = {"EXT_mesh_features": {"featureIds": [known]}}
            self._used.append("EXT_mesh_features")
        self._meshes.append({"name": name, "primitives": [primitive]})

    def property_table(self, name: str, columns: Mapping[str, NDArray[Any]]) -> None:
        """Say what the features are, a row for each: texts, or numbers of 16 or 32 bits."""
        form: dict[str, Any] = {}
        stored: dict[str, Any] = {}
        for column, values in columns.items():
            if values.dtype == object:
                form[column] = {"type": "STRING", "required": True}
                stored[column] = self._texts(values)
            else:
                component = _COMPONENT[values.dtype.str[1:]]
                form[column] = {"type": "SCALAR", "componentType": component, "required": True}
                stored[column] = {"values": self._view(values.tobytes())}
        n = len(next(iter(columns.values())))
        self._extensions["EXT_structural_metadata"] = {
            "schema": {"id": "hapgang", "classes": {name: {"properties": form}}},
            "propertyTables": [{"name": name, "class": name, "count": n, "properties": stored}],
        }
        self._used.append("EXT_structural_metadata")

    def pieces(self, name: str, extras: Mapping[str, Any]) -> Iterator[bytes]:
        """Yield the file: header, JSON, buffer."""
        head = _padded(msgspec.json.encode(self._document(name, extras)), b" ")
        total = 12 + 8 + len(head) + 8 + self._length
        if total > _MOST_BYTES:
            raise Invalid(
                f"{total:,} bytes are more than a .glb can hold; leave a layer out",
                f".glb 한 파일에 담을 수 없는 크기입니다({total:,}바이트). 층을 줄이십시오",
            )
        yield _MAGIC + struct.pack("<II", _VERSION, total)
        yield struct.pack("<I", len(head)) + _JSON + head
        yield struct.pack("<I", self._length) + _BIN
        yield from self._chunks

    def _document(self, name: str, extras: Mapping[str, Any]) -> dict[str, Any]:
        nodes = [{"name": m["name"], "mesh": i} for i, m in enumerate(self._meshes)]
        document: dict[str, Any] = {
            "asset": {"version": "2.0", "generator": self._generator},
            "scene": 0,
            "scenes": [{"name": name, "nodes": [*range(len(nodes))], "extras": dict(extras)}],
            "nodes": nodes,
            "meshes": self._meshes,
            "materials": self._materials,
            "accessors": self._accessors,
            "bufferViews": self._views,
            "buffers": [{"byteLength": self._length}],
        }
        if self._used:
            document["extensionsUsed"] = self._used
        if self._extensions:
            document["extensions"] = self._extensions
        return document

    def _texts(self, values: NDArray[Any]) -> dict[str, Any]:
        encoded = [str(value).encode() for value in values]
        offsets = np.cumsum([0, *map(len, encoded)]).astype("<u4")
        return {
            "values": self._view(b"".join(encoded) or b"\0"),
            "stringOffsets": self._view(offsets.tobytes()),
            "stringOffsetType": "UINT32",
        }

    def _accessor(self, values: NDArray[Any], shape: str, target: int, **more: Any) -> int:
        component = _FLOAT if values.dtype.kind == "f" else _UNSIGNED_INT
        little = values.astype(values.dtype.newbyteorder("<"))
        view = self._view(little.tobytes(), target=target)
        self._accessors.append(
            {"bufferView": view, "componentType": component, "count": len(values), "type": shape}
            | more
        )
        return len(self._accessors) - 1

    def _view(self, content: bytes, **more: int) -> int:
        self._views.append(
            {"buffer": 0, "byteOffset": self._length, "byteLength": len(content), **more}
        )
        self._chunks.append(_padded(content, b"\0"))
        self._length += len(self._chunks[-1])
        return len(self._views) - 1


def _padded(content: bytes, filler: bytes) -> bytes:
    return content + filler * (-len(content) % _ALIGNED)
