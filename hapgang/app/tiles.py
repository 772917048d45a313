"""The city's model as 3D Tiles over HTTP: made when first asked for, kept until the model changes.

Viewers open `/api/scene/tiles/tileset.json`; what it names lies beside it.
"""

import asyncio
import gzip
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from starlette.responses import Response

from hapgang.app.context import Context, Respond
from hapgang.app.endpoints import Endpoint
from hapgang.app.folders import write_folder
from hapgang.contract import ANYONE
from hapgang.core.errors import Invalid, NotFound
from hapgang.twin.exchange.tiles import FORM, TILESET, tiles
from hapgang.twin.scene import Scene

_FOLDER = "tiles"  # in the city's state
_PACKED = ".gz"
_NAME = re.compile(r"[a-z0-9-]+\.(json|glb)")
_TYPES = {"json": "application/json", "glb": "model/gltf-binary"}


def tile_endpoints() -> list[Endpoint]:
    """Return the read of a tile."""
    making = asyncio.Lock()

    async def read(context: Context) -> Respond:
        scene, kept = context.live.scene, context.live.folder / _FOLDER
        folder = kept / f"{FORM}-{scene.version[:32]}"
        async with making:  # whoever asks meanwhile waits, and then finds them
            if not folder.is_dir():
                await asyncio.to_thread(_make, scene, folder)
        return await asyncio.to_thread(_read, context, folder)

    return [
        Endpoint(
            "GET", "/api/scene/tiles/{file}", frozenset(ANYONE), read,
            summary="The city's model as 3D Tiles 1.1: tileset.json, and the .glb files it names.",
            media_type=_TYPES["glb"],
        )
    ]  # fmt: skip


def _read(context: Context, folder: Path) -> Respond:
    name = context.path["file"]
    found = _NAME.fullmatch(name)
    is_packed = context.accepts("gzip")
    file = folder / (name + _PACKED * is_packed)
    if found is None or not file.is_file():
        raise NotFound(
            f"there is no tile {name}; begin with {TILESET}",
            f"{name} 타일이 없습니다. {TILESET}부터 읽으십시오",
        )
    etag = f'W/"{folder.name}"'
    headers = {"Cache-Control": "no-cache", "ETag": etag, "Vary": "Accept-Encoding"}
    if context.header(b"if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    if is_packed:
        headers["Content-Encoding"] = "gzip"
    return Response(file.read_bytes(), media_type=_TYPES[found[1]], headers=headers)


def _make(scene: Scene, folder: Path) -> None:
    """Make the tiles of a scene; those of other versions are thrown away."""
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        write_folder(folder, _with_packed(scene))
    except OSError:
        if not folder.is_dir():  # else another process has made them meanwhile
            raise
    for other in folder.parent.iterdir():
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)


def _with_packed(scene: Scene) -> Iterator[tuple[str, bytes]]:
    try:
        for name, content in tiles(scene):
            yield name, content
            yield name + _PACKED, gzip.compress(content, 6, mtime=0)
    except Invalid:
        return  # nothing to draw: every name is unknown
