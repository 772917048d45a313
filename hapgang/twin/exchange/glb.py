"""A glTF 2.0 binary container that is filled mesh by mesh."""

import struct
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from hapgang.core.errors import Invalid

_MAGIC, _VERSION = b"glTF", 2
_JSON, _BIN = b"JSON", b"BIN\0"
_MOST_BYTES = 2**32 - 1  # the length stands in 32 bits
_ALIGNED = 8  # EXT_structural_metadata wants its buffer views so; 4 would do for the rest
_TYPES = {"f4": 5126, "u4": 5125, "u2": 5123}  # componentType
_MOST_SHORT = 2**16 - 1  # the highest index of 16 bits starts a new strip: no vertex may have it
_VERTICES, _INDICES = 34962, 34963  # target of a buffer view
_COMPONENT = {"f4": "FLOAT32", "i4": "INT32", "i2": "INT16"}


class Surface(NamedTuple):
    """Triangles of one material: floats (n, 3), and rows of them (m, 3)."""

    material: int
    positions: NDArray[np.float32]
    normals: NDArray[np.float32]
    corners: NDArray[np.int64]


class Features(NamedTuple):
    """Which of a table's n rows each vertex belongs to."""

    ids: NDArray[np.int64]
    n: int
    table: int


class Glb:
    """One buffer and the JSON that says what lies where."""

    def __init__(self, generator: str) -> None:
        self._chunks: list[bytes] = []
        self._length = 0
        self._views: list[dict[str, Any]] = []
        self._accessors: list[dict[str, Any]] = []
        self._materials: list[dict[str, Any]] = []
        self._meshes: list[dict[str, Any]] = []
        self._nodes: list[dict[str, Any]] = []
        self._classes: dict[str, Any] = {}
        self._tables: list[dict[str, Any]] = []
        self._used: dict[str, None] = {}
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

    def mesh(self, name: str, surface: Surface, features: Features | None = None) -> None:
        """Add a mesh of triangles; its features are a table's rows."""
        primitive = self._primitive(surface)
        if features is not None:
            ids = features.ids.astype("f4")
            primitive["attributes"]["_FEATURE_ID_0"] = self._accessor(ids, "SCALAR", _VERTICES)
            known = {"featureCount": features.n, "attribute": 0, "propertyTable": features.table}
            primitive["extensions"] = {"EXT_mesh_features": {"featureIds": [known]}}
            self._used["EXT_mesh_features"] = None
        self._node(name, [primitive])

    def instances(
        self,
        name: str,
        surfaces: Sequence[Surface],
        translations: NDArray[np.float32],
        scales: NDArray[np.float32],
        table: int,
    ) -> None:
        """Add a mesh that is there many times; the instances are a table's rows, in its order.

        The extension is used and not required: who does not know it sees one of size 1.
        """
        shared = self._node(name, [self._primitive(surface) for surface in surfaces])
        attributes = {
            "TRANSLATION": self._accessor(translations, "VEC3"),
            "SCALE": self._accessor(scales, "VEC3"),
        }
        features = {"featureIds": [{"featureCount": len(scales), "propertyTable": table}]}
        shared["extensions"] = {
            "EXT_mesh_gpu_instancing": {"attributes": attributes},
            "EXT_instance_features": features,
        }
        self._used |= dict.fromkeys(shared["extensions"])

    def _node(self, name: str, primitives: list[dict[str, Any]]) -> dict[str, Any]:
        node = {"name": name, "mesh": len(self._meshes)}
        self._meshes.append({"name": name, "primitives": primitives})
        self._nodes.append(node)
        return node

    def _primitive(self, surface: Surface) -> dict[str, Any]:
        positions = surface.positions
        bounds = {"min": positions.min(axis=0).tolist(), "max": positions.max(axis=0).tolist()}
        attributes = {
            "POSITION": self._accessor(positions, "VEC3", _VERTICES, **bounds),
            "NORMAL": self._accessor(surface.normals, "VEC3", _VERTICES),
        }
        few = "u2" if len(positions) <= _MOST_SHORT else "u4"
        indices = self._accessor(surface.corners.ravel().astype(few), "SCALAR", _INDICES)
        return {"attributes": attributes, "indices": indices, "material": surface.material}

    def property_table(self, name: str, columns: Mapping[str, NDArray[Any]]) -> int:
        """Say what features are, a row for each: texts, or numbers of 16 or 32 bits.

        Returns the table's number. A text that is None is there as an empty one.
        """
        form: dict[str, Any] = {}
        stored: dict[str, Any] = {}
        for column, values in columns.items():
            if values.dtype == object:
                form[column] = {"type": "STRING", "required": True}
                if any(value is None for value in values):
                    form[column] = {"type": "STRING", "noData": ""}
                stored[column] = self._texts(values)
            else:
                component = _COMPONENT[values.dtype.str[1:]]
                form[column] = {"type": "SCALAR", "componentType": component, "required": True}
                stored[column] = {"values": self._view(values.tobytes())}
        n = len(next(iter(columns.values())))
        self._classes[name] = {"properties": form}
        self._tables.append({"name": name, "class": name, "count": n, "properties": stored})
        self._used["EXT_structural_metadata"] = None
        return len(self._tables) - 1

    def pieces(
        self, name: str, extras: Mapping[str, Any], at_m: Sequence[float] = (0.0, 0.0, 0.0)
    ) -> Iterator[bytes]:
        """Yield the file: header, JSON, buffer. `at_m`: where the meshes' own origin lies."""
        head = _padded(msgspec.json.encode(self._document(name, extras, at_m)), b" ")
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

    def _document(
        self, name: str, extras: Mapping[str, Any], at_m: Sequence[float]
    ) -> dict[str, Any]:
        moved = {"translation": [*at_m]} if any(at_m) else {}
        top = {"name": name, "nodes": [*range(len(self._nodes))]}
        document: dict[str, Any] = {
            "asset": {"version": "2.0", "generator": self._generator},
            "scene": 0,
            "scenes": [{**top, "extras": dict(extras)} if extras else top],
            "nodes": [{**node, **moved} for node in self._nodes],
            "meshes": self._meshes,
            "materials": self._materials,
            "accessors": self._accessors,
            "bufferViews": self._views,
            "buffers": [{"byteLength": self._length}],
        }
        if self._used:
            document["extensionsUsed"] = [*self._used]
        if self._tables:
            schema = {"id": "hapgang", "classes": self._classes}
            tables = {"schema": schema, "propertyTables": self._tables}
            document["extensions"] = {"EXT_structural_metadata": tables}
        return document

    def _texts(self, values: NDArray[Any]) -> dict[str, Any]:
        encoded = [b"" if value is None else str(value).encode() for value in values]
        offsets = np.cumsum([0, *map(len, encoded)]).astype("<u4")
        return {
            "values": self._view(b"".join(encoded) or b"\0"),
            "stringOffsets": self._view(offsets.tobytes()),
            "stringOffsetType": "UINT32",
        }

    def _accessor(
        self, values: NDArray[Any], shape: str, target: int | None = None, **more: Any
    ) -> int:
        component = _TYPES[values.dtype.str[1:]]
        little = values.astype(values.dtype.newbyteorder("<"))
        view = self._view(little.tobytes(), **({} if target is None else {"target": target}))
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
