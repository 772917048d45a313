"""How high the ground is where something stands or lies."""

import numpy as np
from numpy.typing import NDArray

from hapgang.twin.scene import Scene

Floats = NDArray[np.float64]


def ground_m(scene: Scene, lonlat: Floats) -> Floats:
    """Return the ground's height above the sea at points (n, 2) in degrees, m.

    Between the grid's cells by `Ground.at`; where the grid knows nothing, the nearest street
    corner's height counts, and 0 without streets.
    """
    found = scene.ground.at(lonlat[:, 0], lonlat[:, 1])
    unknown = np.isnan(found)
    if unknown.any():
        found[unknown] = 0.0
        if len(scene.nodes):
            xy = scene.projection.xy(*lonlat[unknown].T)
            from scipy.spatial import cKDTree  # noqa: PLC0415 (a city starts without)

            _, nearest = cKDTree(scene.nodes.xy).query(xy)
            found[unknown] = scene.nodes.elevation_m[nearest]
    return found


def tree_feet(scene: Scene) -> Floats:
    """Return where the trees stand (n, 3): the city's metres, and metres above the sea."""
    trees = scene.trees
    if not len(trees):
        return np.zeros((0, 3))
    return np.column_stack([trees.xy, ground_m(scene, np.column_stack([trees.lon, trees.lat]))])
