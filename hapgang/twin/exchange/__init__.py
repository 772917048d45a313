"""A city's model in formats that others read: pieces of a file, or the files of a folder."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from hapgang.core.errors import Invalid
from hapgang.twin.exchange import cityjson, geojson, gltf, tiles
from hapgang.twin.scene import Scene


@dataclass(frozen=True, kw_only=True)
class Format:
    """A format: its name, the layers it can hold and those it holds unless asked otherwise.

    It is one file, which comes in pieces, or a folder of files with their names.
    """

    title: str
    layers: tuple[str, ...]
    usual: tuple[str, ...]
    pieces: Callable[[Scene, Collection[str]], Iterator[bytes]] | None = None
    files: Callable[[Scene, Collection[str]], Iterator[tuple[str, bytes]]] | None = None


FORMATS: Mapping[str, Format] = {
    "cityjson": Format(
        title="CityJSON 2.0", layers=cityjson.LAYERS, usual=cityjson.LAYERS,
        pieces=cityjson.cityjson,
    ),
    "geojson": Format(
        title="GeoJSON (RFC 7946)", layers=tuple(geojson.EXPORTED), usual=geojson.USUAL,
        pieces=geojson.geojson,
    ),
    "gltf": Format(
        title="glTF 2.0, binary", layers=gltf.LAYERS, usual=gltf.LAYERS, pieces=gltf.gltf
    ),
    "3dtiles": Format(
        title="3D Tiles 1.1", layers=tiles.LAYERS, usual=tiles.LAYERS, files=tiles.tiles
    ),
}  # fmt: skip


def chosen_layers(form: Format, asked: Collection[str]) -> tuple[str, ...]:
    """Return the layers to write, each once and in the format's order; `Invalid` for others."""
    for layer in asked:
        if layer not in form.layers:
            known = ", ".join(form.layers)
            raise Invalid(
                f"{form.title} has no layer “{layer}”; there are {known}",
                f"{form.title}에는 “{layer}” 층이 없습니다. 있는 층: {known}",
            )
    return tuple(layer for layer in form.layers if layer in (asked or form.usual))
