"""3D Tiles over HTTP: made once, kept by what the model is, and nothing else can be read there."""

import asyncio
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from hapgang.app import tiles as made
from hapgang.app.folders import write_folder
from tests.living import Town, run

TILESET = "/api/scene/tiles/tileset.json"


def test_a_tileset_and_what_it_names(
    database: dict[str, Any], small_city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = []

    def counted(*words: Any) -> Any:
        times.append(words)
        return make(*words)

    make = made.tiles
    monkeypatch.setattr(made, "tiles", counted)

    async def then(town: Town) -> None:
        answers = await asyncio.gather(*(town.call("GET", TILESET) for _ in range(3)))
        assert {answer.status for answer in answers} == {200}
        assert len(times) == 1
        answer = answers[0]
        assert answer.headers["content-type"] == "application/json"
        tileset = answer.json()
        assert tileset["asset"]["version"] == "1.1"
        (child, *_) = tileset["root"]["children"]
        tile = await town.call("GET", f"/api/scene/tiles/{child['content']['uri']}")
        assert (tile.status, tile.body[:4]) == (200, b"glTF")
        assert tile.headers["content-type"] == "model/gltf-binary"
        packed = await town.call("GET", TILESET, headers={"accept-encoding": "gzip"})
        assert packed.headers["content-encoding"] == "gzip"
        assert json.loads(gzip.decompress(packed.body)) == tileset
        same = await town.call("GET", TILESET, headers={"if-none-match": answer.headers["etag"]})
        assert (same.status, same.body) == (304, b"")
        for name in ("moon.glb", "..%2Ftoken.key", "tileset.json.gz", "%2Fetc%2Fpasswd", "."):
            missing = await town.call("GET", f"/api/scene/tiles/{name}")
            assert missing.status == 404, name
            assert missing.json()["detail_ko"]

    kept = tmp_path / "state" / "tiles"
    (kept / "0-older").mkdir(parents=True)
    run(then, database, small_city, tmp_path / "state")
    assert len([*kept.iterdir()]) == 1  # those of an older model are gone
    run(then_again, database, small_city, tmp_path / "state")
    assert len(times) == 1  # kept over a restart


async def then_again(town: Town) -> None:
    assert (await town.call("GET", TILESET)).status == 200


def test_a_folder_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    folder = tmp_path / "out"

    def files(n: int) -> Any:
        for i in range(n):
            yield f"{i}.txt", b"x"
        if n == 2:
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        write_folder(folder, files(2))
    assert [*tmp_path.iterdir()] == []
    assert write_folder(folder, files(3)) == 3
    with pytest.raises(OSError, match=r"not empty|exists"):
        write_folder(folder, files(1))
    with pytest.raises(OSError, match="No space"):
        write_folder(folder, files(2), replace=True)
    assert len([*folder.iterdir()]) == 3
    assert write_folder(folder, files(1), replace=True) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert [path.name for path in folder.iterdir()] == ["0.txt"]
