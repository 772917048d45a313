"""What a city may have besides, as objects of CityJSON 2.0: trees, pipes and ducts.

A tree is a SolitaryVegetationObject whose geometry is one template for all, drawn out to its height
and its crown (CityJSON 2.0.1, 3.4: geometry templates are meant for that). CityJSON has no module
for utility networks. An Extension would need a schema that every reader fetches, so that a pipe is
a GenericCityObject, which 2.0 has for what no other class names, with `class` "utility" and its
axis as a line.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely

from hapgang.twin.exchange.cityjson_vertices import Steps
from hapgang.twin.exchange.heights import ground_m, tree_feet
from hapgang.twin.exchange.tree_shape import tree_solid
from hapgang.twin.scene import Scene

UTILITY = "utility"  # the class of a GenericCityObject that is a pipe or duct
_DIGITS = 6  # of a template's shares: far below a step

Named = tuple[str, dict[str, Any]]


def templates() -> dict[str, Any]:
    """Return what the trees' geometries refer to."""
    xyz, faces = tree_solid()
    shape = {"type": "Solid", "lod": "1", "boundaries": [[[face] for face in faces]]}
    return {"templates": [shape], "vertices-templates": xyz.round(_DIGITS).tolist()}


def tree_objects(scene: Scene, vertices: Steps) -> Iterator[Named]:
    """Yield the trees, standing on the ground."""
    trees, feet = scene.trees, tree_feet(scene)
    crown_m, height_m = trees.crown_m.astype("f8"), trees.height_m.astype("f8")
    half = np.column_stack([crown_m / 2, crown_m / 2, np.zeros(len(trees))])
    vertices.reach(np.concatenate([feet - half, feet + half + np.outer(height_m, [0, 0, 1])]))
    for row, (name, step) in enumerate(
        zip(trees.tree.tolist(), vertices.steps(feet).tolist(), strict=True)
    ):
        facts = {
            "tree": name,
            "function": trees.kind[row],
            "species": trees.species[row],
            "height": round(float(height_m[row]), 3),
            "crownDiameter": round(float(crown_m[row]), 3),
        }
        shape = _tree_shape(vertices.row(tuple(step)), facts["crownDiameter"], facts["height"])
        yield f"tree:{name}", _thing("SolitaryVegetationObject", facts, [shape])


def _tree_shape(foot: int, crown_m: float, height_m: float) -> dict[str, Any]:
    """Return a tree's geometry; what has no height or no crown is a point."""
    if not crown_m or not height_m:
        return {"type": "MultiPoint", "lod": "0", "boundaries": [foot]}
    matrix = np.diag([crown_m, crown_m, height_m, 1.0]).ravel().tolist()
    return {
        "type": "GeometryInstance",
        "template": 0,
        "boundaries": [foot],
        "transformationMatrix": matrix,
    }


def utility_objects(scene: Scene, vertices: Steps) -> Iterator[Named]:
    """Yield pipes and ducts: their axes, as deep below the ground as they lie."""
    pipes = scene.utilities
    if not len(pipes):
        return
    lonlat, whose = shapely.get_coordinates(pipes.geometry, return_index=True)
    below_m = pipes.depth_m.astype("f8") + pipes.diameter_mm.astype("f8") / 2000
    z = ground_m(scene, lonlat) - below_m[whose]
    steps = vertices.steps(np.column_stack([scene.projection.xy(*lonlat.T), z]))
    bounds = np.searchsorted(whose, np.arange(len(pipes) + 1))
    for row, name in enumerate(pipes.utility.tolist()):
        line = steps[bounds[row] : bounds[row + 1]]
        line = line[np.append(True, (line[1:] != line[:-1]).any(axis=1))]
        facts = {
            "class": UTILITY,
            "function": pipes.kind[row],
            "utility": name,
            "street": pipes.street[row],
            "depth_m": round(float(pipes.depth_m[row]), 3),
            "diameter_mm": round(float(pipes.diameter_mm[row]), 3),
        }
        axis = {"type": "MultiLineString", "lod": "0", "boundaries": [vertices.ring(line)]}
        yield f"utility:{name}", _thing("GenericCityObject", facts, [axis] * (len(line) > 1))


def _thing(kind: str, facts: dict[str, Any], shapes: list[dict[str, Any]]) -> dict[str, Any]:
    known = {name: value for name, value in facts.items() if value is not None}
    return {"type": kind, "attributes": known, "geometry": shapes}
