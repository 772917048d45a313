"""The layers of a city's model, ready to be asked for by box and by page."""

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from hapgang.twin.exchange.geojson import LAYERS
from hapgang.twin.scene import Scene

Feature = dict[str, Any]


class Layer(NamedTuple):
    """A layer's features in the order of their ids, and a box around each, degrees."""

    features: list[Feature]
    boxes: NDArray[np.float64]  # (n, 4) west, south, east, north
    rows: dict[str, int]  # by id, as text


@lru_cache(maxsize=2 * len(LAYERS))
def layer_of(scene: Scene, name: str) -> Layer:
    """Return a layer; what has no id of its own gets its number, the same until the model changes.

    Shapes are rounded as everywhere else; the boxes are of the rounded shapes.
    """
    features = [
        {**feature, "id": str(feature.get("id", number))}
        for number, feature in enumerate(LAYERS[name](scene))
    ]
    shapes = np.array([shapely.geometry.shape(one["geometry"]) for one in features], dtype=object)
    boxes = shapely.bounds(shapes).reshape(-1, 4)
    boxes.flags.writeable = False
    return Layer(features, boxes, {one["id"]: row for row, one in enumerate(features)})
