"""What all layers of a city's model share: read-only columns, one row for each thing."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from hapgang.core.errors import NotFound
from hapgang.twin.tables import Column, Table

Texts = NDArray[np.object_]
Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Ints = NDArray[np.int32]

LON = Column("lon", "f8", low=-180, high=180)
LAT = Column("lat", "f8", low=-90, high=90)
GEOMETRY = Column("geometry", "wkb")


class Rows:
    """What all layers share: a length, names of rows, geometry made on demand."""

    table: ClassVar[Table]

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def ids(self) -> NDArray[Any]:
        """The names of the rows."""
        names: NDArray[Any] = getattr(self, self.table.key)
        return names

    @cached_property
    def row_of(self) -> Mapping[Any, int]:
        """Row by name."""
        return {name: row for row, name in enumerate(self.ids.tolist())}

    def rows(self, ids: ArrayLike) -> NDArray[np.int64]:
        """Return the rows of several names; `NotFound` for the first unknown one."""
        try:
            return np.array([self.row_of[name] for name in np.asarray(ids, dtype=object)], "i8")
        except KeyError as error:
            name = error.args[0]
            raise NotFound(
                f"{self.table.file} has no {self.table.key} “{name}”",
                f"{self.table.file}에 “{name}”이(가) 없습니다",
            ) from error


class Shapes(Rows):
    """Rows that have a geometry."""

    wkb: Texts

    @cached_property
    def geometry(self) -> Texts:
        """The rows' shapely geometries in degrees."""
        return np.asarray(shapely.from_wkb(self.wkb), dtype=object)
