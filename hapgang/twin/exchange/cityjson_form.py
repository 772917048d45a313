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


class Transform(msgspec.Struct, frozen=True):
    """How whole steps become metres."""

    scale: tuple[Step, Step, Step]
    translate: tuple[float, float, float]


class Metadata(msgspec.Struct, frozen=True, rename="camel"):
    """What is known of the file as a whole."""

    reference_system: str | None = None


class Geometry(msgspec.Struct, frozen=True):
    """One shape of an object; boundaries are nested as deeply as the type says."""

    type: str
    boundaries: Any
    lod: str | float = "1"
    semantics: dict[str, Any] | None = None

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


class Document(msgspec.Struct, frozen=True):
    """A whole file; objects are decoded one by one so that errors can name them."""

    type: Literal["CityJSON"]
    version: Literal["1.1", "2.0"]
    transform: Transform
    vertices: list[tuple[int, int, int]]
    city_objects: dict[str, msgspec.Raw] = msgspec.field(name="CityObjects")
    metadata: Metadata = Metadata()


class Vertices:
    """The corners of a file in metres."""

    def __init__(self, path: Path, document: Document) -> None:
        self.file = path.name
        try:
            steps = np.array(document.vertices, "i8").reshape(-1, 3)
        except OverflowError as error:
            raise _unreadable(path, "a vertex is too large") from error
        scale, translate = document.transform.scale, document.transform.translate
        self.xyz_m: NDArray[np.float64] = steps * np.array(scale) + np.array(translate)

    def ring(self, name: str, rows: list[int]) -> NDArray[np.float64]:
        """Return the corners (n, 3) of an object's ring, m."""
        last = len(self.xyz_m) - 1
        wrong = [row for row in rows if not 0 <= row <= last]
        if wrong:
            raise bad_object(
                self.file, name, f"names vertex {wrong[0]}; there are {last + 1}",
                f"{wrong[0]}번 꼭짓점이 없습니다(모두 {last + 1}개)",
            )  # fmt: skip
        return self.xyz_m[rows]


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
