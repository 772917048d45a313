"""What a CityJSON file looks like, checked; and its corners in metres."""

from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from hapgang.twin.tables import SceneError

_FINEST = 2.3  # levels of detail 3 and above show windows and rooms
_READ = frozenset({"MultiSurface", "CompositeSurface", "Solid", "MultiSolid", "CompositeSolid"})

Step = Annotated[float, Meta(gt=0)]
Matrix = Annotated[list[float], Meta(min_length=16, max_length=16)]  # row by row
Floats = NDArray[np.float64]


class Transform(msgspec.Struct, frozen=True):
    """How whole steps become metres."""

    scale: tuple[Step, Step, Step]
    translate: tuple[float, float, float]


class Metadata(msgspec.Struct, frozen=True, rename="camel"):
    """What is known of the file as a whole."""

    reference_system: str | None = None


class Geometry(msgspec.Struct, frozen=True):
    """One shape of an object; boundaries are nested as deeply as the type says.

    template, matrix: of a GeometryInstance, which shape it repeats and how it is drawn out.
    """

    type: str
    boundaries: Any
    lod: str | float = "1"
    semantics: dict[str, Any] | None = None
    template: int | None = None
    matrix: Matrix | None = msgspec.field(name="transformationMatrix", default=None)

    @property
    def level(self) -> float:
        """The level of detail as a number; infinite where it is none."""
        try:
            return float(self.lod)
        except ValueError:
            return float("inf")

    @property
    def is_read(self) -> bool:
        """Whether it is a surface or a solid of a level that is read."""
        return self.type in _READ and 0 <= self.level <= _FINEST


class CityObject(msgspec.Struct, frozen=True):
    """A building, a part of one, or anything else."""

    type: str
    geometry: list[Geometry] | None = None
    attributes: dict[str, Any] | None = None
    children: list[str] | None = None


class Templates(msgspec.Struct, frozen=True):
    """Shapes that several objects have."""

    templates: list[Geometry] = []
    vertices: list[tuple[float, float, float]] = msgspec.field(
        name="vertices-templates", default_factory=list
    )


class Document(msgspec.Struct, frozen=True):
    """A whole file; objects are decoded one by one so that errors can name them."""

    type: Literal["CityJSON"]
    version: Literal["1.1", "2.0"]
    transform: Transform
    vertices: list[tuple[int, int, int]]
    city_objects: dict[str, msgspec.Raw] = msgspec.field(name="CityObjects")
    metadata: Metadata = Metadata()
    templates: Templates = msgspec.field(name="geometry-templates", default_factory=Templates)


class Vertices:
    """The corners of a file in metres, those of its templates as they are."""

    def __init__(self, path: Path, document: Document) -> None:
        self.file = path.name
        try:
            steps = np.array(document.vertices, "i8").reshape(-1, 3)
        except OverflowError as error:
            raise _unreadable(path, "a vertex is too large") from error
        scale, translate = document.transform.scale, document.transform.translate
        self.xyz_m: Floats = steps * np.array(scale) + np.array(translate)
        self._shapes = document.templates.templates
        self._shape_xyz: Floats = np.array(document.templates.vertices, "f8").reshape(-1, 3)

    def ring(self, name: str, rows: list[int]) -> Floats:
        """Return the corners (n, 3) of an object's ring, m."""
        return self._rows(name, self.xyz_m, rows)

    def corners(self, name: str, geometry: Geometry) -> Floats:
        """Return all corners (n, 3) of a geometry of any type, m, in the order of its boundaries.

        Those of a GeometryInstance are its template's, drawn out and moved to its place.
        """
        corners = self._rows(name, self.xyz_m, self._flat(name, geometry.boundaries))
        if geometry.type != "GeometryInstance":
            return corners
        shape = geometry.template
        if shape is None or not 0 <= shape < len(self._shapes) or len(corners) != 1:
            raise bad_object(
                self.file, name, f"names template {shape}; there are {len(self._shapes)}",
                f"{shape}번 템플릿이 없습니다(모두 {len(self._shapes)}개)",
            )  # fmt: skip
        rows = self._flat(name, self._shapes[shape].boundaries)
        own = self._rows(name, self._shape_xyz, rows)
        matrix = np.array(geometry.matrix or np.eye(4)).reshape(4, 4)
        return np.asarray(own @ matrix[:3, :3].T + matrix[:3, 3] + corners)

    def _rows(self, name: str, xyz: Floats, rows: list[int]) -> Floats:
        last = len(xyz) - 1
        wrong = [row for row in rows if not 0 <= row <= last]
        if wrong:
            raise bad_object(
                self.file, name, f"names vertex {wrong[0]}; there are {last + 1}",
                f"{wrong[0]}번 꼭짓점이 없습니다(모두 {last + 1}개)",
            )  # fmt: skip
        return xyz[rows]

    def _flat(self, name: str, boundaries: Any) -> list[int]:
        """Return the numbers in lists of lists, from left to right."""
        found, left = [], [boundaries]
        while left:
            one = left.pop()
            if isinstance(one, list):
                left.extend(reversed(one))
            elif type(one) is int:
                found.append(one)
            else:
                raise bad_object(
                    self.file, name, "has boundaries that are no lists of numbers",
                    "boundaries가 숫자 목록이 아닙니다",
                )  # fmt: skip
        return found


def bad_object(file: str, name: str, en: str, ko: str) -> SceneError:
    """Return the error that names a file and the object in it."""
    return SceneError(
        f"{file}, object “{name}”: {en}", f"{file}, “{name}” 객체: {ko}", file=file, object=name
    )


def read_document(path: Path) -> Document:
    """Read a file and check it as a whole."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Document)
    except (OSError, UnicodeDecodeError, msgspec.MsgspecError, RecursionError) as error:
        raise _unreadable(path, str(error)) from error


def read_object(path: Path, name: str, raw: msgspec.Raw) -> CityObject:
    """Decode one object of a file."""
    try:
        return msgspec.json.decode(raw, type=CityObject)
    except (UnicodeDecodeError, msgspec.MsgspecError, RecursionError) as error:
        raise bad_object(
            path.name, name, f"cannot be read ({error})", f"읽을 수 없습니다({error})"
        ) from error


def _unreadable(path: Path, why: str) -> SceneError:
    return SceneError.at(
        path.name,
        f"cannot be read as CityJSON 1.1 or 2.0 ({why})",
        f"CityJSON 1.1 또는 2.0으로 읽을 수 없습니다({why})",
    )
